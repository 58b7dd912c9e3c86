/** Keeps what was refused outside of a batch: counted together while a write runs, so that a flood costs few writes. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { addQuarantine, type RefusalRow } from '../storage/quarantine.ts';
import type { Store } from '../storage/store.ts';
import { type Refusal, refusalRow } from './refusal.ts';

export type RefusalStore = {
  /** Counts and logs it, and writes it with the next write. */
  add(refusal: Refusal): void;
  /** A line in the log, unless the like of it was logged a moment ago: a node cannot fill the disk by being refused. */
  log(refusal: Pick<Refusal, 'node' | 'code' | 'reason'>): void;
  /** Resolves when everything kept so far is written or given up. */
  idle(): Promise<void>;
};

/** Different refusals that may wait for one write; what comes beyond is counted by the metric alone. */
const WAITING = 500;
/** One line in the log for each node and code within this time, however many there are. */
const LOG_EVERY_MS = 10_000;
const LOGGED = 1000;

/** At most 500 different refusals wait for the write that runs. */
export function createRefusalStore(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}): RefusalStore {
  const { store, clock, log } = parts;
  let waiting = new Map<string, RefusalRow>();
  let running: Promise<void> | null = null;
  const logged = new Map<string, number>();

  function logRefusal({ node, code, reason }: Pick<Refusal, 'node' | 'code' | 'reason'>): void {
    const now = clock.now();
    const key = `${node} ${code}`;
    const last = logged.get(key);
    if (last !== undefined && Math.abs(now - last) < LOG_EVERY_MS) return;
    if (logged.size >= LOGGED) logged.clear();
    logged.set(key, now);
    log.warn({ node, code, reason }, 'refused');
  }

  async function write(): Promise<void> {
    while (waiting.size > 0) {
      const rows = [...waiting.values()];
      waiting = new Map();
      try {
        await store.transaction((trx) => addQuarantine(trx, store.dialect, rows));
      } catch (error) {
        log.error({ err: error, refusals: rows.length }, 'refused payloads could not be kept');
      }
    }
    running = null;
  }

  return {
    log: logRefusal,
    add(refusal) {
      logRefusal(refusal);
      const row = refusalRow(refusal, timestamp(clock.now()));
      const key = `${row.node}\n${row.code}\n${row.hash}`;
      const known = waiting.get(key);
      if (known) waiting.set(key, { ...known, times: known.times + 1, last_at: row.last_at });
      else if (waiting.size < WAITING) waiting.set(key, row);
      running ??= write();
    },
    idle: async () => {
      await running;
    },
  };
}
