/** Times of pictures that bring none that can be used: when they came, made even. Pure. */

/** The even time lies at most this far behind the arrival, and never ahead of it, ms. */
const MAX_LAG_MS = 400;
/** Share of the difference to the arrival that is taken up at each picture. */
const GAIN = 0.1;
const PERIOD_GAIN = 0.05;
/** A longer wait than so many periods is a gap and no sign of the rate; so many in a row are another rate. */
const GAP_PERIODS = 4;
const GAPS_IN_ROW = 3;

export type ArrivalPace = {
  /** Both in ms of a clock that only goes forward. */
  readonly next: (arrivedAt: number) => number;
  readonly reset: () => void;
};

/** One for a connection, or `reset` between two. */
export function createArrivalPace(): ArrivalPace {
  let last = 0;
  let lastArrival = 0;
  let period = 0;
  let steps = -1;
  let gaps = 0;

  /** False: the step says nothing about the pace. */
  function learn(step: number): boolean {
    if (steps > 0 && step > GAP_PERIODS * period && ++gaps < GAPS_IN_ROW) return false;
    if (gaps >= GAPS_IN_ROW) steps = 0;
    gaps = 0;
    steps++;
    period += Math.max(PERIOD_GAIN, 1 / steps) * (step - period);
    return true;
  }

  return {
    next(arrivedAt) {
      if (steps < 0) {
        steps = 0;
        last = arrivedAt;
      } else {
        const paced = learn(Math.max(0, arrivedAt - lastArrival));
        const due = last + period;
        const even = paced ? due + GAIN * (arrivedAt - due) : arrivedAt;
        last = Math.min(arrivedAt, Math.max(arrivedAt - MAX_LAG_MS, even));
      }
      lastArrival = arrivedAt;
      return last;
    },
    reset() {
      steps = -1;
      period = 0;
      gaps = 0;
    },
  };
}
