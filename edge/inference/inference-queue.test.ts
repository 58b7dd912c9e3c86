import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InferenceRequest } from '../domain/inference-request.ts';
import { createInferenceQueue } from './inference-queue.ts';

const gate = (camera: string): InferenceRequest => ({ camera, startWithinMs: 150, revisitMs: 1000 });
const street = (camera: string): InferenceRequest => ({ camera, startWithinMs: 2000, revisitMs: 10_000 });

type Camera = { readonly request: InferenceRequest; readonly everyMs: number };
type Begun = { readonly camera: string; readonly askedAt: number; readonly at: number };

/** Cameras that ask at their pace, one inference at a time each, and threads that take `serviceMs` an inference. */
function simulate(cameras: readonly Camera[], load: { serviceMs: number; threads: number; seconds: number }): Begun[] {
  const queue = createInferenceQueue<{ camera: Camera; askedAt: number }>({ threads: load.threads });
  for (let i = 0; i < 100; i++) queue.took(load.serviceMs, 0);
  const begun: Begun[] = [];
  const nextAsk = cameras.map((_, i) => (i * 37) % 200);
  const busyUntil = new Array<number>(load.threads).fill(0);
  const runs: { until: number; camera: number }[] = [];
  const asking = new Set<number>();
  for (let now = 0; now < load.seconds * 1000; now++) {
    for (const run of runs.filter(({ until }) => until <= now)) {
      runs.splice(runs.indexOf(run), 1);
      asking.delete(run.camera);
    }
    cameras.forEach((camera, i) => {
      if (asking.has(i) || now < (nextAsk[i] as number)) return;
      asking.add(i);
      // A frame that came during the last inference is the newest one now.
      nextAsk[i] = Math.max(now, (nextAsk[i] as number) + camera.everyMs);
      expect(queue.add({ camera, askedAt: now }, camera.request, 'whole', now)).toBe(true);
    });
    for (let thread = 0; thread < load.threads; thread++) {
      if ((busyUntil[thread] as number) > now) continue;
      const waiting = queue.size();
      const job = queue.next(now);
      // A thread never rests while someone waits.
      expect(job !== null).toBe(waiting > 0);
      if (!job) continue;
      busyUntil[thread] = now + load.serviceMs;
      runs.push({ until: now + load.serviceMs, camera: cameras.indexOf(job.camera) });
      begun.push({ camera: job.camera.request.camera, askedAt: job.askedAt, at: now });
    }
  }
  return begun;
}

/** The longest that an inference of the camera waited, or waits in the end, ms. */
function longestWait(begun: readonly Begun[], { request }: Camera, endMs: number): number {
  const mine = begun.filter(({ camera }) => camera === request.camera);
  return Math.max(...mine.map(({ at, askedAt }) => at - askedAt), endMs - (mine.at(-1)?.at ?? 0) - request.revisitMs);
}

const fleet = fc.record({
  gates: fc.integer({ min: 0, max: 30 }),
  streets: fc.integer({ min: 1, max: 60 }),
  gateFps: fc.integer({ min: 1, max: 10 }),
  streetMs: fc.integer({ min: 200, max: 4000 }),
  threads: fc.integer({ min: 1, max: 3 }),
});
const camerasOf = ({
  gates,
  streets,
  gateFps,
  streetMs,
}: {
  gates: number;
  streets: number;
  gateFps: number;
  streetMs: number;
}): Camera[] => [
  ...Array.from({ length: gates }, (_, i) => ({ request: gate(`gate-${i}`), everyMs: 1000 / gateFps })),
  ...Array.from({ length: streets }, (_, i) => ({ request: street(`street-${i}`), everyMs: streetMs })),
];

