/** What the hub does by the clock: frees what nobody holds any more, ends what nobody reviewed, escalates what is late, removes what nobody confirmed, trims the quarantine. */
import { type Clock, timestamp } from '../platform/clock.ts';
import { inSlices } from '../platform/in-slices.ts';
import type { Log } from '../platform/log.ts';
import type { CaseCommands } from './cases/commands.ts';
import type { BlobStore } from './evidence/blobs.ts';
import type { HubClock } from './hub-clock.ts';
import type { MemoryOrders } from './memory/orders.ts';
import { removeMemoryOrders } from './storage/camera-memory.ts';
import { removeContacts } from './storage/citizen-reports.ts';
import { removeObservationHours } from './storage/observation-hours.ts';
import { cutQuarantine } from './storage/quarantine.ts';
import type { Db, Store } from './storage/store.ts';
import { removeSettledWebhookDeliveries } from './storage/webhook-deliveries.ts';

const EVERY_MS = 60_000;
/** A year, and a month in which last year's is still asked for. */
const OBSERVATIONS_MS = 400 * 24 * 3_600_000;
/** What arrived at others is asked for while it is fresh. */
const WEBHOOKS_MS = 30 * 24 * 3_600_000;
/** So long of each minute: claims end and orders go on meanwhile, however much has come to its age at once. */
const BY_AGE_MS = 45_000;
/** Rows of one statement, during which SQLite holds this thread. */
const ROWS_AT_ONCE = 500;

export type Sweeps = {
  /** One sweep now, after one that runs. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export type SweepParts = {
  readonly store: Store;
  readonly caseCommands: CaseCommands;
  readonly blobs: BlobStore;
  readonly memoryOrders: MemoryOrders;
  readonly clock: Clock;
  readonly hubClock: HubClock;
  /** Parts of uploads that nobody went on with for so long go, ms. */
  readonly uploadMs: number;
  readonly log: Log;
};

/** Once a minute, one sweep at a time. */
export function startSweeps(parts: SweepParts): Sweeps {
  const { store, caseCommands, blobs, memoryOrders, clock, hubClock, uploadMs, log } = parts;
  let running: Promise<void> = Promise.resolve();
  /** What a sweep has not come to by then waits for the next start. */
  const closing = new AbortController();

  /** What goes by age: not while the clock may be wrong. */
  async function sweepByAge(): Promise<void> {
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(BY_AGE_MS)]);
    const expired = await caseCommands.expire(signal);
    await caseCommands.escalate(signal);
    const removed = await blobs.removeUnconfirmed(signal);
    const parts = await blobs.sweepUploads(clock.now() - uploadMs);
    const ages: readonly [remove: (db: Db, before: string, limit: number) => Promise<number>, ms: number][] = [
      [removeObservationHours, OBSERVATIONS_MS],
      [removeMemoryOrders, OBSERVATIONS_MS],
      [removeContacts, 0],
      [removeSettledWebhookDeliveries, WEBHOOKS_MS],
    ];
    for (const [remove, ms] of ages) {
      const before = timestamp(clock.now() - ms);
      await inSlices(() => remove(store.db, before, ROWS_AT_ONCE), ROWS_AT_ONCE, signal);
    }
    if (expired + removed + parts > 0) log.info({ expired, removed, parts }, 'swept');
  }

  async function sweep(): Promise<void> {
    await caseCommands.lapse(closing.signal);
    await memoryOrders.send();
    const { held } = await hubClock.check();
    if (!held) await sweepByAge();
    await cutQuarantine(store.db);
  }

  const next = () => {
    const done = running.then(sweep);
    // The next minute tries again: nothing is lost by a sweep that did not happen.
    running = done.catch((error: unknown) => log.warn({ err: error }, 'sweep failed'));
    return done;
  };
  const timer = setInterval(() => void next().catch(() => {}), EVERY_MS);
  timer.unref();
  return {
    sweep: next,
    async close() {
      clearInterval(timer);
      closing.abort();
      await running;
    },
  };
}
