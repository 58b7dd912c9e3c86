/** What a label's scores are worth: a rising curve from the score that a graph gives to the chance that its box is right. */
import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const inside = Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 });

/** Of one label. Both forms rise strictly, so that the order of a label's boxes, and its average precision, stay. */
export const ScoreCurve = Type.Object(
  {
    a: Type.Optional(
      Type.Number({
        minimum: 0.2,
        maximum: 5,
        description: 'Slope over log-odds, default 1; with `b` left out the inverse of a temperature',
      }),
    ),
    b: Type.Optional(Type.Number({ minimum: -8, maximum: 8, description: 'Shift in log-odds, default 0' })),
    points: Type.Optional(
      Type.Array(Type.Tuple([inside, inside]), {
        minItems: 1,
        maxItems: 32,
        description: 'In place of `a` and `b`: score and chance, both rising, straight lines between, from 0,0 to 1,1',
      }),
    ),
  },
  {
    ...closed,
    description: 'chance = 1 / (1 + exp(-(a · ln(score / (1 - score)) + b))), J. Platt (1999), or `points`',
  },
);
export type ScoreCurve = Static<typeof ScoreCurve>;

/** By the name of a label. */
export const ScoreCurves = Type.Record(Type.String({ minLength: 1, maxLength: 40 }), ScoreCurve);
export type ScoreCurves = Readonly<Record<string, ScoreCurve>>;

/** What a schema cannot say of a curve; null when it may be used. */
export function scoreCurveFault({ a, b, points }: ScoreCurve): string | null {
  if (!points) return null;
  if (a !== undefined || b !== undefined) return 'expected either points, or a and b';
  const rises = points.every(
    ([x, y], i) => i === 0 || (x > (points[i - 1]?.[0] ?? 0) && y > (points[i - 1]?.[1] ?? 0)),
  );
  return rises ? null : 'expected points that rise in score and in chance';
}

const logitOf = (share: number): number => Math.log(share / (1 - share));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** On the straight line through the two points around `x`; 0 and 1 outside. */
function along(xs: readonly number[], ys: readonly number[], x: number): number {
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  let i = 1;
  while ((xs[i] as number) < x) i++;
  const [x0, x1, y0, y1] = [xs[i - 1], xs[i], ys[i - 1], ys[i]] as [number, number, number, number];
  return y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}

/** A curve and its inverse, each 0..1 to 0..1 and rising; the curve must have been checked. Neither allocates. */
export function readScoreCurve(curve: ScoreCurve): {
  readonly chanceOf: (score: number) => number;
  readonly scoreOf: (chance: number) => number;
} {
  if (curve.points) {
    const xs = [0, ...curve.points.map(([x]) => x), 1];
    const ys = [0, ...curve.points.map(([, y]) => y), 1];
    return { chanceOf: (score) => along(xs, ys, score), scoreOf: (chance) => along(ys, xs, chance) };
  }
  const { a = 1, b = 0 } = curve;
  return {
    // The ends are infinite log-odds, and stay the ends.
    chanceOf: (score) => sigmoid(a * logitOf(Math.min(1, Math.max(0, score))) + b),
    scoreOf: (chance) => sigmoid((logitOf(Math.min(1, Math.max(0, chance))) - b) / a),
  };
}
