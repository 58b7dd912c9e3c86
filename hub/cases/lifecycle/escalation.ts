/** When a case is escalated: levels before and after its limit, as configured. Pure. */

/** Minutes after the limit at which a level is reached; below 0: before it. Sorted, the first is level 1. */
export type EscalationLevels = readonly number[];

/** Half an hour before the limit, at the limit, and four hours after it. */
export const DEFAULT_LEVELS: EscalationLevels = [-30, 0, 240];

/** Rising, each once. */
export function sortedLevels(minutes: readonly number[]): EscalationLevels {
  return [...new Set(minutes)].sort((a, b) => a - b);
}
