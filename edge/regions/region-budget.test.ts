import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRegionBudget } from './region-budget.ts';

/** Cameras that ask at every frame, with so many frames a second. */
function play(perSecond: number, frameRates: readonly number[], seconds: number): number[] {
  const budget = createRegionBudget(perSecond);
  const cameras = frameRates.map((_, i) => budget.join(`camera-${i}`, 1));
  const taken = frameRates.map(() => 0);
  for (let ms = 0; ms < seconds * 1000; ms += 10) {
    frameRates.forEach((rate, i) => {
      const due = Math.floor(((ms + 10) * rate) / 1000) > Math.floor((ms * rate) / 1000);
      if (due && cameras[i]?.take(ms)) taken[i] = (taken[i] ?? 0) + 1;
    });
  }
  return taken;
}

describe('the budget of far regions', () => {
  it('goes to whoever asks while it is not used up', () => {
    const [busy, quiet] = play(4, [25, 0.2], 60);
    // The quiet camera asks 12 times and gets all 12; the other has the rest.
    expect(quiet).toBe(12);
    expect(busy).toBeGreaterThan(4 * 60 - 12 - 8);
    expect(busy).toBeLessThanOrEqual(4 * 60 - 12 + 8);
  });

  it('is never spent twice, and no camera gets less than its part, however greedy the others are', () => {
    const rates = fc.array(fc.double({ min: 0.2, max: 30, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 20, noNaN: true }), rates, (perSecond, frameRates) => {
        const seconds = 20;
        const taken = play(perSecond, frameRates, seconds);
        const total = taken.reduce((sum, count) => sum + count, 0);
        // One each may have been saved before the first.
        expect(total).toBeLessThanOrEqual(perSecond * seconds + frameRates.length);
        const part = perSecond / frameRates.length;
        taken.forEach((count, i) => {
          expect(count).toBeGreaterThanOrEqual(Math.floor(Math.min(part, frameRates[i] ?? 0) * seconds) - 1);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('lets a camera take a whole round after a rest, and no more', () => {
    const camera = createRegionBudget(1).join('a', 3);
    expect(Array.from({ length: 5 }, () => camera.take(0))).toEqual([true, true, true, false, false]);
    expect(camera.take(900)).toBe(false);
    expect([camera.take(1100), camera.take(1100)]).toEqual([true, false]);
  });

  it('does not run backwards with a clock that does', () => {
    const camera = createRegionBudget(1).join('a', 1);
    expect([camera.take(5000), camera.take(4000), camera.take(5500), camera.take(6100)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