describe('the inference queue', () => {
  it('lets nobody wait beyond its revisit time, as long as that takes half of what the threads can do', () => {
    fc.assert(
      fc.property(fleet, fc.double({ min: 0.2, max: 0.5, noNaN: true }), ({ threads, ...rest }, share) => {
        const cameras = camerasOf(rest);
        const needed = cameras.reduce((sum, { request }) => sum + 1 / request.revisitMs, 0);
        const serviceMs = Math.min(60, Math.max(1, Math.floor((share * threads) / needed)));
        const begun = simulate(cameras, { serviceMs, threads, seconds: 30 });
        // An inference that runs is not broken off, and none is cut in two.
        for (const camera of cameras) {
          const longest = longestWait(begun, camera, 30_000);
          expect(longest - camera.request.revisitMs).toBeLessThanOrEqual(2 * serviceMs);
        }
      }),
      {
        numRuns: 20,
        // Fleets that were late once, all near half of the threads' time.
        examples: [
          [{ gates: 12, streets: 29, gateFps: 3, streetMs: 200, threads: 1 }, 0.4917],
          [{ gates: 26, streets: 48, gateFps: 10, streetMs: 3914, threads: 1 }, 0.499],
          [{ gates: 15, streets: 41, gateFps: 10, streetMs: 2780, threads: 1 }, 0.497],
          [{ gates: 17, streets: 56, gateFps: 9, streetMs: 2097, threads: 1 }, 0.499],
        ],
      },
    );
  });

  it('gives gates what they ask while streets wait, and streets no less than their due', () => {
    const cameras = camerasOf({ gates: 10, streets: 40, gateFps: 5, streetMs: 1000 });
    // 50 inferences a second for gates alone, 40 for streets, room for 66.
    const begun = simulate(cameras, { serviceMs: 15, threads: 1, seconds: 60 });
    const rate = (name: string) => begun.filter(({ camera, at }) => camera.startsWith(name) && at > 20_000).length / 40;
    expect(rate('gate')).toBeGreaterThan(49);
    expect(rate('street')).toBeGreaterThan(15);
    const late = begun.filter(({ camera, at, askedAt }) => camera.startsWith('gate') && at - askedAt > 150);
    expect(late).toEqual([]);
  });

  it('begins the earliest deadline first while nobody is pressed', () => {
    const queue = createInferenceQueue<string>({ threads: 1 });
    queue.add('street', street('s'), 'whole', 0);
    queue.add('gate', gate('g'), 'whole', 50);
    queue.add('tool', null, 'whole', 60);
    expect([queue.next(100), queue.next(110), queue.next(120), queue.next(130)]).toEqual([
      'gate',
      'street',
      'tool',
      null,
    ]);
  });

  it('takes one request a camera and part, and those without a request as they come', () => {
    const queue = createInferenceQueue<string>({ threads: 1 });
    expect(queue.add('a', gate('g'), 'whole', 0)).toBe(true);
    expect(queue.add('b', gate('g'), 'whole', 1)).toBe(false);
    expect(queue.add('c', gate('g'), 'region', 1)).toBe(true);
    expect(queue.add('d', null, 'whole', 2)).toBe(true);
    expect(queue.add('e', null, 'whole', 3)).toBe(true);
    expect(queue.size()).toBe(4);
    expect(queue.drain()).toEqual(['a', 'd', 'e', 'c']);
    expect(queue.next(9)).toBe(null);
  });

  it('begins regions only when no whole picture waits, and drops them when it is too late', () => {
    const queue = createInferenceQueue<string>({ threads: 1 });
    queue.add('far', street('a'), 'region', 0);
    queue.add('replayed', null, 'region', 0);
    queue.add('whole', street('b'), 'whole', 1000);
    expect(queue.next(1000)).toBe('whole');
    expect(queue.tooLate(1900)).toEqual([]);
    expect(queue.tooLate(2001)).toEqual(['far']);
    expect(queue.next(9000)).toBe('replayed');
  });

  it('counts late beginnings and the longest wait of about a minute, each camera its own', () => {
    const queue = createInferenceQueue<string>({ threads: 1 });
    const begin = (request: InferenceRequest, askedAt: number, at: number) => {
      queue.add('', request, 'whole', askedAt);
      queue.next(at);
    };
    begin(gate('g'), 0, 140);
    begin(gate('g'), 1000, 1400);
    begin(street('s'), 1000, 1400);
    expect(queue.waits('g', 2000)).toEqual({ lateLooks: 1, inferenceWaitMs: 400 });
    expect(queue.waits('s', 2000)).toEqual({ lateLooks: 0, inferenceWaitMs: 400 });
    expect(queue.waits('g', 58_000)).toEqual({ lateLooks: 1, inferenceWaitMs: 400 });
    expect(queue.waits('g', 61_000)).toEqual({ lateLooks: 1, inferenceWaitMs: 0 });
    expect(queue.waits('nobody', 0)).toEqual({ lateLooks: 0, inferenceWaitMs: 0 });
  });

  it('measures how busy its threads were within about the last minute', () => {
    const queue = createInferenceQueue<string>({ threads: 2 });
    for (let at = 0; at < 60_000; at += 100) queue.took(50, at);
    expect(queue.load(59_999)).toBeCloseTo(0.25, 2);
    expect(queue.load(75_000)).toBeCloseTo(0.25 * (30 / 45), 2);
    expect(queue.load(200_000)).toBe(0);
  });
});
