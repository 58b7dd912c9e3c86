/**
 * One camera's line of time: its own forward-going time put on the calendar. A small step of the wall clock is taken in
 * slowly; after a large one the line goes on as it was until the clock is sure and nothing is lost by moving. Pure.
 */
import { type ClockStepWatch, EARLIEST, STEADY_MS } from './clock-watch.ts';

/** Up to this a step is made up for by running faster or slower, by no more than the share: a dwell is wrong by 1 %. */
const SLEW_MS = 5000;
const SLEW_SHARE = 0.01;
/** Reading a clock of whole milliseconds is no better than this. */
const READING_MS = 2;
/** Nearer than this the line and the clock are one. */
const SURE_MS = 500;
/** A line that never comes to rest is moved after this. */
const MAX_HELD_MS = 15 * 60_000;

export type CivilTime = {
  /** `takenAt` and `now` in ms of the clock that only goes forward; gives ms since the epoch. */
  readonly map: (takenAt: number, now: number) => number;
  /** Counts moves to another time: only within one number does time rise. */
  readonly timeline: () => number;
  /** False while the line and the clock differ, or the clock has not run steadily since its last step. */
  readonly isSure: () => boolean;
};

export type CivilOptions = {
  readonly watch: ClockStepWatch;
  /** The line's time when it stopped last: it does not begin before that, ms since the epoch. */
  readonly notBefore?: number;
  /** Whether nothing is under way that would be lost by beginning anew at another time. */
  readonly mayMove: () => boolean;
};

/** One for each camera; its line begins with the first `map`. */
export function createCivilTime({ watch, notBefore = EARLIEST - 1, mayMove }: CivilOptions): CivilTime {
  let base: number | null = null;
  let timeline = 0;
  let heldSince: number | null = null;
  let slewedAt = 0;
  let lastAt = Number.NEGATIVE_INFINITY;

  /** Less than nothing where the line is behind the clock. */
  const ahead = () => (base ?? watch.believed()) - watch.shown();

  function move(): void {
    base = watch.shown();
    lastAt = Number.NEGATIVE_INFINITY;
    heldSince = null;
    timeline++;
  }

  function keepUp(now: number): void {
    const passed = Math.max(0, now - slewedAt);
    slewedAt = Math.max(slewedAt, now);
    const off = ahead();
    if (Math.abs(off) <= SLEW_MS) {
      heldSince = null;
      if (Math.abs(off) < READING_MS) return;
      const most = SLEW_SHARE * passed;
      base = (base ?? 0) - Math.max(-most, Math.min(most, off));
      return;
    }
    heldSince ??= now;
    const heldMs = now - heldSince;
    if (watch.steadyMs() < STEADY_MS || heldMs < STEADY_MS || !watch.isSet()) return;
    if (heldMs >= MAX_HELD_MS || mayMove()) move();
  }

  return {
    map(takenAt, now) {
      if (base === null) {
        base = Math.max(watch.believed(), Math.max(EARLIEST, notBefore + 1) - takenAt);
        slewedAt = now;
        if (ahead() > SURE_MS && base > watch.believed()) watch.reportBehind(ahead());
      }
      keepUp(now);
      const at = Math.max(Math.round(takenAt + base), lastAt + 1);
      lastAt = at;
      return at;
    },
    timeline: () => timeline,
    isSure: () => watch.isSet() && watch.steadyMs() >= STEADY_MS && Math.abs(ahead()) <= SURE_MS,
  };
}
