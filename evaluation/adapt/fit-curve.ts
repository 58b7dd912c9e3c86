/** The curve of one camera: logistic regression of right and wrong on the log-odds of the score, held to what the card says. */
import type { ScoreCurve } from '../../edge/domain/score-curve.ts';
import type { ScoredBox } from '../metrics/reliability.ts';

/**
 * The prior: slope 1 ± 0.35 and, at the middle of the scores that were judged, shift 0 ± 1: present scores are believed to
 * be chances. A handful of verdicts moves it little; a hundred outweigh it.
 */
const PRIOR = { slope: 1, slopeSd: 0.35, shiftSd: 1 } as const;
const MAX_STEPS = 50;
const EDGE = 1e-4;
/** Flatter, scores would mean nothing. */
const MIN_SLOPE = 0.2;
/** Bounds of a card (edge/domain/score-curve.ts). */
const SLOPES = [MIN_SLOPE, 5] as const;
const SHIFTS = [-8, 8] as const;

const logitOf = (score: number): number => {
  const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
  return Math.log(inside / (1 - inside));
};
const within = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));

export type FittedCurve = {
  readonly a: number;
  readonly b: number;
  /** Log-odds around which it was fitted. */
  readonly middle: number;
  /** Chance that a case with this score is right, 0..1. */
  readonly chanceOf: (score: number) => number;
};

/** Newton's step for slope and shift of `middle + shift + slope · (z - middle)`. */
function stepOf(cases: readonly ScoredBox[], middle: number, slope: number, shift: number): readonly [number, number] {
  let [ga, gb] = [(slope - PRIOR.slope) / PRIOR.slopeSd ** 2, shift / PRIOR.shiftSd ** 2];
  let [haa, hab, hbb] = [1 / PRIOR.slopeSd ** 2, 0, 1 / PRIOR.shiftSd ** 2];
  for (const { score, right } of cases) {
    const z = logitOf(score) - middle;
    const p = 1 / (1 + Math.exp(-(middle + shift + slope * z)));
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
  const middle = cases.reduce((sum, { score }) => sum + logitOf(score), 0) / Math.max(1, cases.length);
  let [slope, shift]: [number, number] = [PRIOR.slope, 0];
  for (let i = 0; i < MAX_STEPS; i++) {
    const [da, db] = stepOf(cases, middle, slope, shift);
    // Far from the minimum a whole step may overshoot.
    const share = Math.min(1, 1 / Math.max(1e-9, Math.abs(da) + Math.abs(db)));
    slope -= share * da;
    shift -= share * db;
    if (Math.abs(da) + Math.abs(db) < 1e-10) break;
  }
  const a = Math.max(MIN_SLOPE, slope);
  const b = middle + shift - a * middle;
  return { a, b, middle, chanceOf: (score) => 1 / (1 + Math.exp(-(a * logitOf(score) + b))) };
}

/** Within a card's bounds: flatter where they ask for it, and the same still around the scores that were judged. */
function bounded(slope: number, shift: number, middle: number): { readonly a: number; readonly b: number } {
  let a = within(slope, SLOPES);
  const there = slope * middle + shift;
  const b = within(there - a * middle, SHIFTS);
  if (b !== there - a * middle && middle !== 0) a = within((there - b) / middle, SLOPES);
  return { a, b };
}

/**
 * One curve for both steps: what the card (or the camera until now) makes of scores, then the camera's own; in a card's
 * bounds, which a very steep one may need.
 */
export function curveAfter(present: ScoreCurve | undefined, { a, b, middle, chanceOf }: FittedCurve): ScoreCurve {
  const round = (value: number) => Math.round(value * 1e4) / 1e4;
  if (present?.points) {
    return {
      points: present.points.map(([x, y]): [number, number] => [x, round(within(chanceOf(y), [1e-3, 1 - 1e-3]))]),
    };
  }
  const before = { a: present?.a ?? 1, b: present?.b ?? 0 };
  const both = bounded(a * before.a, a * before.b + b, (middle - before.b) / before.a);
  return { a: round(both.a), b: round(both.b) };
}
