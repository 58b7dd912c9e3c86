/** The curve of one camera: logistic regression of right and wrong on the log-odds of the score, held to what the card says. */
import type { ScoreCurve } from '../../edge/domain/score-curve.ts';
import type { ScoredBox } from '../metrics/reliability.ts';

/**
 * The prior: slope 1 ± 0.35 and shift 0 ± 1, so that the present scores are believed to be chances. A handful of verdicts
 * moves it little; a hundred outweigh it.
 */
const PRIOR = { slope: 1, slopeSd: 0.35, shiftSd: 1 } as const;
const MAX_STEPS = 50;
const EDGE = 1e-4;
/** Bounds of a card (edge/domain/score-curve.ts). */
const SLOPES = [0.2, 5] as const;
const SHIFTS = [-8, 8] as const;

const logitOf = (score: number): number => {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
  return Math.log(inside / (1 - inside));
};
const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));

export type FittedCurve = {
  readonly a: number;
  readonly b: number;
  /** Chance that a case with this score is right, 0..1. */
  readonly chanceOf: (score: number) => number;
};

function stepOf(cases: readonly ScoredBox[], a: number, b: number): readonly [number, number] {
  let [ga, gb] = [(a - PRIOR.slope) / PRIOR.slopeSd ** 2, b / PRIOR.shiftSd ** 2];
  let [haa, hab, hbb] = [1 / PRIOR.slopeSd ** 2, 0, 1 / PRIOR.shiftSd ** 2];
  for (const { score, right } of cases) {
    const z = logitOf(score);
    const p = 1 / (1 + Math.exp(-(a * z + b)));
    const w = p * (1 - p);
    ga += (p - Number(right)) * z;
    gb += p - Number(right);
    haa += w * z * z;
    hab += w * z;
    hbb += w;
  }
  const det = haa * hbb - hab * hab;
  return [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det];
}

/**
 * Maximum a posteriori, by Newton's method; the loss is convex. A slope below 0.2 would say that scores mean nothing, or
 * the opposite: the order of boxes is the model's own affair, and stays.
 */
export function fitCurve(cases: readonly ScoredBox[]): FittedCurve {
  let [a, b]: [number, number] = [PRIOR.slope, 0];
  for (let i = 0; i < MAX_STEPS; i++) {
    const [da, db] = stepOf(cases, a, b);
    // Far from the minimum a whole step may overshoot.
    const share = Math.min(1, 2 / Math.max(1e-9, Math.abs(da) + Math.abs(db)));
    a -= share * da;
    b -= share * db;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  a = within(a, SLOPES);
  b = within(b, SHIFTS);
  return { a, b, chanceOf: (score) => 1 / (1 + Math.exp(-(a * logitOf(score) + b))) };
}

/** One curve for both steps: what the card (or the camera until now) makes of scores, then the camera's own. */
export function curveAfter(present: ScoreCurve | undefined, { a, b, chanceOf }: FittedCurve): ScoreCurve {
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  if (present?.points) {
    return {
      points: present.points.map(([x, y]): [number, number] => [x, round(within(chanceOf(y), [1e-3, 1 - 1e-3]))]),
    };
  }
  const before = { a: present?.a ?? 1, b: present?.b ?? 0 };
  return { a: round(within(a * before.a, SLOPES)), b: round(within(a * before.b + b, SHIFTS)) };
}
