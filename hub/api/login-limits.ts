/**
 * How often somebody may try to log in. Wrong tries count against the address, and against the name from that address:
 * strangers who guess at a name cannot lock its owner out, who comes from elsewhere.
 */
import { setTimeout as rest } from 'node:timers/promises';
import { createTries } from './tries.ts';

const TRIES_BY_ADDRESS = 30;
const TRIES_BY_NAME = 10;
/** Wrong tries at one name from anywhere after which each address has few left for it. */
const MANY_BY_NAME = 50;
const TRIES_AT_A_BESIEGED_NAME = 3;
/** Who is over the limit is told so this late: asking again at once brings nothing, ms. */
const REFUSED_MS = 1000;

export type LoginLimits = {
  /** Runs the check, which counts unless it gives something. @throws API_RATE */
  attempt<T>(name: string, source: string, check: () => Promise<T | null>): Promise<T | null>;
};

/** @param refusedMs how late a refusal comes */
export function createLoginLimits(refusedMs = REFUSED_MS): LoginLimits {
  const byAddress = createTries(TRIES_BY_ADDRESS);
  const byName = createTries(TRIES_BY_NAME);
  const atName = createTries(Number.POSITIVE_INFINITY);
  return {
    async attempt(name, source, check) {
      const own = `${source} ${name}`;
      try {
        byAddress.take(source);
        byName.take(own, atName.count(name) >= MANY_BY_NAME ? TRIES_AT_A_BESIEGED_NAME : TRIES_BY_NAME);
      } catch (error) {
        await rest(refusedMs, undefined, { ref: false });
        throw error;
      }
      const found = await check();
      if (found === null) atName.take(name);
      else {
        byAddress.giveBack(source);
        byName.giveBack(own);
      }
      return found;
    },
  };
}
