// The faults are drawn by the seeds given: a run of bad luck would be a false alarm of the test, not of the rule.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh, Polygon } from '../../contracts/geometry.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { type Actor, type Noise, type Play, perfect, playRule, poor } from '../../tests/edge/noisy-detector.ts';
import type { Concept } from '../domain/detection.ts';
import type { RuleContext } from '../domain/rule.ts';
import { type BikeClutterState, bikeClutter } from './bike-clutter/rule.ts';
import { resolveParams } from './params.ts';
import { type RoadStallState, roadStall } from './road-stall/rule.ts';

const square = (x0: number, y0: number, x1: number, y1: number): Polygon => [
  [x0, y0],
  [x1, y0],
  [x1, y1],
  [x0, y1],
];
const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
const street: ZoneConfig<'road-stall'> = { id: 's', kind: 'road-stall', polygon: square(0.1, 0.1, 0.9, 0.9) };
const apron: ZoneConfig<'bike-clutter'> = {
  ...{ id: 'b', kind: 'bike-clutter', polygon: square(0, 0.2, 1, 0.9) },
  bays: [{ id: 'bay', capacity: 2, polygon: square(0, 0.6, 1, 0.9) }],
};
const stallContext: RuleContext<'road-stall'> = {
  ...{ zone: street, params: resolveParams(street, 'street'), calendar, cameraKind: 'street', composites: [] },
};
const bikeContext: RuleContext<'bike-clutter'> = {
  ...{ zone: apron, params: resolveParams(apron, 'bike'), calendar, cameraKind: 'bike', composites: [] },
};

const stands = (concept: Concept, box: BoxXywh, from = 0, to = Number.POSITIVE_INFINITY): Actor => ({
  concept,
  boxAt: (second) => (second >= from && second < to ? box : null),
});
const stall = (x: number, from?: number, to?: number) => stands('stall', [x, 0.4, 0.1, 0.2], from, to);
const bike = (x: number, y: number) => stands('bicycle', [x, y, 0.06, 0.1]);

const stalls = (actors: readonly Actor[], options: Play<RoadStallState>) =>
  playRule(roadStall, stallContext, actors, options).observations;
const bikes = (actors: readonly Actor[], options: Play<BikeClutterState>) =>
  playRule(bikeClutter, bikeContext, actors, options).observations;

test('stalls that stand in the zone, once a minute, before any of them is an event', () => {
  const counts = stalls([stall(0.2, 70), stall(0.4, 70, 200), stall(0.92)], { seconds: 290 });
  expect(counts.map(({ at, observed }) => [at / 60_000, observed.stalls])).toEqual([
    [0, 0],
    [1, 0],
    [2, 2],
    [3, 2],
    [4, 1],
  ]);
});

test('a stall that moves on is none, nor is what the model doubts', () => {
  const passing: Actor = { concept: 'stall', boxAt: (second) => [0.05 * second - 2.5, 0.4, 0.1, 0.2] };
  expect(stalls([passing], { seconds: 130 }).map(({ observed }) => observed.stalls)).toEqual([0, 0, 0]);
  const doubted = stalls([stall(0.2)], {
    seconds: 130,
    scene: (scene) => ({ ...scene, tracks: scene.tracks.map((track) => ({ ...track, score: 0.36 })) }),
  });
  expect(doubted.map(({ observed }) => observed.stalls)).toEqual([0, 0, 0]);
});

test('bikes that stand in the zone, and those of them outside bays', () => {
  const counts = bikes([bike(0.1, 0.3), bike(0.3, 0.3), bike(0.5, 0.7), bike(0.5, 0.05)], { seconds: 130 });
  expect(counts.map(({ observed }) => observed)).toEqual([
    { bikes: 0, outsideBays: 0 },
    { bikes: 3, outsideBays: 2 },
    { bikes: 3, outsideBays: 2 },
  ]);
});

/** What happens to a state between two steps. */
type Between = <S extends object>(state: S, frame: number) => S;
type Observe = (options: Omit<Play<object>, 'between'>, between?: Between) => readonly { readonly at: number }[];
const untouched: Between = (state) => state;

describe.each<[string, Observe]>([
  ['stalls', (options, between = untouched) => stalls([stall(0.2), stall(0.5, 60, 170)], { ...options, between })],
  ['bikes', (options, between = untouched) => bikes([bike(0.1, 0.3), bike(0.5, 0.7)], { ...options, between })],
])('%s', (_name, observe) => {
  const run = fc.record({
    seed: fc.integer({ min: 1, max: 40 }),
    fps: fc.constantFrom(1, 2, 5),
    startAt: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    noise: fc.constantFrom<Noise>(perfect, poor),
    dark: fc.integer({ min: 0, max: 200 }),
  });
  const isDark = (second: number, from: number) => second >= from && second < from + 130;

  test('one for each minute in which the place was seen, and none for any other', () => {
    fc.assert(
      fc.property(run, ({ dark, ...options }) => {
        const seen = new Set<number>();
        const observed = observe({
          ...options,
          seconds: 300,
          scene: (scene, second) => {
            if (!isDark(second, dark)) seen.add(Math.floor(scene.at / 60_000));
            return isDark(second, dark) ? { ...scene, view: 'degraded', viewReasons: ['dark'] } : scene;
          },
        });
        expect(observed.map(({ at }) => Math.floor(at / 60_000))).toEqual([...seen]);
      }),
      { numRuns: 20 },
    );
  });

  test('a state of an older version, or one that went through JSON, counts on', () => {
    const through: Between = (state) => JSON.parse(JSON.stringify(state));
    expect(observe({ seconds: 200 }, through)).toEqual(observe({ seconds: 200 }));
    const older: Between = (state, frame) => (frame === 400 ? { ...state, observedAt: undefined } : state);
    // Nobody knows that this minute has been counted.
    expect(observe({ seconds: 200 }, older)).toHaveLength(observe({ seconds: 200 }).length + 1);
  });
});
