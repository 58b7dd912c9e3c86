/** Counts tries in a window of a minute; bounded, so that many keys cannot fill the memory. */
import { AppError } from '../../platform/app-error.ts';

const WINDOW_MS = 60_000;
const MOST_KEYS = 10_000;

/** @returns a function that throws API_RATE at the try after `limit` within a minute */
export function createTries(limit: number, now: () => number): (key: string) => void {
  const tries = new Map<string, { count: number; since: number }>();
  return (key) => {
    const at = now();
    const known = tries.get(key);
    const entry = known && at - known.since < WINDOW_MS ? known : { count: 0, since: at };
    if (tries.size > MOST_KEYS) tries.clear();
    tries.set(key, { ...entry, count: entry.count + 1 });
    if (entry.count >= limit) throw new AppError('API_RATE', 'wait a minute');
  };
}
