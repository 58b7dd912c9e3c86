import { expect, it } from 'vitest';
import { clamp, lowerMedian, roundTo } from './numbers.ts';

it('clamps, rounds and takes the lower median', () => {
  expect([clamp(-1, 0, 2), clamp(1, 0, 2), clamp(3, 0, 2)]).toEqual([0, 1, 2]);
  expect([roundTo(0.12345, 3), roundTo(2.5, 0), roundTo(-0.04, 1)]).toEqual([0.123, 3, -0]);
  expect([lowerMedian([]), lowerMedian([5]), lowerMedian([4, 1, 3, 2]), lowerMedian([3, 1, 2])]).toEqual([0, 5, 2, 2]);
});
