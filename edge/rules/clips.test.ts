import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { packageRoot } from '../../platform/paths.ts';
import type { Concept, Cover, Detection, Load } from '../domain/detection.ts';
import type { Finding } from '../domain/rule.ts';
import { initTracker, stepTracker } from '../tracker/index.ts';
import { contextOf, ruleOf } from './index.ts';

type Truth = {
  fps: number;
  camera: { kind: 'street' | 'heritage' | 'bike' | 'gate'; zones: ZoneConfig[] };
  violations: { kind: string; zone: string; from: number; to: number; detail: Record<string, unknown> }[];
};
type Row = {
  t: number;
  objects: { class: Concept; box: BoxXywh; visible: number; load?: Load; cover?: Cover }[];
};

const folder = join(packageRoot(), 'test-media/clips');
const clips = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.truth.json'))
      .map((name) => name.slice(0, -'.truth.json'.length))
  : [];

/** The true boxes of a clip, through tracker and rules: what the rules make of a perfect detector. */
function play(clip: string, keepEvery = 1): { truth: Truth; findings: Finding[] } {
  const truth = JSON.parse(readFileSync(join(folder, `${clip}.truth.json`), 'utf8')) as Truth;
  const rows = readFileSync(join(folder, `${clip}.boxes.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .filter((_, i) => i % keepEvery === 0);
  const camera = {
    kind: truth.camera.kind,
    calendar: { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] },
    composites: [],
  };
  const lines = truth.camera.zones.map((zone) => {
    const rule = ruleOf(zone.kind);
    return { rule, context: contextOf(zone, camera), state: rule.init() };
  });
  let tracker = initTracker();
  const findings: Finding[] = [];
  for (const { t, objects } of rows) {
    const detections = objects
      .filter(({ visible }) => visible >= 0.3)
      .map(
        ({ class: concept, box, load, cover }): Detection => ({
          ...{ concept, label: concept, score: 0.9, box },
          ...(load && { load }),
          ...(cover && { cover }),
        }),
      );
    const at = Math.round(t * 1000);
    const step = stepTracker(tracker, detections, at);
    tracker = step.state;
    const scene = { at, tracks: step.tracks, view: 'watched' as const, viewReasons: [], aspect: 16 / 9 };
    for (const line of lines) {
      const result = line.rule.step(line.state, scene, line.context);
      line.state = result.state;
      findings.push(...result.findings);
    }
  }
  return { truth, findings };
}

describe.skipIf(clips.length === 0)('the shipped clips with a perfect detector', () => {
  test.each(clips)('%s: every violation once, nothing else', (clip) => {
    for (const keepEvery of [1, 5]) {
      const { truth, findings } = play(clip, keepEvery);
      const starts = findings.filter(({ phase }) => phase === 'start');
      const summary = starts.map(({ kind, startedAt }) => `${kind} ${startedAt / 1000}`).join(', ');
      expect(starts.length, `${clip}: ${summary}`).toBe(truth.violations.length);
      for (const wanted of truth.violations) {
        const found = starts.filter(
          ({ kind, startedAt }) =>
            kind === wanted.kind && startedAt >= wanted.from * 1000 && startedAt <= wanted.to * 1000 + 2000,
        );
        expect(found.length, `${clip} wants ${wanted.kind} from ${wanted.from}: ${summary}`).toBeGreaterThanOrEqual(1);
      }
    }
  });
});
