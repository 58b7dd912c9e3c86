/** What the hub does by the clock: frees what nobody holds any more, ends what nobody reviewed, escalates what is late, removes what nobody confirmed, trims the quarantine. */
import { type Clock, timestamp } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CaseCommands } from './cases/commands.ts';
import type { BlobStore } from './evidence/blobs.ts';
import type { HubClock } from './hub-clock.ts';
import type { MemoryOrders } from './memory/orders.ts';
import { removeMemoryOrders } from './storage/camera-memory.ts';
import { removeContacts } from './storage/citizen-reports.ts';
import { removeObservationHours } from './storage/observation-hours.ts';
import { cutQuarantine } from './storage/quarantine.ts';
import type { Store } from './storage/store.ts';
import { removeSettledWebhookDeliveries } from './storage/webhook-deliveries.ts';

const EVERY_MS = 60_000;
/** A year, and a month in which last year's is still asked for. */
const OBSERVATIONS_MS = 400 * 24 * 3_600_000;
/** What arrived at others is asked for while it is fresh. */
const WEBHOOKS_MS = 30 * 24 * 3_600_000;

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

  /** What goes by age: not while the clock may be wrong. */
  async function sweepByAge(): Promise<void> {
    const expired = await caseCommands.expire();
    await caseCommands.escalate();
    const removed = await blobs.removeUnconfirmed();
    const parts = await blobs.sweepUploads(clock.now() - uploadMs);
    await removeObservationHours(store.db, timestamp(clock.now() - OBSERVATIONS_MS));
    await removeContacts(store.db, timestamp(clock.now()));
    await removeSettledWebhookDeliveries(store.db, timestamp(clock.now() - WEBHOOKS_MS));
    await removeMemoryOrders(store.db, timestamp(clock.now() - OBSERVATIONS_MS));
    if (expired + removed + parts > 0) log.info({ expired, removed, parts }, 'swept');
  }

  async function sweep(): Promise<void> {
    await caseCommands.lapse();
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
      await running;
    },
  };
}
