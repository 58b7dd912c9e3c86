/**
 * Who may have a password checked, and when: few at a time, each address in its turn, few waiting. An address that
 * floods the hub with guesses waits behind itself and not before others.
 */
import { setTimeout as rest } from 'node:timers/promises';

export type CredentialLimits = {
  /** Checks that run at once, altogether and for one source; most of them only wait for the time to answer. */
  readonly running: number;
  readonly runningPerSource: number;
  /** Checks that may run and wait for one source. */
  readonly perSource: number;
  /** Checks that may wait altogether. */
  readonly total: number;
  /** A check that finds no place is refused this late: asking again at once gains nothing, ms. */
  readonly refuseMs: number;
};

const LIMITS: CredentialLimits = { running: 8, runningPerSource: 2, perSource: 8, total: 512, refuseMs: 1000 };

export type CredentialLimiter = {
  /**
   * @param places checks that may run and wait for this source, where another number fits it better
   * @returns what `check` says, or 'busy' when its source, or all together, have too many waiting
   */
  turn<T>(source: string, check: () => Promise<T>, places?: number): Promise<T | 'busy'>;
};

type Lane = { readonly starts: (() => void)[]; running: number };

/** Fair queueing by source: round robin, bounded in each lane and altogether. */
export function createCredentialLimiter(limits: CredentialLimits = LIMITS): CredentialLimiter {
  /** In the order of their turns: a lane that had its turn goes to the end. */
  const lanes = new Map<string, Lane>();
  let waiting = 0;
  let running = 0;

  function next(): void {
    if (running >= limits.running) return;
    for (const [source, lane] of lanes) {
      const start = lane.running < limits.runningPerSource ? lane.starts.shift() : undefined;
      if (!start) continue;
      lanes.delete(source);
      lanes.set(source, lane);
      waiting -= 1;
      running += 1;
      lane.running += 1;
      start();
      return;
    }
  }

  function leave(source: string, lane: Lane): void {
    running -= 1;
    lane.running -= 1;
    if (lane.running === 0 && lane.starts.length === 0) lanes.delete(source);
    next();
  }

  return {
    async turn(source, check, places = limits.perSource) {
      const lane = lanes.get(source) ?? { starts: [], running: 0 };
      if (waiting >= limits.total || lane.starts.length + lane.running >= places) {
        await rest(limits.refuseMs, undefined, { ref: false });
        return 'busy';
      }
      lanes.set(source, lane);
      waiting += 1;
      await new Promise<void>((start) => {
        lane.starts.push(start);
        next();
      });
      try {
        return await check();
      } finally {
        leave(source, lane);
      }
    },
  };
}
