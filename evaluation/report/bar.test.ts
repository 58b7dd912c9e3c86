import { describe, expect, it } from 'vitest';
import { AppError } from '../../platform/app-error.ts';
import { shareOf } from '../metrics/share.ts';
import type { ClipScore } from '../scoring/score-clip.ts';
import { faultsUnderBar, parseBar, proposeBar } from './bar.ts';
import { type MediaReport, reportMedia } from './media-report.ts';

/** What one clip gives: one stall found two seconds late or missed, boxes found or not, a truck called right or not. */
function reportOf(how: {
  found?: boolean;
  delay?: number;
  boxes?: boolean;
  said?: string;
  alarm?: boolean;
  subKind?: string;
}): MediaReport {
  const truth = {
    kind: 'road-stall',
    zone: 'z',
    from: 0,
    to: 20,
    dueAt: 10,
    detail: { subKind: 'road' },
  } as const;
  const seen = {
    id: 'a',
    kind: 'road-stall',
    zone: 'z',
    start: 0,
    reported: 11,
    detail: { subKind: how.subKind ?? 'road' },
  } as const;
  const kind = 'road-stall' as const;
  const outcomes = [
    how.found === false
      ? { verdict: 'missed' as const, kind, truth }
      : { verdict: 'found' as const, kind, truth, seen, delay: how.delay ?? 1 },
    ...(how.alarm ? [{ verdict: 'false' as const, kind, seen }] : []),
  ];
  const bed = { load: 'loaded', cover: 'covered' };
  const said = { load: 'loaded', cover: how.said ?? 'covered' };
  const box = [0, 0, 50, 50] as const;
  const score = {
    report: {
      clip: 'x.mp4',
      scene: { world: 'school', light: 'day', weather: 'dry' },
      negatives: [],
      seconds: 30,
      frames: 150,
      inferred: 150,
      events: {},
      outcomes,
      passes: [{ pass: { zone: 'z', direction: 'outbound', at: 4, bed }, said }],
    },
    kinds: ['road-stall'],
    truths: [{ image: 'x.mp4@0', label: 'stall', box }],
    found: how.boxes === false ? [] : [{ image: 'x.mp4@0', label: 'stall', box, score: 0.9 }],
    beds: [{ truth: bed, said }],
    failures: [],
  } as unknown as ClipScore;
  const model = { name: 'kerb-s', version: '1.0.0', sha256: 'a'.repeat(64) };
  const facts = { program: { name: 'kerbwatch', version: '1' }, model, concepts: ['stall'], media: [], wallSeconds: 1 };
  return reportMedia([score], facts);
}

const bar = proposeBar(reportOf({}));
const under = (report: MediaReport) => faultsUnderBar(report, bar).map(({ path }) => path);

describe('the bar', () => {
  it('is what was reached, boxes with a little slack', () => {
    expect(bar).toMatchObject({
      events: { 'road-stall': { precision: 1, recall: 1 } },
      reasons: { 'road-stall/road': { precision: 1, recall: 1 } },
      mostFalseAlarms: 0,
      mostMedianDelaySeconds: 2,
      boxes: { ap50: 0.98, byClass: { stall: 0.98 } },
      passes: { load: 1, cover: 1 },
      frames: { load: 0.98, cover: 0.98 },
    });
    expect(parseBar(JSON.stringify(bar), 'bar.json')).toEqual(bar);
    expect(under(reportOf({}))).toEqual([]);
  });

  it.each([
    ['a miss', { found: false }, ['events.road-stall.recall', 'reasons.road-stall/road.recall']],
    [
      'a false alarm',
      { alarm: true },
      ['events.road-stall.precision', 'reasons.road-stall/road.precision', 'mostFalseAlarms'],
    ],
    ['a wrong reason', { subKind: 'roaming' }, ['reasons.road-stall/road.recall']],
    ['a late report', { delay: 2.2 }, ['mostMedianDelaySeconds (road-stall)']],
    ['boxes gone', { boxes: false }, ['boxes.ap50', 'boxes.byClass.stall']],
    ['a cover called wrong', { said: 'uncovered' }, ['passes.cover', 'frames.cover']],
  ])('%s falls under it', (_, how, paths) => expect(under(reportOf(how))).toEqual(paths));

  it('what it asks for and the run has no case of is under it too', () => {
    const report = reportOf({});
    const without = { ...report, boxes: { ...report.boxes, byClass: [] } };
    expect(under(without)).toEqual(['boxes.byClass.stall']);
    const noTruck = { ...report.trucks.passes.cover, right: shareOf(0, 0) };
    const trucks = { ...report.trucks, passes: { ...report.trucks.passes, cover: noTruck } };
    expect(under({ ...report, trucks })).toEqual(['passes.cover']);
  });

  it('a bar that is none is refused with every fault', () => {
    const parse = () => parseBar(JSON.stringify({ ...bar, boxes: { ap50: 2 }, mostFalseAlarms: -1 }), 'bar.json');
    try {
      parse();
    } catch (error) {
      expect((error as AppError).faults.map(({ path }) => path).sort()).toEqual([
        'boxes.ap50',
        'boxes.byClass',
        'mostFalseAlarms',
      ]);
    }
    expect(parse).toThrow(AppError);
  });
});
