import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { trackRows } from '../../evaluation/run/track-file.ts';
import { parseMot } from '../../evaluation/truth/mot-file.ts';
import { scoreTracks } from '../../tests/edge/clear-mot.ts';
import { needs, sharedFile } from '../../tests/needs.ts';
import type { Concept, Detection, Track } from '../domain/detection.ts';
import { initTracker, outlinesOf, stepTracker, type TrackerState } from './index.ts';

function see(box: BoxXywh, concept: Concept = 'person', score = 0.9): Detection {
  return { concept, label: concept, score, box };
}

function run(frames: readonly { at: number; detections: readonly Detection[] }[]): (readonly Track[])[] {
  let state = initTracker();
  return frames.map(({ at, detections }) => {
    const step = stepTracker(state, detections, at);
    state = step.state;
    return step.tracks;
  });
}

const tenths = (value: number) => Math.round(value * 10) / 10;

function rowsOf(path: string) {
  const file = sharedFile(path);
  const parsed = parseMot(file ? readFileSync(file, 'utf8') : 'missing');
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  return parsed.rows;
}

describe.skipIf(!needs('shared'))('SORT’s own detections', () => {
  // SORT's table for the same detections: recall, precision, ID switches, MOTA.
  const sort = {
    'TUD-Campus': { recall: 68.5, precision: 94.3, idSwitches: 6, mota: 62.7 },
    'KITTI-17': { recall: 67.1, precision: 92.3, idSwitches: 9, mota: 60.2 },
  };
  test.each([
    ['TUD-Campus', 25],
    ['TUD-Campus', 30],
    ['KITTI-17', 10],
    ['KITTI-17', 25],
    ['KITTI-17', 30],
  ] as const)('%s at %d frames a second is no worse than SORT', (name, fps) => {
    const truth = rowsOf(`mot/${name}/gt/gt.txt`).filter((row) => row.score === 1);
    const score = scoreTracks(truth, trackRows(rowsOf(`mot/${name}/det-sort/det.txt`), fps));
    const peer = sort[name];
    // The table has one decimal: SORT's own precision on TUD-Campus is 94.25.
    expect(tenths(score.recall)).toBeGreaterThanOrEqual(peer.recall);
    expect(tenths(score.precision)).toBeGreaterThanOrEqual(peer.precision);
    expect(score.idSwitches).toBeLessThanOrEqual(peer.idSwitches);
    expect(tenths(score.mota)).toBeGreaterThanOrEqual(peer.mota);
  });
});

