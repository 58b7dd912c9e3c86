/** What the hub does by the clock: frees what nobody holds any more, ends what nobody reviewed, removes what nobody confirmed, trims the quarantine. */
import type { Log } from '../platform/log.ts';
import type { CaseDesk } from './cases/desk.ts';
import type { BlobStore } from './evidence/blobs.ts';
import { cutQuarantine } from './storage/quarantine.ts';
import type { Store } from './storage/store.ts';

const EVERY_MS = 60_000;
const DAY = 86_400_000;

export type Sweeps = { close(): Promise<void> };

export function startSweeps(parts: {
  readonly store: Store;
  readonly desk: CaseDesk;
  readonly blobs: BlobStore;
  readonly unconfirmedDays: number;
  readonly log: Log;
}): Sweeps {
  const { store, desk, blobs, unconfirmedDays, log } = parts;
  let running: Promise<void> = Promise.resolve();

  async function sweep(): Promise<void> {
    const lapsed = await desk.lapse();
    const expired = await desk.expire();
    const removed = await blobs.removeUnconfirmed(unconfirmedDays * DAY);
    await cutQuarantine(store.db);
    if (lapsed + expired + removed > 0) log.info({ lapsed, expired, removed }, 'swept');
  }

  const timer = setInterval(() => {
    // The next minute tries again: nothing is lost by a sweep that did not happen.
    running = running.then(sweep).catch((error: unknown) => log.warn({ err: error }, 'sweep failed'));
  }, EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
