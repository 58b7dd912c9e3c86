/** API keys at the door: whose it is, how often it may come, and how often somebody may be wrong. */
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { holderOf, type KeyHolder } from '../intake/keys.ts';
import type { Store } from '../storage/store.ts';
import { createRateLimiter } from './rate-limiter.ts';

/** Wrong keys from one address, a minute. */
const WRONG_BY_ADDRESS = 30;

/** @throws API_KEY, API_RATE */
export type KeyCheck = (key: string, address: string) => Promise<KeyHolder>;

/** @param parts `clock` for the time of the last use */
export function createKeyCheck(parts: { readonly store: Pick<Store, 'db'>; readonly clock: Clock }): KeyCheck {
  const wrong = createRateLimiter(WRONG_BY_ADDRESS);
  const used = createRateLimiter(Number.POSITIVE_INFINITY);
  return async (key, address) => {
    wrong.take(address);
    const holder = key === '' ? null : await holderOf(parts.store, parts.clock, key);
    if (!holder) throw new AppError('API_KEY', 'no key that holds');
    wrong.refund(address);
    used.take(holder.id, holder.perMinute);
    return holder;
  };
}
