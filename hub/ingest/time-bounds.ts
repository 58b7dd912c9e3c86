/** Whether the times of an event can be. Pure: `now` is the hub's. */
import type { ViolationEvent } from '../../contracts/event.ts';

/** No camera of this product was there before. */
const EARLIEST = Date.parse('2020-01-01T00:00:00.000Z');
/** A clock that was set to local time instead of UTC stays within this; what is further ahead is no clock's drift. */
const AHEAD_MS = 24 * 3600 * 1000;

/** One sentence, or null for a moment that a node may name. */
export function instantFault(name: string, text: string, now: number): string | null {
  const ms = Date.parse(text);
  // Digits in the right places are not yet a day: month 13, 31 June. V8 takes some of those and moves them on.
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== text) return `${name}: ${text} is no instant`;
  if (ms < EARLIEST) return `${name}: ${text} is before 2020`;
  return ms > now + AHEAD_MS ? `${name}: ${text} is more than 24 h ahead of the hub` : null;
}

/** One sentence, or null while all is well. */
export function timeFault(event: ViolationEvent, now: number): string | null {
  const times = [
    ['startedAt', event.startedAt],
    ['at', event.at],
    ...(event.endedAt === null ? [] : [['endedAt', event.endedAt] as const]),
    ...event.evidence.map((ref, i) => [`evidence[${i}].at`, ref.at] as const),
  ] as const;
  for (const [name, text] of times) {
    const fault = instantFault(name, text, now);
    if (fault !== null) return fault;
  }
  if (event.at < event.startedAt) return `at: ${event.at} is before startedAt ${event.startedAt}`;
  if (event.endedAt !== null && event.endedAt < event.startedAt) {
    return `endedAt: ${event.endedAt} is before startedAt ${event.startedAt}`;
  }
  return null;
}
