/** How much surer the detector must be where it has drawn boxes for nothing: the formula. Pure. */
import { CONFIRMED_HOLDS, REJECTION_DAYS } from './tuning.ts';

/** Faded counts of one cell. */
export type CellEvidence = {
  /** Days of persistence; 0 for things that rightly stand for days. */
  readonly days: number;
  readonly rejected: number;
  readonly confirmed: number;
};

/** `minDays`: evidence from which a bar rises; `sureScore`: it never rises above. */
export type BarLimits = { readonly minDays: number; readonly sureScore: number };

const logit = (p: number) => Math.log(p / (1 - p));
const EPSILON = 1e-3;

/** Evidence of a false shape, in days. */
export const falseDays = ({ days, rejected }: CellEvidence): number => days + REJECTION_DAYS * rejected;

/**
 * Mean score asked for, 0 where none is raised. With F days of a false shape and C confirmed cases, each with one added
 * (Laplace's rule of succession), what stands there is false with odds (F + 1) : (C + 1): by the logarithm of these the
 * score must lie above `base` on the scale of log-odds (Bayes' rule, scores read as probabilities).
 *
 * @param base score asked for everywhere
 * @example raisedBar({ days: 3, rejected: 0, confirmed: 0 }, 0.45, { minDays: 3, sureScore: 0.85 }) // 0.766
 */
export function raisedBar(evidence: CellEvidence, base: number, { minDays, sureScore }: BarLimits): number {
  const f = falseDays(evidence);
  if (f < minDays || evidence.confirmed >= CONFIRMED_HOLDS || base >= sureScore) return 0;
  const from = logit(Math.min(1 - EPSILON, Math.max(EPSILON, base)));
  const asked = 1 / (1 + Math.exp(-from - Math.log((f + 1) / (evidence.confirmed + 1))));
  return Math.min(sureScore, asked);
}
