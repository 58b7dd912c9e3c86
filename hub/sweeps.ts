/** What the hub does by the clock: frees what nobody holds any more, ends what nobody reviewed, removes what nobody confirmed, trims the quarantine. */
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CaseDesk } from './cases/desk.ts';
import type { BlobStore } from './evidence/blobs.ts';
import type { HubClock } from './hub-clock.ts';
import { cutQuarantine } from './storage/quarantine.ts';
import type { Store } from './storage/store.ts';

const EVERY_MS = 60_000;

export type Sweeps = {
  /** One sweep now, after one that runs. */
  sweep(): Promise<void>;
  close(): Promise<void>;
};

export type SweepParts = {
  readonly store: Store;
  readonly desk: CaseDesk;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly hubClock: HubClock;
  /** Parts of uploads that nobody went on with for so long go, ms. */
  readonly uploadMs: number;
  readonly log: Log;
};

/** Once a minute, one sweep at a time. */
export function startSweeps(parts: SweepParts): Sweeps {
  const { store, desk, blobs, clock, hubClock, uploadMs, log } = parts;
  let running: Promise<void> = Promise.resolve();

  /** What goes by age: not while the clock may be wrong. */
  async function sweepByAge(): Promise<void> {
    const expired = await desk.expire();
    const removed = await blobs.removeUnconfirmed();
    const parts = await blobs.sweepUploads(clock.now() - uploadMs);
    if (expired + removed + parts > 0) log.info({ expired, removed, parts }, 'swept');
  }

  async function sweep(): Promise<void> {
    await desk.lapse();
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
