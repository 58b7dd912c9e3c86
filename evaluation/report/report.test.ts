import { describe, expect, it } from 'vitest';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { scoreOutcomes } from '../scoring/event-match.ts';
import type { ClipScore, Failure } from '../scoring/score-clip.ts';
import { binDelays } from './delay-chart.ts';
import { explain } from './failure-text.ts';
import { bilingual, html, table } from './html.ts';
import { type MediaReport, reportMedia } from './media-report.ts';
import { renderReport } from './page.ts';

const evil = '<img src=x onerror="alert(1)">&';
const scene = { world: 'school', light: 'night', weather: 'rain' };
const truth = { kind: 'muck-truck', zone: 'z', from: 1, to: 9, dueAt: 5, detail: { load: evil } } as const;
const seen = { id: 'a', kind: 'muck-truck', zone: evil, start: 3, reported: 4.5, detail: { direction: evil } } as const;
const missed = { verdict: 'missed', kind: 'muck-truck', truth } as const;
const wrong = { verdict: 'false', kind: 'muck-truck', seen } as const;
const failureOf = (outcome: Failure['outcome'], others: Failure['others']): Failure => ({
  clip: evil,
  outcome,
  others,
  zone: undefined,
  moments: [{ what: 'due', seconds: 5, truths: [], detections: [] }],
});
const score = {
  report: {
    clip: evil,
    scene,
    negatives: ['awnings'],
    seconds: 3600,
    frames: 1,
    inferred: 1,
    events: scoreOutcomes([missed, wrong]),
    outcomes: [missed, wrong],
    passes: [],
  },
  kinds: ['muck-truck'],
  truths: [{ image: `${evil}@0`, label: evil, box: [0, 0, 50, 50] }],
  found: [],
  beds: [],
  failures: [],
} as unknown as ClipScore;
const facts = {
  program: { name: 'kerbwatch', version: evil },
  model: { name: evil, version: '1', sha256: 'a'.repeat(64) },
  concepts: [evil],
  media: [{ clip: evil, seed: 3, sha256: 'b', truthSha256: 'c', boxesSha256: null }],
  wallSeconds: 60,
};
const report = reportMedia([score], facts);
const shown = [failureOf(missed, [wrong]), failureOf(wrong, [missed])].map((failure) => ({
  failure,
  scene,
  pictures: [{ src: 'data:image/jpeg;base64,AAAA', width: 96, height: 54 }],
}));

describe('the page', () => {
  const page = renderReport(report, shown);
  it('lets nothing through unescaped', () => {
    expect(page).not.toContain('<img src=x');
    expect(page.match(/<img /g)).toHaveLength(2);
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;');
  });
  it('says first, in both languages, that the scenes are rendered', () => {
    const body = page.slice(page.indexOf('<main>'));
    expect(body).toMatch(
      /^<main><p class="origin"><span class="zh" lang="zh-CN">[^<]*渲染场景[^<]*<\/span><span class="en"/,
    );
    expect(body.slice(0, 400)).toContain('rendered scenes; no claim about accuracy on real streets');
    const real = { ...facts, media: facts.media.map((file) => ({ ...file, seed: null })) };
    expect(renderReport(reportMedia([score], real), [])).toContain('do not say whether they are rendered');
  });
  it('calls composite clips that, and apart from rendered ones', () => {
    const composite = facts.media.map((file) => ({ ...file, composite: true }));
    const onReal = reportMedia([score], { ...facts, media: composite });
    expect(onReal.origin).toBe('composite');
    expect(renderReport(onReal, []).slice(0, 20_000)).toContain('rendered things before real street video');
    expect(reportMedia([score], { ...facts, media: [...composite, ...facts.media] }).origin).toBe('mixed');
  });
  it('asks nothing of the network', () => {
    expect(page.match(/(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/url\(|@import|https?:/);
  });
  it('says what has no case', () => {
    const empty = renderReport({ ...report, ...reportMedia([], facts) } as MediaReport, []);
    expect(empty).toContain('没有漏报，也没有误报');
    expect(empty).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('what is said of a failure', () => {
  it('a miss: the truth, and events that did not match', () => {
    const { truth: said, line } = explain(failureOf(missed, [wrong]));
    expect(said.en).toContain('zone z, 1.0–9.0 s, due at 5.0 s');
    expect(line.en).toContain('begun at 3.0 s, reported at 4.5 s');
    expect(explain(failureOf(missed, [])).line.en).toBe('no further event of this kind');
  });
  it('a false alarm: no violation, or one that another event reported', () => {
    const found = { verdict: 'found', kind: 'muck-truck', truth, seen, delay: 0 } as const;
    expect(explain(failureOf(wrong, [])).truth.en).toBe('no such violation in the clip');
    expect(explain(failureOf(wrong, [found])).truth.en).toContain('reported by another event');
  });
});

it('delays fall into bars of half a second, 0 always among them', () => {
  const none = Object.fromEntries(violationKinds.map((kind) => [kind, []])) as unknown as Record<ViolationKind, []>;
  const bins = binDelays({ ...none, 'road-stall': [1, 1.2, 1.5, -0.2, 90] });
  expect(bins[0]).toMatchObject({ from: -0.5, counts: { 'road-stall': 1 } });
  expect(bins.find(({ from }) => from === 0)?.counts['road-stall']).toBe(0);
  expect(bins.find(({ from }) => from === 1)?.counts['road-stall']).toBe(2);
  expect(bins.at(-1)).toMatchObject({ from: 10, counts: { 'road-stall': 1 } });
  expect(binDelays(none)).toEqual([]);
  for (const kind of violationKinds) expect(bins.every((bin) => bin.counts[kind] >= 0)).toBe(true);
});

it('markup is only what `html` made', () => {
  expect(html`<b>${'<i>'}</b>`.html).toBe('<b>&lt;i&gt;</b>');
  expect(bilingual({ zh: '<', en: "'" }).html).toContain('&lt;');
  expect(table(['a'], [['<td>']]).html).toContain('&lt;td&gt;');
});
