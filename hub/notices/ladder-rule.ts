/** Which step of the ladder may follow: notice → bulletin → summons → credit. Pure; whether a step is taken, a person decides. */
import { type LadderStepName, ladderSteps } from '../../contracts/api/ladder.ts';

/**
 * A step needs the one before it, since the last credit entry or ever; the first needs a notice that was not corrected in
 * time. A step that was taken may be taken again.
 *
 * @param taken in the order in which they were taken
 * @param overdue notices whose limit passed without a correction
 */
export function nextSteps(taken: readonly LadderStepName[], overdue: number): LadderStepName[] {
  if (overdue === 0) return [];
  const highest = Math.max(-1, ...taken.map((step) => ladderSteps.indexOf(step)));
  return ladderSteps.slice(0, highest + 2);
}
