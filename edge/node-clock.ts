/** The watches on a node's clock: each step is reported once, and not by every host and camera. */
import { type Clock, systemElapsed, timestamp } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { type ClockStepWatch, createClockStepWatch, EARLIEST } from './source/time/clock-watch.ts';

const DOUBT = 'cameras go on by their own time, marked as unknown, until the clock is sure';

/** The main process's. */
export function watchNodeClock(clock: Clock, log: Log, elapsed: () => number = systemElapsed): ClockStepWatch {
  const notSet = clock.now() < EARLIEST;
  if (notSet) log.warn({ now: timestamp(clock.now()) }, `the node’s clock is not set; ${DOUBT}`);
  return createClockStepWatch({
    clock,
    elapsed,
    onStep: ({ stepMs, now }) =>
      log.warn({ stepSeconds: stepMs / 1000, now: timestamp(now) }, `the node’s clock has stepped; ${DOUBT}`),
  });
}

/** A host's own: its main process says the steps, and it what only its cameras know. */
export function watchHostClock(clock: Clock, log: Log, elapsed: () => number = systemElapsed): ClockStepWatch {
  const notSet = clock.now() < EARLIEST;
  return createClockStepWatch({
    clock,
    elapsed,
    onBehind: (ms) => {
      if (notSet) return;
      log.warn({ behindSeconds: Math.round(ms / 1000) }, `the node’s clock is behind what was saved by it; ${DOUBT}`);
    },
  });
}
