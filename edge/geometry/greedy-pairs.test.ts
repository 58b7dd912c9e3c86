import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greedyPairs } from './greedy-pairs.ts';

const pairList = fc.array(fc.record({ known: fc.nat(6), seen: fc.nat(6) }), { maxLength: 30 });

test('each side once, and nobody is left who could still be paired', () => {
  fc.assert(
    fc.property(pairList, (pairs) => {
      const matched = greedyPairs(pairs);
      const seen = [...matched.values()];
      expect(new Set(seen).size).toBe(seen.length);
      for (const pair of pairs) expect(matched.has(pair.known) || seen.includes(pair.seen)).toBe(true);
    }),
  );
});

test('the first pair wins, and a pair that is not allowed leaves its sides free', () => {
  const pairs = [
    { known: 'a', seen: 1 },
    { known: 'b', seen: 1 },
    { known: 'a', seen: 2 },
  ];
  expect([...greedyPairs(pairs)]).toEqual([['a', 1]]);
  expect([...greedyPairs(pairs, ({ known, seen }) => !(known === 'a' && seen === 1))]).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
  expect([...greedyPairs(pairs, (_, taken) => taken.size === 0)]).toEqual([['a', 1]]);
});
