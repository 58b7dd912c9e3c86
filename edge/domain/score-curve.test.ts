import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultsOf } from '../../platform/validate.ts';
import { readScoreCurve, ScoreCurve, scoreCurveFault } from './score-curve.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
/** Where doubles tell the chances of two scores apart however steep the curve. */
const middle = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const platt: fc.Arbitrary<ScoreCurve> = fc.record({
  a: fc.double({ min: 0.2, max: 5, noNaN: true }),
  b: fc.double({ min: -8, max: 8, noNaN: true }),
});
const rising = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 12 })
  .map((list) => list.sort((x, y) => x - y).map((n) => n / 1000));
const isotonic: fc.Arbitrary<ScoreCurve> = fc.tuple(rising, rising).map(([xs, ys]) => {
  const n = Math.min(xs.length, ys.length);
  return { points: Array.from({ length: n }, (_, i): [number, number] => [xs[i] as number, ys[i] as number]) };
});
const curve = fc.oneof(platt, isotonic);

it('a curve that the schema lets in rises, keeps the ends, and its inverse leads back', () => {
  fc.assert(
    fc.property(curve, share, share, middle, (one, x, y, m) => {
      expect([...faultsOf(ScoreCurve, one), scoreCurveFault(one)]).toEqual([null]);
      const { chanceOf, scoreOf } = readScoreCurve(one);
      expect([chanceOf(0), chanceOf(1), scoreOf(0), scoreOf(1)]).toEqual([0, 1, 0, 1]);
      if (x < y) expect(chanceOf(x)).toBeLessThanOrEqual(chanceOf(y));
      const chance = chanceOf(m);
      // Nearer to the ends a double no longer holds what lies between it and 1.
      if (chance > 1e-9 && chance < 1 - 1e-6) expect(scoreOf(chance)).toBeCloseTo(m, 6);
    }),
  );
});

it('two scores that differ have chances that differ', () => {
  fc.assert(
    fc.property(curve, middle, middle, (one, x, y) => {
      fc.pre(y - x > 1e-3);
      const { chanceOf } = readScoreCurve(one);
      fc.pre(chanceOf(y) < 1 - 1e-9 && chanceOf(x) > 1e-9);
      expect(chanceOf(x)).toBeLessThan(chanceOf(y));
    }),
  );
});

it('without numbers a curve changes nothing; a half of the slope halves log-odds; points are joined by lines', () => {
  expect(readScoreCurve({}).chanceOf(0.3)).toBeCloseTo(0.3, 12);
  expect(readScoreCurve({ a: 0.5 }).chanceOf(0.8)).toBeCloseTo(1 / (1 + 1 / 2), 12);
  expect(readScoreCurve({ b: Math.log(3) }).chanceOf(0.5)).toBeCloseTo(0.75, 12);
  const { chanceOf } = readScoreCurve({ points: [[0.5, 0.2]] });
  for (const [score, chance] of [
    [0.25, 0.1],
    [0.5, 0.2],
    [0.75, 0.6],
  ] as const) {
    expect(chanceOf(score)).toBeCloseTo(chance, 12);
  }
});

it.each<[string, ScoreCurve, string]>([
  ['both forms', { a: 1, points: [[0.5, 0.5]] }, 'expected either points, or a and b'],
  [
    'points that fall',
    {
      points: [
        [0.2, 0.5],
        [0.4, 0.3],
      ],
    },
    'expected points that rise in score and in chance',
  ],
  [
    'points that stand still',
    {
      points: [
        [0.2, 0.5],
        [0.4, 0.5],
      ],
    },
    'expected points that rise in score and in chance',
  ],
])('%s are refused', (_, one, message) => {
  expect(scoreCurveFault(one)).toBe(message);
});

it.each([{ a: -1 }, { a: 0 }, { b: 9 }, { points: [[0, 0.5]] }, { slope: 1 }])('the schema refuses %o', (one) => {
  expect(faultsOf(ScoreCurve, one)).not.toEqual([]);
});
