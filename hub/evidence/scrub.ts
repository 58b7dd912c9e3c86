/** Reads every stored file again from time to time, slowly; notices what is lost, and asks for it until it is back. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import { filesLongWaiting, filesToAskFor, filesToCheck, markChecked } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import type { BlobStore } from './blobs.ts';

export type ScrubOptions = {
  readonly store: Store;
  readonly blobs: Pick<BlobStore, 'examine'>;
  readonly clock: Clock;
  /** Each file is read once in this time, ms; 0 = never by itself. */
  readonly everyMs: number;
  readonly bytesPerSecond: number;
  readonly askAgain: (hashes: readonly string[]) => Promise<void>;
  readonly onChecked: (files: number) => void;
  readonly log: Log;
};

export type Scrub = {
  /** One round: some files that are due, and what is lost. @returns whether more are due */
  round(): Promise<boolean>;
  close(): Promise<void>;
};

/** Where it stands is in the rows, so a round is all that a restart can cost. */
const ROUND_FILES = 50;
const ASKED_AT_ONCE = 200;
const ASK_EVERY_MS = 3_600_000;
/** A node with a good line has brought its files by then; one that is behind is told nothing that it does not know. */
const WAITING_MS = 6 * 3_600_000;
/** Older ones no node keeps. */
const WAITED_FOR_MS = 30 * 24 * 3_600_000;
const IDLE_MS = 60_000;

/** Round after round until it is closed, at no more than `bytesPerSecond`. */
export function startScrub(options: ScrubOptions): Scrub {
  const { store, blobs, clock, everyMs, bytesPerSecond, log } = options;
  const closing = new AbortController();

  async function checkSome(): Promise<boolean> {
    if (everyMs === 0) return false;
    const due = await filesToCheck(store.db, timestamp(clock.now() - everyMs), ROUND_FILES);
    for (const { sha256, bytes } of due) {
      if (closing.signal.aborted) return false;
      const began = performance.now();
      if (await blobs.examine(sha256)) await markChecked(store.db, [sha256], timestamp(clock.now()));
      options.onChecked(1);
      // The disk belongs to those who open evidence; this reading only takes what is left.
      await sleep(Math.max(0, (bytes / bytesPerSecond) * 1000 - (performance.now() - began)), closing.signal);
    }
    return due.length === ROUND_FILES;
  }

  async function longWaiting(now: number): Promise<{ sha256: string }[]> {
    const late = timestamp(now - WAITING_MS);
    const times = { from: timestamp(now - WAITED_FOR_MS), to: late, askedBefore: late, now: timestamp(now) };
    return filesLongWaiting(store.db, times, ASKED_AT_ONCE);
  }

  async function askForLost(): Promise<void> {
    const now = clock.now();
    const lost = await filesToAskFor(store.db, timestamp(now - ASK_EVERY_MS), timestamp(now), ASKED_AT_ONCE);
    const notBack: string[] = [];
    // A disk that was away may be back, with the file on it; and a database may be older than its files.
    for (const { sha256 } of [...lost, ...(await longWaiting(now))])
      if (!(await blobs.examine(sha256))) notBack.push(sha256);
    await options.askAgain(notBack);
  }

  async function round(): Promise<boolean> {
    await askForLost();
    return checkSome();
  }

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      const more = await round().catch((error: unknown) => {
        // Nothing is lost by a round that did not happen.
        log.warn({ err: error }, 'stored evidence could not be checked; tried again');
        return false;
      });
      await sleep(more ? 0 : IDLE_MS, closing.signal);
    }
  }
  const running = loop();
  return {
    round,
    async close() {
      closing.abort();
      await running;
    },
  };
}