describe('identity', () => {
  test.each([1, 2, 5, 10, 25, 30])('a walker keeps one identity at %d frames a second', (fps) => {
    const frames = Array.from({ length: fps * 6 }, (_, i) => ({
      at: (i * 1000) / fps,
      detections: [see([0.1 + (0.04 * i) / fps, 0.4, 0.05, 0.2])],
    }));
    expect(new Set(run(frames).flatMap((tracks) => tracks.map((t) => t.id))).size).toBe(1);
  });

  test('two that cross keep their identities', () => {
    const frames = Array.from({ length: 60 }, (_, i) => ({
      at: i * 100,
      detections: [see([0.2 + i * 0.006, 0.4, 0.05, 0.2]), see([0.55 - i * 0.006, 0.43, 0.05, 0.2])],
    }));
    const tracks = run(frames);
    const first = tracks[0]?.map((t) => t.id);
    const last = tracks.at(-1)?.map((t) => [t.id, t.box[0]] as const);
    expect(last?.find(([id]) => id === first?.[0])?.[1]).toBeCloseTo(0.2 + 59 * 0.006, 9);
  });

  test('a weak sight keeps a track alive and founds none', () => {
    const box: BoxXywh = [0.4, 0.4, 0.1, 0.2];
    const tracks = run([
      { at: 0, detections: [see(box, 'person', 0.2)] },
      { at: 100, detections: [see(box)] },
      { at: 200, detections: [see(box, 'person', 0.2)] },
    ]);
    expect(tracks.map((list) => list.map((t) => [t.id, t.hits]))).toEqual([[], [[1, 1]], [[1, 2]]]);
  });

  test('a truck that is called a car for a moment stays; a person in its place is another', () => {
    const box: BoxXywh = [0.4, 0.4, 0.2, 0.2];
    const ids = run([
      { at: 0, detections: [see(box, 'truck')] },
      { at: 100, detections: [see(box, 'car')] },
      { at: 200, detections: [see(box, 'person')] },
    ]).map((tracks) => tracks[0]?.id);
    expect(ids).toEqual([1, 1, 2]);
  });

  test('a lost track is found again within its time and forgotten after it', () => {
    const box: BoxXywh = [0.4, 0.4, 0.1, 0.2];
    const look = (missing: number) =>
      run([
        ...[0, 100, 200].map((at) => ({ at, detections: [see(box)] })),
        ...Array.from({ length: missing }, (_, i) => ({ at: 300 + i * 100, detections: [] })),
        { at: 300 + missing * 100, detections: [see(box)] },
      ]).at(-1)?.[0]?.id;
    expect(look(15)).toBe(1);
    expect(look(40)).toBe(2);
  });

  test('only real sights of the instant are reported, with the detector’s own box', () => {
    const tracks = run([
      { at: 0, detections: [see([0.4, 0.4, 0.1, 0.2])] },
      { at: 100, detections: [] },
      { at: 200, detections: [see([0.41, 0.4, 0.1, 0.2])] },
    ]);
    expect(tracks[1]).toEqual([]);
    expect(tracks[2]?.[0]).toMatchObject({ box: [0.41, 0.4, 0.1, 0.2], bornAt: 0, seenAt: 200, hits: 2 });
  });
});

test('outlines are of what was really seen, and tremble less than the detector', () => {
  let state = initTracker();
  const tremble = (i: number) => (i % 2 ? 0.01 : -0.01);
  for (let i = 0; i < 20; i++) {
    state = stepTracker(
      state,
      [see([0.4 + tremble(i), 0.4, 0.1, 0.2]), ...(i < 10 ? [see([0.7, 0.4, 0.1, 0.2])] : [])],
      i * 40,
    ).state;
  }
  const outlines = outlinesOf(state);
  expect(outlines.map(({ id }) => id)).toEqual([1]);
  expect(Math.abs((outlines[0]?.box[0] ?? 0) - 0.4)).toBeLessThan(0.008);
  expect(outlines[0]?.box.slice(2)).toEqual([expect.closeTo(0.1, 9), expect.closeTo(0.2, 9)]);
});

const unit = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const detection = fc
  .tuple(unit, unit, unit, unit, unit, fc.constantFrom<Concept>('person', 'car', 'stall'))
  .map(([x, y, w, h, score, concept]) => see([x, y, 0.02 + w / 4, 0.02 + h / 4], concept, score));
const stream = fc.array(
  fc.record({ gap: fc.integer({ min: 20, max: 3000 }), detections: fc.array(detection, { maxLength: 6 }) }),
  { maxLength: 15 },
);

function steps(frames: readonly { gap: number; detections: Detection[] }[], wash: (s: TrackerState) => TrackerState) {
  let state = initTracker();
  let at = 0;
  return frames.map(({ gap, detections }) => {
    at += gap;
    const step = stepTracker(wash(state), detections, at);
    state = step.state;
    return step.tracks;
  });
}

test('any stream: unique identities a frame, ids never reused, JSON in mid-run changes nothing', () => {
  fc.assert(
    fc.property(stream, (frames) => {
      const plain = steps(frames, (state) => state);
      expect(steps(frames, (state) => JSON.parse(JSON.stringify(state)) as TrackerState)).toEqual(plain);
      plain.forEach((tracks, i) => {
        expect(new Set(tracks.map((t) => t.id)).size).toBe(tracks.length);
        expect(tracks.length).toBeLessThanOrEqual(frames[i]?.detections.length ?? 0);
        for (const track of tracks) expect(track.box.every(Number.isFinite)).toBe(true);
      });
    }),
  );
});
