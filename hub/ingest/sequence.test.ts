import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advance } from './sequence.ts';

test('after any order and batching the gaps are exactly what is missing', () => {
  const numbers = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 10 }), (seqs, batch) => {
      let known: ReturnType<typeof advance> = { last: 0, gaps: [] };
      for (let i = 0; i < seqs.length; i += batch) known = advance(known, seqs.slice(i, i + batch));
      const last = Math.max(...seqs);
      const missing = Array.from({ length: last }, (_, i) => i + 1).filter((seq) => !seqs.includes(seq));
      const told = known.gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
      expect(known.last).toBe(last);
      expect(told.sort((a, b) => a - b)).toEqual(missing);
    }),
  );
});
