import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poisson } from './poisson.ts';

describe('poisson', () => {
  // Tables of exact limits (Garwood 1936; e.g. K. Ulm, Am J Epidemiol 131:373, 1990); 0 of anything: -ln 0.025.
  it.each([
    [0, 0, 3.689],
    [1, 0.025, 5.572],
    [2, 0.242, 7.225],
    [5, 1.623, 11.668],
    [10, 4.795, 18.39],
    [100, 81.364, 121.627],
  ])('%i seen', (count, low, high) => {
    expect(poisson(count).low).toBeCloseTo(low, 3);
    expect(poisson(count).high).toBeCloseTo(high, 2);
  });

  it('holds what was seen, and rises with it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), (count) => {
        const one = poisson(count);
        const next = poisson(count + 1);
        expect(one.low).toBeLessThanOrEqual(count);
        expect(one.high).toBeGreaterThan(count);
        expect(next.low).toBeGreaterThan(one.low);
        expect(next.high).toBeGreaterThan(one.high);
      }),
    );
  });
});
