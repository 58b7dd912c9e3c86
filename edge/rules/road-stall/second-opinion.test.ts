import fc from 'fast-check';
import { expect, test } from 'vitest';
import { weighedTogether, withSecondOpinion } from './second-opinion.ts';
import type { StallSighting } from './sighting.ts';

const box = [0.4, 0.4, 0.1, 0.2] as const;
function sighting(
  source: StallSighting['source'],
  scores: readonly [number, number][],
  attended = true,
): StallSighting {
  const objects = scores.map(([track, score]) => ({ track, class: 'x', score, box: [...box] as StallSighting['box'] }));
  return { source, box: [...box], score: scores[0]?.[1] ?? 0, since: 0, attended, mustAttend: 0, objects };
}

test('1 − (1 − own)(1 − other / 2)', () => {
  expect(weighedTogether(0.4, 0.6)).toBeCloseTo(0.58, 12);
  expect(weighedTogether(0.4, 0)).toBeCloseTo(0.4, 12);
  expect(weighedTogether(0, 1)).toBeCloseTo(0.5, 12);
});

test('between the own score and that of two independent witnesses, and the surer either is, the surer both', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, share, (own, other, more) => {
      const both = weighedTogether(own, other);
      expect(both).toBeGreaterThanOrEqual(own - 1e-12);
      expect(both).toBeLessThanOrEqual(1 - (1 - own) * (1 - other) + 1e-12);
      expect(weighedTogether(Math.max(own, more), other)).toBeGreaterThanOrEqual(both - 1e-12);
      expect(weighedTogether(own, Math.max(other, more))).toBeGreaterThanOrEqual(both - 1e-12);
    }),
  );
});

test('the surest of several composites, none that nobody attends, and no part twice', () => {
  const own = sighting('cart', [[1, 0.4]], false);
  const scoreWith = (...composites: StallSighting[]) => withSecondOpinion(own, composites).score;
  expect(scoreWith(sighting('props', [[2, 0.2]]), sighting('vehicle', [[3, 0.6]]))).toBeCloseTo(0.58, 12);
  expect(withSecondOpinion(own, [sighting('props', [[2, 0.6]], false)])).toBe(own);
  expect(withSecondOpinion(own, [sighting('props', [[1, 0.9]])])).toBe(own);
  expect(
    scoreWith(
      sighting('props', [
        [1, 0.9],
        [2, 0.6],
      ]),
    ),
  ).toBeCloseTo(0.58, 12);
});
