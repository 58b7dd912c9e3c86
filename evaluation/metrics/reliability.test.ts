import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reliabilityOf, type ScoredBox } from './reliability.ts';

/** `right` of `boxes` at one score. */
const at = (score: number, boxes: number, right: number): ScoredBox[] =>
  Array.from({ length: boxes }, (_, i) => ({ score, right: i < right }));

it('a bin holds its boxes, their mean score and the share that is right; the error weighs bins by their boxes', () => {
  const found = reliabilityOf([...at(0.82, 10, 6), ...at(0.88, 10, 7), ...at(0.15, 20, 3)]);
  expect(found.bins).toHaveLength(10);
  expect(found.bins[8]).toMatchObject({ from: 0.8, to: 0.9, right: { hits: 13, cases: 20, value: 0.65 } });
  expect(found.bins[8]?.meanScore).toBeCloseTo(0.85, 10);
  expect(found.bins[1]?.right.value).toBe(0.15);
  expect(found.bins[0]).toMatchObject({ meanScore: null, right: { cases: 0, value: null } });
  // By hand: 20/40 · |0.65 − 0.85| + 20/40 · |0.15 − 0.15|.
  expect(found.expectedCalibrationError).toBeCloseTo(0.1, 10);
  expect(found.maximumCalibrationError).toBeCloseTo(0.2, 10);
});

it('the ends 0 and 1 have their bins, a bin with few boxes says nothing of the greatest error', () => {
  const found = reliabilityOf([...at(1, 1, 1), ...at(0, 12, 0), ...at(0.55, 2, 0)]);
  expect(found.bins[9]?.right.cases).toBe(1);
  expect(found.bins[0]?.right.cases).toBe(12);
  expect(found.maximumCalibrationError).toBe(0);
});

it('without a box there is no figure', () => {
  const { bins, ...figures } = reliabilityOf([], { bins: 4 });
  expect(bins).toHaveLength(4);
  expect(figures).toEqual({
    boxes: 0,
    expectedCalibrationError: null,
    maximumCalibrationError: null,
    brier: null,
  });
});

it('every box is in exactly one bin that its score belongs to, and the errors lie in 0..1', () => {
  const boxes = fc.array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() }));
  fc.assert(
    fc.property(boxes, fc.integer({ min: 1, max: 40 }), (list, count) => {
      const found = reliabilityOf(list, { bins: count });
      expect(found.bins.reduce((sum, { right }) => sum + right.cases, 0)).toBe(list.length);
      for (const { from, to, meanScore } of found.bins) {
        if (meanScore === null) continue;
        expect(meanScore).toBeGreaterThanOrEqual(from - 1e-9);
        expect(meanScore).toBeLessThanOrEqual(to + 1e-9);
      }
      for (const error of [found.expectedCalibrationError, found.maximumCalibrationError, found.brier]) {
        expect(error ?? 0).toBeGreaterThanOrEqual(0);
        expect(error ?? 0).toBeLessThanOrEqual(1);
      }
    }),
  );
});
