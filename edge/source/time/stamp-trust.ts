/**
 * Whether a stream's timestamps can be believed: they must keep pace with a clock that only goes forward. Some cameras
 * send none and demuxers then invent a rate (25 a second for 5); some send the same one for ever. Pure.
 */

/** The least delay of so long, and of so many steps, is held against that of the window before. */
const WINDOW_MS = 2500;
const MIN_STEPS = 2;
/** Share by which the stamps may run fast or slow; what a window wanders beyond it is no drift of a clock. */
const TOLERANCE = 0.2;
/** A network that stands still and then catches up makes a bad window or two; one more costs the trust. */
const MAX_BAD = 3;

export type StampTrust = {
  /** Both in ms; `jumped`: the stamp does not follow from the ones before it. True when a new window begins here. */
  readonly observe: (pts: number, arrivedAt: number, jumped: boolean) => boolean;
  readonly trusted: () => boolean;
  readonly reset: () => void;
};

/** Nothing is trusted before the second window. */
export function createStampTrust(): StampTrust {
  let trusted = false;
  let bad = 0;
  /** Of the window: when it began, steps in it, least arrival minus stamp. */
  let from = 0;
  let steps = -1;
  let least = 0;
  /** The window before it. */
  let lastFrom: number | null = null;
  let lastLeast = 0;

  function note(good: boolean): void {
    bad = good ? 0 : bad + 1;
    if (good) trusted = true;
    else if (bad >= MAX_BAD) trusted = false;
  }
  function begin(pts: number, arrivedAt: number): void {
    steps = 0;
    from = arrivedAt;
    least = arrivedAt - pts;
  }

  return {
    observe(pts, arrivedAt, jumped) {
      if (steps < 0 || jumped) {
        if (jumped) note(false);
        lastFrom = null;
        begin(pts, arrivedAt);
        return true;
      }
      steps++;
      least = Math.min(least, arrivedAt - pts);
      if (arrivedAt - from < WINDOW_MS || steps < MIN_STEPS) return false;
      if (lastFrom !== null) note(Math.abs(least - lastLeast) <= TOLERANCE * (from - lastFrom));
      lastFrom = from;
      lastLeast = least;
      begin(pts, arrivedAt);
      return true;
    },
    trusted: () => trusted,
    reset() {
      trusted = false;
      bad = 0;
      steps = -1;
      lastFrom = null;
    },
  };
}
