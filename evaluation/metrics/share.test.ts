import { describe, expect, it } from 'vitest';
import { delaysOf, rateOf, shareOf } from './share.ts';

describe('delaysOf', () => {
  it('nothing of no case', () => expect(delaysOf([])).toBeNull());
  it.each([
    [[3], { cases: 1, median: 3, p90: 3, worst: 3 }],
    [[2, 1], { cases: 2, median: 2, p90: 2, worst: 2 }],
    [[10, 1, 2, 3, 4, 5, 6, 7, 8, 9], { cases: 10, median: 6, p90: 9, worst: 10 }],
    [[-1, 0, 0.4], { cases: 3, median: 0, p90: 0.4, worst: 0.4 }],
  ])('%j', (delays, figures) => expect(delaysOf(delays)).toEqual(figures));
});

it('a share rests on its cases', () => {
  expect(shareOf(3, 4)).toMatchObject({ hits: 3, cases: 4, value: 0.75 });
  expect(shareOf(0, 0)).toEqual({ hits: 0, cases: 0, value: null, interval95: null });
});

it('a rate is sure only as far as the hours go', () => {
  const rate = rateOf(0, 0.5);
  expect(rate).toMatchObject({ count: 0, hours: 0.5, perHour: 0 });
  // Nothing in half an hour: with 95 % certainty less than 7.4 in an hour.
  expect(rate.interval95?.high).toBeCloseTo(3.689 / 0.5, 2);
  expect(rateOf(2, 4).perHour).toBe(0.5);
  expect(rateOf(0, 0)).toEqual({ count: 0, hours: 0, perHour: null, interval95: null });
});
