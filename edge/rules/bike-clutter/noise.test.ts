// The faults are drawn by the seeds given: a run of bad luck would be a false alarm of the test, not of the rule.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh, Polygon } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import {
  type Actor,
  type Noise,
  type Play,
  perfect,
  playRule,
  poor,
  randomOf,
} from '../../../tests/edge/noisy-detector.ts';
import type { Finding, RuleContext } from '../../domain/rule.ts';
import { resolveParams } from '../params.ts';
import { type BikeClutterState, bikeClutter } from './rule.ts';

const HOLD = 20;
const [W, H] = [0.06, 0.1];
const across = (y0: number, y1: number, x0 = 0.02, x1 = 0.98): Polygon => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const zone: ZoneConfig<'bike-clutter'> = {
  id: 'apron',
  kind: 'bike-clutter',
  polygon: across(0.3, 0.9),
  bays: [{ id: 'b1', polygon: across(0.6, 0.75, 0.5, 0.98), capacity: 5 }],
  sensitive: [{ id: 'tactile-1', surface: 'tactile', polygon: across(0.8, 0.88) }],
  params: {
    minCount: 8,
    holdSeconds: HOLD,
    endHoldSeconds: 6,
    bayHoldSeconds: HOLD,
    sensitiveCount: 3,
    sensitiveHoldSeconds: HOLD,
  },
};
const context: RuleContext<'bike-clutter'> = {
  zone,
  params: resolveParams(zone, 'bike'),
  calendar: { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] },
  cameraKind: 'bike',
  composites: [],
};
const play = (actors: readonly Actor[], options: Play<BikeClutterState>) =>
  playRule(bikeClutter, context, actors, options).findings;

/** A bike that rides in from the front, stands, and is taken away at once. */
function bike(x: number, foot: number, from = 0, to = 1e6): Actor {
  const boxAt = (second: number): BoxXywh | null => {
    if (second < from - 3 || second >= to) return null;
    const out = Math.min(0, second - from);
    return [x + 0.2 * W * out, foot - H - 1.2 * H * out, W, H];
  };
  return { concept: 'bicycle', boxAt };
}
/** Somebody on a bike: his head well above it, his feet on the pedals. */
function rider(where: (second: number) => readonly [number, number] | null): Actor[] {
  const at = (second: number, box: (x: number, foot: number) => BoxXywh) => {
    const spot = where(second);
    return spot ? box(...spot) : null;
  };
  return [
    { concept: 'bicycle', boxAt: (second) => at(second, (x, foot) => [x, foot - H, W, H]) },
    { concept: 'person', boxAt: (second) => at(second, (x, foot) => [x + 0.015, foot - 1.7 * H, 0.03, 1.6 * H]) },
  ];
}
const walker = (speed: number, foot: number, offset = 0): Actor => ({
  concept: 'person',
  boxAt: (second) => [((((offset + speed * second) % 1.4) + 1.4) % 1.4) - 0.2, foot - 0.17, 0.03, 0.17],
});
const walkers = [walker(0.06, 0.46), walker(-0.05, 0.57, 0.5)];
const rows = (count: number, from: (i: number) => number = () => 0, to?: number): Actor[] =>
  Array.from({ length: count }, (_, i) =>
    bike(0.06 + (i % 6) * 0.075, i < 6 ? 0.45 : 0.56, from(i), to === undefined ? undefined : to + i * 0.3),
  );
const starts = (findings: readonly Finding<'bike-clutter'>[]) => findings.filter(({ phase }) => phase === 'start');

