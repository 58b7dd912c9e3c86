/**
 * Notices steps of the node's wall clock against the clock that only goes forward: NTP that catches up after boot, an
 * operator's hand, a board without a battery, a suspend. One for a process, looked at with every picture.
 */
import { existsSync } from 'node:fs';
import type { Clock } from '../../../platform/clock.ts';

/** A smaller difference is no step; adding up small ones is as good as setting the clock, and is followed as slowly. */
const STEP_MS = 250;
/** The two clocks are read within this, ms, or read again: a process may be held up in between. */
const CLOSE_MS = 5;
const MOST_READS = 4;
/** A clock that has run on for so long without a step is believed, ms. */
export const STEADY_MS = 60_000;
const SYNC_LOOK_MS = 60_000;
/** Made by systemd-timesyncd when it has set the clock; other daemons leave no such sign. */
const SYNC_FILE = '/run/systemd/timesync/synchronized';
/** This program was not there before: a clock that shows less has not been set. */
export const EARLIEST = Date.UTC(2026, 0, 1);

export type ClockStep = {
  /** How far the clock was set forward, ms; negative = back. */
  readonly stepMs: number;
  /** What it shows now, ms since the epoch. */
  readonly now: number;
};

export type ClockWatch = {
  /** Compares the clocks; gives the time of the one that only goes forward, ms. */
  readonly look: () => number;
  /** Wall clock minus the other one at the last look, ms. */
  readonly shown: () => number;
  /** The same as it was before a step that is not believed yet. */
  readonly believed: () => number;
  /** Time since the last step, ms; infinite where there was none. */
  readonly steadyMs: () => number;
  /** The clock may be right: it does not show a time before this program. */
  readonly isSet: () => boolean;
  /** The system says that NTP has set its clock. False where nothing is known. */
  readonly isSynchronised: () => boolean;
  /** A camera goes on after what an earlier run saved, so far ahead of the clock, ms. Said once. */
  readonly sayBehind: (byMs: number) => void;
};

export type ClockWatchOptions = {
  readonly clock: Clock;
  /** A clock that only goes forward, ms. */
  readonly elapsed: () => number;
  /** Told of each step once. */
  readonly onStep?: (step: ClockStep) => void;
  /** Told once, if at all, that the clock is behind what an earlier run saved, ms. */
  readonly onBehind?: (byMs: number) => void;
  readonly synchronised?: () => boolean;
};

export function createClockWatch(options: ClockWatchOptions): ClockWatch {
  const { clock, elapsed } = options;
  const synchronised = options.synchronised ?? (() => existsSync(SYNC_FILE));
  let lookedAt = elapsed();
  let shown = difference();
  let believed = shown;
  let steppedAt = Number.NEGATIVE_INFINITY;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let synced = false;
  let saidBehind = false;

  function difference(): number {
    let closest = Number.POSITIVE_INFINITY;
    let found = 0;
    for (let reads = 0; reads < MOST_READS && closest > CLOSE_MS; reads++) {
      const before = elapsed();
      const wall = clock.now();
      const after = elapsed();
      if (after - before >= closest) continue;
      closest = after - before;
      found = wall - (before + after) / 2;
      lookedAt = after;
    }
    return found;
  }

  function compare(): void {
    const now = difference();
    const stepMs = now - shown;
    shown = now;
    if (Math.abs(stepMs) > STEP_MS) {
      steppedAt = lookedAt;
      options.onStep?.({ stepMs: Math.round(stepMs), now: lookedAt + shown });
    }
    if (lookedAt - steppedAt >= STEADY_MS || Math.abs(shown - believed) <= STEP_MS) believed = shown;
  }

  return {
    look() {
      compare();
      if (lookedAt - syncedAt >= SYNC_LOOK_MS) {
        syncedAt = lookedAt;
        synced = synchronised();
      }
      return lookedAt;
    },
    shown: () => shown,
    believed: () => believed,
    steadyMs: () => lookedAt - steppedAt,
    isSet: () => lookedAt + shown >= EARLIEST,
    isSynchronised: () => synced,
    sayBehind(byMs) {
      if (!saidBehind) options.onBehind?.(byMs);
      saidBehind = true;
    },
  };
}
