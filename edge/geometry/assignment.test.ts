import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from './assignment.ts';

function cheapest(cost: readonly (readonly number[])[], cols: number): number {
  const rows = cost.length;
  const pairs = Math.min(rows, cols);
  let best = Number.POSITIVE_INFINITY;
  const walk = (row: number, taken: number, count: number, sum: number) => {
    if (count === pairs) best = Math.min(best, sum);
    if (row === rows || count === pairs) return;
    walk(row + 1, taken, count, sum);
    for (let col = 0; col < cols; col++) {
      if (!(taken & (1 << col))) walk(row + 1, taken | (1 << col), count + 1, sum + (cost[row]?.[col] ?? 0));
    }
  };
  walk(0, 0, 0, 0);
  return best;
}

test('finds the cheapest assignment of every small matrix, one column a row', () => {
  const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, cols]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: cols, maxLength: cols }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(matrix, (cost) => {
      const cols = cost[0]?.length ?? 0;
      const out = new Int32Array(cost.length);
      assign(Float64Array.from(cost.flat()), cost.length, cols, out);
      const chosen = [...out].filter((col) => col >= 0);
      expect(new Set(chosen).size).toBe(chosen.length);
      expect(chosen.length).toBe(Math.min(cost.length, cols));
      const sum = [...out].reduce((total, col, row) => total + (col < 0 ? 0 : (cost[row]?.[col] ?? 0)), 0);
      expect(sum).toBe(cheapest(cost, cols));
    }),
    { numRuns: 300 },
  );
});

test('nothing to assign', () => {
  const out = new Int32Array(3);
  assign(new Float64Array(0), 3, 0, out);
  expect([...out]).toEqual([-1, -1, -1]);
});
