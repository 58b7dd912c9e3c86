/** A threshold for one concept of one camera: from what score on its cases are worth telling. */
import type { ScoredBox } from '../metrics/reliability.ts';
import { type Share, shareOf } from '../metrics/share.ts';
import { type FittedCurve, fitCurve } from './fit-curve.ts';

export type ProposalAim = {
  /** Share of told cases that are right. */
  readonly precision: number;
  /** Most of the right cases that may be lost for it. */
  readonly maxLost: number;
  /** Fewer right or fewer wrong cases say nothing. */
  readonly minEach: number;
};

/** Verdicts of the rarer sort that weigh as much as leaving the threshold where it is. */
const PULL = 10;
const FOLDS = 5;

/** What comes of a threshold, on the cases that were told at the present one. */
export type ThresholdOutcome = {
  /** Right of all that are told. */
  readonly precision: Share;
  /** Told of the right ones, those at the present threshold being all. */
  readonly recall: Share;
  readonly wrongAvoided: number;
  readonly rightLost: number;
};

export type ConceptProposal = {
  readonly right: number;
  readonly wrong: number;
  readonly curve: FittedCurve;
  readonly now: number;
  /** Equal to `now` where nothing better is known; never below it: what was not told, nobody has judged. */
  readonly proposed: number;
  readonly atPresent: ThresholdOutcome;
  readonly atProposed: ThresholdOutcome;
  /** The same when each fifth of the cases is judged by the threshold that the others propose. */
  readonly heldOut: Pick<ThresholdOutcome, 'wrongAvoided' | 'rightLost'>;
};

const rightOf = (cases: readonly ScoredBox[]): number => cases.filter(({ right }) => right).length;

/** What becomes of cases when those below `threshold` are not told. */
export function outcomeOf(cases: readonly ScoredBox[], threshold: number): ThresholdOutcome {
  const told = cases.filter(({ score }) => score >= threshold);
  const [all, kept] = [rightOf(cases), rightOf(told)];
  return {
    precision: shareOf(kept, told.length),
    recall: shareOf(kept, all),
    wrongAvoided: cases.length - all - (told.length - kept),
    rightLost: all - kept,
  };
}

/** Cases by their score, with the chance that the curve gives each: fewer surprises than counting right and wrong. */
function bestThreshold(cases: readonly ScoredBox[], { chanceOf }: FittedCurve, now: number, aim: ProposalAim): number {
  const rising = cases.map(({ score, right }) => ({ score, right, chance: chanceOf(score) }));
  rising.sort((a, b) => a.score - b.score);
  const allRight = rightOf(rising);
  let chances = rising.reduce((sum, { chance }) => sum + chance, 0);
  let lost = 0;
  let best = now;
  for (const [i, { score, right, chance }] of rising.entries()) {
    if (chances / (rising.length - i) >= aim.precision) break;
    lost += Number(right);
    chances -= chance;
    const next = rising[i + 1]?.score;
    if (next === undefined || lost > aim.maxLost * allRight) break;
    // Between two scores; equal ones go together.
    if (next > score) best = Math.max(now, (score + next) / 2);
  }
  return best;
}

/** Few verdicts move it little, whatever the best threshold for just these would be. */
function pulled(now: number, best: number, cases: readonly ScoredBox[]): number {
  const right = rightOf(cases);
  const rarer = Math.min(right, cases.length - right);
  return now + (rarer / (rarer + PULL)) * (best - now);
}

function thresholdFor(cases: readonly ScoredBox[], now: number, aim: ProposalAim): number {
  return pulled(now, bestThreshold(cases, fitCurve(cases), now, aim), cases);
}

function heldOutOutcome(cases: readonly ScoredBox[], now: number, aim: ProposalAim) {
  let [wrongAvoided, rightLost] = [0, 0];
  for (let fold = 0; fold < FOLDS; fold++) {
    const [held, rest] = [cases.filter((_, i) => i % FOLDS === fold), cases.filter((_, i) => i % FOLDS !== fold)];
    const outcome = outcomeOf(held, thresholdFor(rest, now, aim));
    wrongAvoided += outcome.wrongAvoided;
    rightLost += outcome.rightLost;
  }
  return { wrongAvoided, rightLost };
}

/**
 * The least threshold at which the camera's curve expects the aimed precision, or the highest that loses no more right
 * cases than allowed; drawn back to the present one while verdicts are few.
 * @param cases in the order of their time, scores as the present settings give them
 * @param now the present threshold, 0..1
 * @returns null under `minEach` right or wrong cases
 */
export function proposeThreshold(cases: readonly ScoredBox[], now: number, aim: ProposalAim): ConceptProposal | null {
  const right = rightOf(cases);
  const wrong = cases.length - right;
  if (Math.min(right, wrong) < aim.minEach) return null;
  const curve = fitCurve(cases);
  // Two digits are what a person reads; rounding down never loses a case more.
  const rounded = Math.floor(pulled(now, bestThreshold(cases, curve, now, aim), cases) * 100) / 100;
  // A step that none of these cases would have noticed is none.
  const proposed = rounded > now && outcomeOf(cases, rounded).wrongAvoided > 0 ? rounded : now;
  return {
    ...{ right, wrong, curve, now, proposed },
    atPresent: outcomeOf(cases, now),
    atProposed: outcomeOf(cases, proposed),
    heldOut: heldOutOutcome(cases, now, aim),
  };
}
