/** What a queue's row says after a try: settled, or queued again with back-off until there were enough tries. */
import { type BackOffLimits, backOffMs } from '../platform/back-off.ts';
import { timestamp } from '../platform/clock.ts';

/** What the office reads of a reason. */
export const MAX_REASON = 200;

/** Fields of a queue's row. */
export type Attempted = {
  readonly state: string;
  readonly next_at: string | null;
  readonly settled_at: string | null;
  readonly reason: string | null;
};

/** Nobody tries it any more. @param now ms since the epoch */
export function settled(state: string, reason: string | null, now: number): Attempted {
  return { state, reason, next_at: null, settled_at: timestamp(now) };
}

/**
 * Queued again with back-off; after the last try `failed`, a dead letter that waits for a person.
 * @param attempts tries so far, this one included
 */
export function failedAttempt(
  attempts: number,
  error: unknown,
  now: number,
  { limits, max }: { readonly limits: BackOffLimits; readonly max: number },
): Attempted {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON);
  if (attempts >= max) return settled('failed', reason, now);
  const next = timestamp(now + backOffMs(attempts - 1, Math.random, limits));
  return { state: 'queued', reason, next_at: next, settled_at: null };
}
