import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR_MS } from '../../contracts/observations.ts';
import { figuresOf, type HourTally, hourOf, mergeTallies } from '../domain/hour-tally.ts';
import type { Observation } from '../domain/rule.ts';
import type { Scene } from '../domain/scene.ts';
import { createHourCounter } from './hour-counter.ts';

const START = Date.parse('2026-11-23T02:00:00.000Z');
const camera = { id: 'cam', zones: [{ id: 'gate', kind: 'muck-truck' as const }] };
const sceneAt = (at: number, view: Scene['view'] = 'watched'): Scene => ({
  ...{ at, tracks: [], view, viewReasons: [], aspect: 16 / 9 },
});
const pass = (at: number, cover: 'covered' | 'uncovered' = 'covered'): Observation => ({
  ...{ kind: 'muck-truck', at, observed: { direction: 'outbound', load: 'loaded', cover } },
});
const stalls = (at: number, count: number): Observation => ({ kind: 'road-stall', at, observed: { stalls: count } });

test('passes are counted in the hour in which they were, and watched time in its own', () => {
  const counter = createHourCounter(camera);
  const from = START + HOUR_MS - 10_000;
  for (let at = from; at <= from + 20_000; at += 5000) {
    const seen = at === from + 15_000 ? [pass(from + 9000), pass(from + 11_000, 'uncovered')] : [];
    counter.count(
      sceneAt(at),
      seen.map((observation) => ({ zone: 'gate', observation })),
      true,
    );
  }
  const zone = { camera: 'cam', zone: 'gate', kind: 'muck-truck' };
  expect(counter.take()).toEqual([
    {
      ...{ ...zone, hour: START, watchedMs: 10_000 },
      statistics: { passes: 1, outbound: 1, loadedOut: 1, uncoveredOut: 0 },
    },
    {
      ...{ ...zone, hour: START + HOUR_MS, watchedMs: 10_000 },
      statistics: { passes: 1, outbound: 1, loadedOut: 1, uncoveredOut: 1 },
    },
  ]);
  expect(counter.take()).toEqual([]);
});

test('a gap, a blind camera and a time that nobody knows are not watched', () => {
  const counter = createHourCounter(camera);
  const count = (seconds: number, view: Scene['view'] = 'watched', sure = true) =>
    counter.count(sceneAt(START + seconds * 1000, view), [], sure);
  count(0);
  count(60);
  count(61, 'blind');
  count(62);
  count(63, 'watched', false);
  count(64);
  expect(counter.take()).toEqual([]);
  count(65);
  expect(counter.take()).toMatchObject([{ watchedMs: 1000, statistics: {} }]);
});

test('any order and any parts give the same hours', () => {
  const tally = (observation: Observation): HourTally => ({
    ...{ camera: 'cam', zone: 'z', kind: observation.kind, hour: hourOf(observation.at) },
    ...{ watchedMs: 250, statistics: figuresOf(observation) },
  });
  const observation = fc
    .tuple(fc.nat(2 * HOUR_MS), fc.nat(5), fc.boolean())
    .map(([after, count, truck]) => (truck ? pass(START + after) : stalls(START + after, count)));
  const sorted = (tallies: readonly HourTally[]) =>
    [...tallies].sort((a, b) => a.hour - b.hour || a.kind.localeCompare(b.kind));
  fc.assert(
    fc.property(fc.array(observation), fc.nat(20), fc.gen(), (observations, cut, gen) => {
      const tallies = observations.map(tally);
      const shuffled = gen(fc.shuffledSubarray, tallies, { minLength: tallies.length });
      const inParts = [...mergeTallies(shuffled.slice(0, cut)), ...mergeTallies(shuffled.slice(cut))];
      expect(sorted(mergeTallies(inParts))).toEqual(sorted(mergeTallies(tallies)));
      const most = Math.max(...observations.map((one) => (one.kind === 'road-stall' ? one.observed.stalls : -1)));
      const found = Math.max(...mergeTallies(tallies).map(({ statistics }) => statistics.mostStalls ?? -1));
      expect(found).toBe(most);
    }),
  );
});
