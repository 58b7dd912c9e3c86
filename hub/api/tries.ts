/** Counts tries in a window of a minute; bounded, so that many keys cannot fill the memory. */
import { AppError } from '../../platform/app-error.ts';

const WINDOW_MS = 60_000;
const MOST_KEYS = 20_000;

export type Tries = {
  /** Counts one try. @throws API_RATE at the one after `limit` (or after `least`, where that is less) */
  take(key: string, least?: number): void;
  /** The try was no guess: it does not count. */
  giveBack(key: string): void;
  count(key: string): number;
};

/** @param now a clock that never goes back, ms */
export function createTries(limit: number, now: () => number = () => performance.now()): Tries {
  /** The one not tried for the longest time first: it is the one to be forgotten when there are too many. */
  const tries = new Map<string, { count: number; since: number }>();
  const current = (key: string) => {
    const known = tries.get(key);
    return known && now() - known.since < WINDOW_MS ? known : null;
  };
  return {
    take(key, least = limit) {
      const entry = current(key) ?? { count: 0, since: now() };
      tries.delete(key);
      tries.set(key, entry);
      if (tries.size > MOST_KEYS) {
        for (const oldest of tries.keys()) {
          tries.delete(oldest);
          break;
        }
      }
      if (entry.count >= Math.min(limit, least)) throw new AppError('API_RATE', 'wait a minute');
      entry.count += 1;
    },
    giveBack(key) {
      const entry = current(key);
      if (entry && entry.count > 0) entry.count -= 1;
    },
    count: (key) => current(key)?.count ?? 0,
  };
}
