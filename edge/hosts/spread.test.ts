import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadOf, spread } from './spread.ts';

const cameras = fc.uniqueArray(
  fc.record({ id: fc.stringMatching(/^[a-z]{1,6}$/), load: fc.integer({ min: 1, max: 40 }) }),
  { selector: ({ id }) => id, maxLength: 60 },
);

test('every camera is with one host, and no host is a whole camera heavier than another', () => {
  fc.assert(
    fc.property(cameras, fc.integer({ min: 1, max: 9 }), (all, hosts) => {
      const groups = spread(all, hosts);
      expect(groups.flat().sort()).toEqual(all.map(({ id }) => id).sort());
      expect(groups.every((group) => group.length > 0)).toBe(true);
      const load = (group: readonly string[]) =>
        group.reduce((sum, id) => sum + (all.find((camera) => camera.id === id)?.load ?? 0), 0);
      const heaviest = Math.max(0, ...all.map((camera) => camera.load));
      const loads = groups.map(load);
      if (groups.length > 0) expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(heaviest);
    }),
  );
});

test('the order of the configuration plays no part', () => {
  fc.assert(
    fc.property(cameras, fc.integer({ min: 1, max: 9 }), (all, hosts) => {
      expect(spread([...all].reverse(), hosts)).toEqual(spread(all, hosts));
    }),
  );
});

test('a street at keyframes weighs least, a gate at five frames most', () => {
  const weigh = (kind: 'street' | 'gate', cadence: 'keyframes' | number) =>
    loadOf({ kind, source: { url: 'x', cadence } });
  const weights = [weigh('street', 'keyframes'), weigh('street', 1), weigh('street', 5), weigh('gate', 5)];
  expect(weights).toEqual([...weights].sort((a, b) => a - b));
  expect(new Set(weights).size).toBe(4);
});
