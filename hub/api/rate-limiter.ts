/** Fixed-window rate limiter: attempts a minute, by key; bounded, so that many keys cannot fill the memory. */
import { AppError } from '../../platform/app-error.ts';

const WINDOW_MS = 60_000;
const MAX_KEYS = 20_000;

export type RateLimiter = {
  /** Counts one attempt. @throws API_RATE at the one after `limit` (or after `least`, where that is less) */
  take(key: string, least?: number): void;
  /** The attempt was no guess: it does not count. */
  refund(key: string): void;
  count(key: string): number;
};

/** @param now a clock that never goes back, ms */
export function createRateLimiter(limit: number, now: () => number = () => performance.now()): RateLimiter {
  /** Least recently used first: it is forgotten when there are too many. */
  const windows = new Map<string, { count: number; since: number }>();
  const current = (key: string) => {
    const known = windows.get(key);
    return known && now() - known.since < WINDOW_MS ? known : null;
  };
  return {
    take(key, least = limit) {
      const entry = current(key) ?? { count: 0, since: now() };
      windows.delete(key);
      windows.set(key, entry);
      if (windows.size > MAX_KEYS) {
        for (const oldest of windows.keys()) {
          windows.delete(oldest);
          break;
        }
      }
      if (entry.count >= Math.min(limit, least)) throw new AppError('API_RATE', 'wait a minute');
      entry.count += 1;
    },
    refund(key) {
      const entry = current(key);
      if (entry && entry.count > 0) entry.count -= 1;
    },
    count: (key) => current(key)?.count ?? 0,
  };
}