describe('with a poor detector: four boxes in five, jitter, doubles, ghosts', () => {
  test('one event, begun when the count was reached, told within two seconds of due', () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 24; seed++) {
      const random = randomOf(seed * 31);
      const times = Array.from({ length: 9 }, (_, i) => 4 + i * 1.5 + random());
      const reached = times[7] as number;
      const actors = [...rows(8 + (seed % 2), (i) => times[i] as number), ...walkers];
      const found = starts(play(actors, { seconds: 50, noise: poor, seed }));
      expect(found.length, `seed ${seed}`).toBe(1);
      const begun = (found[0]?.startedAt ?? 0) / 1000;
      expect(begun, `seed ${seed}`).toBeGreaterThanOrEqual(reached - 0.7);
      expect(begun, `seed ${seed}`).toBeLessThanOrEqual(reached + 6);
      delays.push((found[0]?.at ?? 0) / 1000 - reached - HOLD);
    }
    delays.sort((a, b) => a - b);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThanOrEqual(1);
    expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThanOrEqual(2.5);
  });

  const lorry: Actor = { concept: 'truck', boxAt: () => [0.05, 0.32, 0.6, 0.4] };
  test.each<[string, Actor[]]>([
    ['seven parked', [...rows(7), ...walkers]],
    ['riders passing', [0, 1, 2, 3].flatMap((i) => rider((s) => [((s * 0.1 + i * 0.3) % 1.2) - 0.1, 0.5 + i * 0.02]))],
    [
      'a lane of bikes whose riders nobody sees',
      Array.from(
        { length: 40 },
        (_, i): Actor => ({
          concept: 'bicycle',
          boxAt: (s) => (s < 2 * i || s > 2 * i + 10 ? null : [0.1 * (s - 2 * i), 0.45, W, H]),
        }),
      ),
    ],
    [
      'riders at a red light',
      Array.from({ length: 10 }, (_, i) =>
        rider((s) => (s > 60 ? null : [0.05 + (i % 5) * 0.09, 0.47 + 0.1 * Math.floor(i / 5)])),
      ).flat(),
    ],
    ['bikes on a lorry', [...rows(10), lorry]],
    ['a bay that is exactly as full as allowed', Array.from({ length: 6 }, (_, i) => bike(0.51 + i * 0.07, 0.7))],
    ['two on the tactile paving', [bike(0.2, 0.85), bike(0.3, 0.85), ...walkers]],
    ['gone before the hold', [...rows(8, () => 4, 4 + HOLD - 6), ...walkers]],
  ])('%s: no event', (_, actors) => {
    for (let seed = 1; seed <= 10; seed++) {
      expect(play(actors, { seconds: 70, noise: poor, seed }), `seed ${seed}`).toEqual([]);
    }
  });

  test.each<[string, Actor[], string, string | undefined]>([
    ['a bay too full', Array.from({ length: 7 }, (_, i) => bike(0.51 + i * 0.065, 0.7)), 'bay-overfull', 'b1'],
    ['three on the tactile paving', [0.2, 0.3, 0.4].map((x) => bike(x, 0.85)), 'sensitive-surface', 'tactile-1'],
    ['nine in a heap', rows(9), 'outside-bay', undefined],
  ])('%s', (_, actors, reason, place) => {
    for (let seed = 1; seed <= 10; seed++) {
      const found = play([...actors, ...walkers], { seconds: 50, noise: poor, seed });
      expect(found.map(({ phase, detail }) => [phase, detail.reason, detail.place])).toEqual([
        ['start', reason, place],
      ]);
    }
  });

  test('a bus that hides half of the bikes for a while costs at most that while', () => {
    const bus: Actor = {
      concept: 'bus',
      boxAt: (second) => (second >= 10 && second < 18 ? [0.02, 0.35, 0.3, 0.3] : null),
    };
    const hiding = rows(8).map(
      (actor, i): Actor => ({
        ...actor,
        boxAt: (second) => (second >= 10 && second < 18 && i % 6 < 3 ? null : actor.boxAt(second)),
      }),
    );
    for (let seed = 1; seed <= 10; seed++) {
      const found = play([...hiding, bus], { seconds: 60, noise: poor, seed });
      expect(found.map(({ phase }) => phase)).toEqual(['start']);
      expect(found[0]?.at).toBeLessThanOrEqual((HOLD + 10) * 1000);
    }
  });
});

describe('properties', () => {
  const plan = fc.record({
    count: fc.constantFrom(5, 6, 9, 10, 12),
    stay: fc.integer({ min: 8, max: 45 }),
    seed: fc.nat(10_000),
  });
  const actorsOf = ({ count, stay }: { count: number; stay: number }) => [
    ...rows(count, (i) => 3 + i * 0.5, 3 + count * 0.5 + stay),
    ...walkers,
  ];
  const summary = (findings: readonly Finding<'bike-clutter'>[], by = 0) =>
    findings.map(({ phase, at, startedAt, detail }) => [phase, at - by, startedAt - by, detail]);

  test('1, 2, 5 or 10 frames a second: the same events within the rule’s tolerance', () => {
    fc.assert(
      fc.property(plan, (given) => {
        fc.pre(Math.abs(given.stay - HOLD) > 6);
        const actors = actorsOf(given);
        const seconds = given.stay + 30;
        const usual = play(actors, { seconds, noise: poor, seed: given.seed });
        for (const fps of [1, 2, 10]) {
          const other = play(actors, { seconds, fps, noise: poor, seed: given.seed });
          expect(other.map(({ phase }) => phase)).toEqual(usual.map(({ phase }) => phase));
          const tolerance = 2500 + (4 * 1000) / Math.min(fps, 5);
          for (const [i, { at }] of other.entries()) {
            expect(Math.abs(at - (usual[i]?.at ?? 0)), `${fps} fps`).toBeLessThanOrEqual(tolerance);
          }
        }
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  test('switched identities, JSON at any step and a time shift change nothing but ids and times', () => {
    fc.assert(
      fc.property(
        plan,
        fc.constantFrom<Noise>(perfect, poor),
        fc.integer({ min: 0, max: 10 ** 10 }),
        (given, noise, startAt) => {
          const actors = actorsOf(given);
          const options = { seconds: 45, noise, seed: given.seed };
          const base = play(actors, options);
          const random = randomOf(given.seed);
          const switched = play(actors, {
            ...options,
            scene: (scene) => ({
              ...scene,
              tracks: scene.tracks.map((t) => (random() < 0.3 ? { ...t, id: Math.floor(random() * 500) } : t)),
            }),
          });
          expect(summary(switched)).toEqual(summary(base));
          const between = (state: BikeClutterState, frame: number) =>
            frame % 5 === given.seed % 5 ? (JSON.parse(JSON.stringify(state)) as BikeClutterState) : state;
          expect(play(actors, { ...options, between })).toEqual(base);
          expect(summary(play(actors, { ...options, startAt }), startAt)).toEqual(summary(base));
        },
      ),
      { numRuns: 10, seed: 7 },
    );
  });

  test('unknown time is neither presence nor absence', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60 }), fc.boolean(), fc.nat(1000), (length, dark, seed) => {
        const found = play(rows(9), {
          seconds: 45 + length,
          noise: poor,
          seed,
          scene: (scene, second) => {
            if (second < 12 || second >= 12 + length) return scene;
            return dark ? { ...scene, view: 'blind', viewReasons: ['dark'], tracks: [] } : null;
          },
        });
        expect(found.map(({ phase }) => phase)).toEqual(['start']);
        expect(found[0]?.startedAt).toBeLessThan(3000);
        expect(Math.abs((found[0]?.at ?? 0) / 1000 - HOLD - length)).toBeLessThanOrEqual(3);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});
