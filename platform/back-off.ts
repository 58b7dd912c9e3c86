/** Exponential back-off with full jitter, so that a fleet does not return all at once. */

export type BackOffLimits = { readonly minMs: number; readonly maxMs: number };

/**
 * Wait before try number `attempt` (0 = first retry): at least half of, at most, min·2^attempt, capped at max.
 * `random` gives 0..1.
 */
export function backOffMs(attempt: number, random: () => number, limits: BackOffLimits): number {
  const ceiling = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(attempt, 30));
  return Math.max(limits.minMs, ceiling * (0.5 + 0.5 * random()));
}
