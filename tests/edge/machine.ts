/** A machine's two clocks for tests: time passes on both, and somebody sets the one on the wall. */
import { type ClockStep, type ClockStepWatch, createClockStepWatch } from '../../edge/source/time/clock-watch.ts';
import type { Clock } from '../../platform/clock.ts';

export const START = Date.UTC(2026, 10, 1);

export type Machine = {
  readonly clock: Clock;
  readonly elapsed: () => number;
  readonly watch: ClockStepWatch;
  readonly steps: readonly ClockStep[];
  readonly pass: (ms: number) => void;
  /** Sets the wall clock by so much. */
  readonly set: (ms: number) => void;
};

export function createMachine(wallAtStart = START, synchronised = false): Machine {
  let mono = 50_000;
  let offset = wallAtStart - mono;
  const clock = { now: () => Math.floor(mono + offset) };
  const elapsed = () => mono;
  const steps: ClockStep[] = [];
  const watch = createClockStepWatch({
    clock,
    elapsed,
    onStep: (step) => steps.push(step),
    synchronised: () => synchronised,
  });
  return {
    clock,
    elapsed,
    watch,
    steps,
    pass(ms) {
      mono += ms;
    },
    set(ms) {
      offset += ms;
    },
  };
}
