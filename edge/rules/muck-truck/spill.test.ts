import { describe, expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import {
  eventsOf,
  type GatePlay,
  gate,
  grey,
  heap,
  leaving,
  numbersOf,
  playWith,
  route,
  type Vehicle,
} from './fixtures/gate.ts';

const play = (options: GatePlay) => playWith({ init: initTracker, step: stepTracker }, options);

const covered = (from = 0, more: Partial<Vehicle> = {}) => leaving(from, { cover: 'covered', ...more });
const spilled = ['start spill', 'end spill'];
type Road = NonNullable<Parameters<typeof play>[0]['road']>;
const run = (road: Road, more: Partial<Parameters<typeof play>[0]> = {}) =>
  play({ vehicles: [covered()], seconds: 70, road, ...more });
const times =
  (road: Road, factor: (x: number, y: number, second: number) => number | readonly number[]): Road =>
  (x, y, second) => {
    const gain = factor(x, y, second);
    return road(x, y, second).map((value, i) => value * (typeof gain === 'number' ? gain : (gain[i] as number))) as [
      number,
      number,
      number,
    ];
  };
const clean: Road = () => grey;
const patch = (x: number, y: number) => x > 0.42 && x < 0.6 && y > 0.58 && y < 0.72;

const stands = (concept: NonNullable<Vehicle['concept']>, from: number, to: number): Vehicle => ({
  concept,
  path: [
    [from, 0.5, 0.68],
    [to, 0.5, 0.68],
  ],
});

describe('what is a spill', () => {
  test.each<[string, Road]>([
    ['soil', heap(9)],
    ['dark slurry', heap(9, undefined, [62, 50, 36])],
    ['sand', heap(9, undefined, [168, 150, 112])],
    ['soil while a cloud comes', times(heap(9), (_, __, s) => (s > 11 ? 0.6 : 1))],
    ['soil while the exposure steps up', times(heap(9), (_, __, s) => (s > 12 ? 1.5 : 1))],
    ['soil while the white balance drifts', times(heap(9), (_, __, s) => [1 + s / 300, 1, 1 - s / 300])],
  ])('%s', (_, road) => {
    expect(eventsOf(run(road))).toEqual(spilled);
    expect(eventsOf(run(road, { noise: 51 }))).toEqual(spilled);
  });

  test('one that lies in two lobes, each too small by itself', () => {
    const lobe = (x0: number, x1: number) =>
      heap(9, [
        [x0, 0.61],
        [x1, 0.61],
        [x1, 0.685],
        [x0, 0.685],
      ]);
    const [left, right] = [lobe(0.4385, 0.469), lobe(0.4846, 0.5154)];
    expect(eventsOf(run(left))).toEqual([]);
    const both: Road = (x, y, s) => (left(x, y, s) === grey ? right(x, y, s) : left(x, y, s));
    expect(eventsOf(run(both))).toEqual(spilled);
  });

  test('a lamp that passes over it does not start its time anew', () => {
    const soil = heap(9);
    const elsewhere = heap(9, [
      [0.62, 0.6],
      [0.69, 0.6],
      [0.69, 0.7],
      [0.62, 0.7],
    ]);
    const swept: Road = (x, y, s) => {
      if (s > 26.5) return grey;
      return s > 19 && s < 19.3 ? elsewhere(x, y, s) : soil(x, y, s);
    };
    expect(eventsOf(run(swept))).toEqual(spilled);
  });

  test.each(['stall', 'goods'] as const)('a heap that the detector takes for a %s', (concept) => {
    const taken = { vehicles: [covered(), { ...stands(concept, 9, 70), height: 0.4, imagined: true }] };
    expect(eventsOf(run(heap(9), taken))).toEqual(spilled);
    // Its box alone is no spill.
    expect(eventsOf(run(clean, taken))).toEqual([]);
  });

  test('its area in square metres and its outline', () => {
    const [start] = run(heap(9));
    // 14 % of 32 m by 10 % of 18 m.
    expect(start?.detail.spill?.areaM2).toBeGreaterThan(0.8 * 8.06);
    expect(start?.detail.spill?.areaM2).toBeLessThan(1.2 * 8.06);
    const outline = start?.detail.spill?.polygon ?? [];
    expect(Math.min(...outline.map(([x]) => x))).toBeCloseTo(0.44, 1);
    expect(Math.max(...outline.map(([, y]) => y))).toBeCloseTo(0.7, 1);
    expect(start?.stills.map(({ role }) => role)).toEqual(expect.arrayContaining(['ground-before', 'ground-after']));
  });

  test('no area where the ground is not measured', () => {
    const { groundPlane, ...zone } = gate;
    expect(run(heap(9), { zone })[0]?.detail.spill?.areaM2).toBeNull();
  });

  test('after an open bed it comes as an update of the same event', () => {
    const findings = run(heap(9), { vehicles: [leaving()] });
    expect(eventsOf(findings)).toEqual(['start uncovered', 'update uncovered+spill', 'end uncovered+spill']);
    expect(new Set(findings.map(({ key, startedAt }) => `${key} ${startedAt}`)).size).toBe(1);
  });
});

describe('what is none', () => {
  const leaf = numbersOf(5);
  const leaves = new Set(Array.from({ length: 14 }, () => `${Math.floor(leaf() * 26)} ${Math.floor(leaf() * 8)}`));
  const hasLeaf = (x: number, y: number) =>
    leaves.has(`${Math.floor((26 * (x - 0.3)) / 0.4)} ${Math.floor((8 * (y - 0.56)) / 0.2)}`);
  test.each<[string, Road]>([
    ['a clean road', clean],
    ['a shadow that stays, bluer than sun', times(clean, (x, y, s) => (s > 8 && patch(x, y) ? [0.5, 0.53, 0.58] : 1))],
    ['a shadow that goes', times(clean, (x, y, s) => (s < 8 && patch(x, y) ? [0.5, 0.53, 0.58] : 1))],
    [
      'a film of water that dries',
      times(clean, (x, y, s) => (s > 8 && patch(x, y) ? Math.min(1, 0.6 + (s - 8) / 100) : 1)),
    ],
    ['the gloss of the sky on wet ground', times(clean, (x, y, s) => (s > 8 && patch(x, y) ? [1.5, 1.52, 1.58] : 1))],
    ['leaves', (x, y, s) => (s > 8 && hasLeaf(x, y) ? [150, 110, 50] : grey)],
    ['a cloud', times(clean, (_, __, s) => (s > 8 ? 0.55 : 1))],
    ['a light of another colour over all of it', times(clean, (x, _, s) => (s > 8 ? [1.3 - x / 5, 1, 0.8] : 1))],
    ['material that was there before', heap(-100)],
    ['material that is gone after five seconds', (x, y, s) => (s < 14 ? heap(9)(x, y, s) : grey)],
    ['material long after the truck', heap(30)],
  ])('%s', (_, road) => {
    expect(eventsOf(run(road))).toEqual([]);
    expect(eventsOf(run(road, { noise: 52 }))).toEqual([]);
  });

  test.each<[string, Vehicle]>([
    ['a car that parks on the patch', stands('car', 16, 70)],
    ['a person who stands there', stands('person', 16, 70)],
  ])('%s', (_, vehicle) => {
    for (const noise of [undefined, 53, 54]) {
      expect(eventsOf(run(clean, { vehicles: [covered(), vehicle], ...(noise && { noise }) }))).toEqual([]);
    }
  });

  test('a truck that drives in', () => {
    const vehicle = covered(0, { path: route('0 0.52 0.8, 12 0.5 0.2') });
    expect(eventsOf(run(heap(6), { vehicles: [vehicle] }))).toEqual([]);
  });
});

describe('traffic and time', () => {
  test('cars that pass over it do not hide a spill for good', () => {
    const cars = Array.from(
      { length: 5 },
      (_, i): Vehicle => ({
        concept: 'car',
        height: 0.12,
        path: [
          [17 + 5 * i, 0.05, 0.74],
          [19 + 5 * i, 0.95, 0.74],
        ],
      }),
    );
    expect(eventsOf(run(heap(9), { vehicles: [covered(), ...cars] }))).toEqual(spilled);
  });

  test('one spill has one truck: the one behind which it appeared', () => {
    const vehicles = [covered(), covered(9)];
    const findings = run(heap(9), { vehicles, seconds: 90 });
    expect(eventsOf(findings)).toEqual(spilled);
    expect(findings[0]?.startedAt).toBeLessThan(7000);
    const second = run(heap(18), { vehicles, seconds: 90 });
    expect(eventsOf(second)).toEqual(spilled);
    expect(second[0]?.startedAt).toBeGreaterThan(14_000);
  });

  test('says so as soon as it has persisted, and not before', () => {
    const [start] = run(heap(9));
    // The truck is off the patch by second 14 or so; ten seconds are asked for.
    expect(start?.at).toBeGreaterThan(20_000);
    expect(start?.at).toBeLessThan(27_000);
  });

  test('a dark view is no time in which it persisted', () => {
    const [lit] = run(heap(9));
    const [dark] = run(heap(9), { view: (s) => (s > 16 && s < 46 ? 'degraded' : 'watched'), seconds: 100 });
    expect(dark?.detail.findings).toEqual(['spill']);
    expect((dark?.at ?? 0) - (lit?.at ?? 0)).toBeGreaterThan(24_000);
  });

  test('soil on the road with a stream gap while the truck was there: nobody knows whose it is', () => {
    expect(eventsOf(run(heap(9), { skip: (s) => s > 8 && s < 40, seconds: 100 }))).toEqual([]);
  });
});
