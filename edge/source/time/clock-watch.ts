/**
 * Notices steps of the node's wall clock against the clock that only goes forward: NTP that catches up after boot, an
 * operator's hand, a board without a battery, a suspend. One for a process, checked with every picture.
 */
import { existsSync } from 'node:fs';
import type { Clock } from '../../../platform/clock.ts';

/** A smaller difference is no step; adding up small ones is as good as setting the clock, and is followed as slowly. */
const STEP_MS = 250;
/** The two clocks are read within this, ms, or read again: a process may be held up in between. */
const CLOSE_MS = 5;
const MAX_READS = 4;
/** A clock that has run on for so long without a step is believed, ms. */
export const STEADY_MS = 60_000;
const SYNC_CHECK_MS = 60_000;
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

export type ClockStepWatch = {
  /** Compares the clocks; gives the time of the one that only goes forward, ms. */
  readonly check: () => number;
  /** Wall clock minus the other one at the last check, ms. */
  readonly shown: () => number;
  /** The same as it was before a step that is not believed yet. */
  readonly believed: () => number;
  /** Time since the last step, ms; infinite where there was none. */
  readonly steadyMs: () => number;
  /** The clock may be right: it does not show a time before this program. */
  readonly isSet: () => boolean;
  /** The system says that NTP has set its clock. False where nothing is known. */
  readonly isSynchronised: () => boolean;
  /** A camera goes on after what an earlier run saved, so far ahead of the clock, ms. Reported once. */
  readonly reportBehind: (byMs: number) => void;
};

export type ClockStepWatchOptions = {
  readonly clock: Clock;
  /** A clock that only goes forward, ms. */
  readonly elapsed: () => number;
  /** Called for each step once. */
  readonly onStep?: (step: ClockStep) => void;
  /** Called once, if at all, where the clock is behind what an earlier run saved, ms. */
  readonly onBehind?: (byMs: number) => void;
  readonly synchronised?: () => boolean;
};

/** Its first reading is taken at once. */
export function createClockStepWatch(options: ClockStepWatchOptions): ClockStepWatch {
  const { clock, elapsed } = options;
  const synchronised = options.synchronised ?? (() => existsSync(SYNC_FILE));
  let checkedAt = elapsed();
  let shown = difference();
  let believed = shown;
  let steppedAt = Number.NEGATIVE_INFINITY;
  let syncedAt = Number.NEGATIVE_INFINITY;
  let synced = false;
  let reportedBehind = false;

  function difference(): number {
    let closest = Number.POSITIVE_INFINITY;
    let found = 0;
    for (let reads = 0; reads < MAX_READS && closest > CLOSE_MS; reads++) {
      const before = elapsed();
      const wall = clock.now();
      const after = elapsed();
      if (after - before >= closest) continue;
      closest = after - before;
      found = wall - (before + after) / 2;
      checkedAt = after;
    }
    return found;
  }

  function compare(): void {
    const now = difference();
    const stepMs = now - shown;
    shown = now;
    if (Math.abs(stepMs) > STEP_MS) {
      steppedAt = checkedAt;
      options.onStep?.({ stepMs: Math.round(stepMs), now: checkedAt + shown });
    }
    if (checkedAt - steppedAt >= STEADY_MS || Math.abs(shown - believed) <= STEP_MS) believed = shown;
  }

  return {
    check() {
      compare();
      if (checkedAt - syncedAt >= SYNC_CHECK_MS) {
        syncedAt = checkedAt;
        synced = synchronised();
      }
      return checkedAt;
    },
    shown: () => shown,
    believed: () => believed,
    steadyMs: () => checkedAt - steppedAt,
    isSet: () => checkedAt + shown >= EARLIEST,
    isSynchronised: () => synced,
    reportBehind(byMs) {
      if (!reportedBehind) options.onBehind?.(byMs);
      reportedBehind = true;
    },
  };
}
