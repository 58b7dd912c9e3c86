/** Whether events give the right reason for a violation, and not only that there is one: sub-kind, reason, findings. */
import { reasonsOf } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import { type Share, shareOf } from '../metrics/share.ts';
import type { MatchOutcome } from './event-match.ts';

export type ReasonRow = {
  readonly kind: ViolationKind;
  /** A word of the detail: `shopfront`, `bay-overfull`, `spill` … */
  readonly reason: string;
  /** Of the violations that have it: reported by the event that found them; a missed violation reports none. */
  readonly recall: Share;
  /** Of the events that report it: violations that have it; a false alarm has none. */
  readonly precision: Share;
};

const truthOf = (outcome: MatchOutcome) => ('truth' in outcome ? reasonsOf(outcome.kind, outcome.truth.detail) : []);
const saidOf = (outcome: MatchOutcome) => ('seen' in outcome ? reasonsOf(outcome.kind, outcome.seen.detail) : []);

/** A truth without a reason cannot be held against an event. */
const hasTruth = (outcome: MatchOutcome) => outcome.verdict === 'false' || truthOf(outcome).length > 0;

/** True of an event that found its violation and gives another reason than the truth does. */
export function otherReason(outcome: MatchOutcome): boolean {
  if (outcome.verdict !== 'found' || !hasTruth(outcome)) return false;
  const [truth, said] = [truthOf(outcome).sort(), saidOf(outcome).sort()];
  return truth.join() !== said.join();
}

/** One row for each reason that is true or reported somewhere. */
export function scoreReasons(outcomes: readonly MatchOutcome[]): ReasonRow[] {
  return violationKinds.flatMap((kind) => {
    const own = outcomes.filter((outcome) => outcome.kind === kind && hasTruth(outcome));
    const reasons = [...new Set(own.flatMap((outcome) => [...truthOf(outcome), ...saidOf(outcome)]))].sort();
    return reasons.map((reason): ReasonRow => {
      const truth = own.filter((outcome) => truthOf(outcome).includes(reason));
      const said = own.filter((outcome) => saidOf(outcome).includes(reason));
      const both = truth.filter((outcome) => said.includes(outcome)).length;
      return { kind, reason, recall: shareOf(both, truth.length), precision: shareOf(both, said.length) };
    });
  });
}
