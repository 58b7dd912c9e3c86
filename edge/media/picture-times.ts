/** Which packet a decoded picture came from, and its time: kept beside the decoder, which only carries a number. Pure. */

/** Packets between entering the decoder and leaving it: more than any codec reorders. */
const IN_FLIGHT = 64;
/** A packet that gave no picture by then never will. */
const LOST_AFTER = 24;
/** A step back of no more than this is disorder; more is the stream's clock being set. */
const DISORDER_US = 1_000_000;

export type PictureTimes = {
  /** Notes a packet and gives the number by which its picture is known. */
  readonly sent: (ptsUs: number | null, arrivedAt: number, afterLoss: boolean) => number;
  /** A picture has come out: its time, or null where the stream has none. */
  readonly timeOf: (serial: number) => number | null;
  readonly arrivalOf: (serial: number) => number;
  /** Its packet was said to be built on what was lost. */
  readonly isAfterLoss: (serial: number) => boolean;
  readonly last: () => number;
  readonly restart: () => void;
};

/**
 * A picture has its packet's time. Where these come out in disorder (old containers know the order of decoding only) the
 * times are handed out in their own order instead, for the pictures come out in the order in which they are shown.
 */
export function createPictureTimes(): PictureTimes {
  const times = new Float64Array(IN_FLIGHT).fill(Number.NaN);
  const arrivals = new Float64Array(IN_FLIGHT);
  const serials = new Float64Array(IN_FLIGHT);
  const inside = new Uint8Array(IN_FLIGHT);
  const losses = new Uint8Array(IN_FLIGHT);
  let serial = 0;
  let lastUs = Number.NaN;
  let disordered = false;

  /** The earliest time of those inside; takes it out. */
  function earliest(upTo: number): number {
    let best = -1;
    for (let slot = 0; slot < IN_FLIGHT; slot++) {
      if (inside[slot] === 0) continue;
      const age = upTo - (serials[slot] as number);
      if (age > LOST_AFTER) inside[slot] = 0;
      else if (best < 0 || (times[slot] as number) < (times[best] as number)) best = slot;
    }
    if (best < 0) return lastUs;
    inside[best] = 0;
    return times[best] as number;
  }

  return {
    sent(ptsUs, arrivedAt, afterLoss) {
      const slot = serial % IN_FLIGHT;
      times[slot] = ptsUs ?? Number.NaN;
      arrivals[slot] = arrivedAt;
      serials[slot] = serial;
      losses[slot] = afterLoss ? 1 : 0;
      inside[slot] = ptsUs === null ? 0 : 1;
      return serial++;
    },
    timeOf(of) {
      const slot = of % IN_FLIGHT;
      const own = times[slot] as number;
      if (Number.isNaN(own)) return null;
      if (!disordered && own < lastUs && lastUs - own < DISORDER_US) disordered = true;
      if (disordered) {
        const next = earliest(of);
        lastUs = next < lastUs && lastUs - next < DISORDER_US ? lastUs + 1 : next;
      } else {
        inside[slot] = 0;
        lastUs = own;
      }
      return lastUs;
    },
    arrivalOf: (of) => arrivals[of % IN_FLIGHT] as number,
    isAfterLoss: (of) => losses[of % IN_FLIGHT] === 1,
    last: () => serial - 1,
    restart() {
      inside.fill(0);
      lastUs = Number.NaN;
    },
  };
}
