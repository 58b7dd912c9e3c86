/**
 * How often somebody may try to log in. Failed attempts count against the address, and against the name from that
 * address: others who guess at a name cannot lock its owner out, who comes from elsewhere.
 */
import { setTimeout as rest } from 'node:timers/promises';
import { createRateLimiter } from './rate-limiter.ts';

const ATTEMPTS_BY_ADDRESS = 30;
const ATTEMPTS_BY_NAME = 10;
/** Failed attempts at one name from anywhere after which each address has few left for it. */
const MANY_BY_NAME = 50;
const ATTEMPTS_AT_ATTACKED_NAME = 3;
/** Who is over the limit is told so this late: asking again at once brings nothing, ms. */
const REFUSED_MS = 1000;

export type LoginLimits = {
  /** Runs the check, which counts unless it gives something. @throws API_RATE */
  attempt<T>(name: string, source: string, check: () => Promise<T | null>): Promise<T | null>;
};

/** @param refusedMs how late a refusal comes */
export function createLoginLimits(refusedMs = REFUSED_MS): LoginLimits {
  const byAddress = createRateLimiter(ATTEMPTS_BY_ADDRESS);
  const byName = createRateLimiter(ATTEMPTS_BY_NAME);
  const atName = createRateLimiter(Number.POSITIVE_INFINITY);
  return {
    async attempt(name, source, check) {
      const own = `${source} ${name}`;
      try {
        byAddress.take(source);
        byName.take(own, atName.count(name) >= MANY_BY_NAME ? ATTEMPTS_AT_ATTACKED_NAME : ATTEMPTS_BY_NAME);
      } catch (error) {
        await rest(refusedMs, undefined, { ref: false });
        throw error;
      }
      const found = await check();
      if (found === null) atName.take(name);
      else {
        byAddress.refund(source);
        byName.refund(own);
      }
      return found;
    },
  };
}
