/**
 * Pictures of the past that come all at once: a camera's greeting from its last keyframe on, or a camera that sends it
 * again. Only the newest of them shows what is. Pure.
 */

/** A stamp so far behind the highest is a repetition, and no picture in decoding order, ms. */
const BACK_MS = 500;
/** Packets of a burst come this much faster than they were taken, or without stamps this close together, ms. */
const PACE = 0.5;
const CLOSE_MS = 20;
const MAX_MS = 3000;
/** No packet for so long, and the burst is over, ms. */
export const BURST_QUIET_MS = 60;

export type Burst = {
  /** Every packet, in order. True while more of the same burst may follow at once. */
  readonly packet: (ptsUs: number | null, arrivedAt: number) => boolean;
  /** No packet has come for `BURST_QUIET_MS`. */
  readonly quiet: () => void;
  /** Another connection: it may begin with a burst. */
  readonly reconnected: () => void;
};

/** One for each camera; each connection may begin with a burst. */
export function createBurst(): Burst {
  let isOn = true;
  let began: number | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  let lastPts: number | null = null;
  let lastAt = 0;

  /** This packet came as long after the last one as it was taken after it. */
  function keepsPace(pts: number | null, arrivedAt: number): boolean {
    const step = arrivedAt - lastAt;
    const taken = pts === null || lastPts === null ? 0 : Math.abs(pts - lastPts);
    return step >= Math.max(CLOSE_MS, PACE * taken);
  }

  return {
    packet(ptsUs, arrivedAt) {
      const pts = ptsUs === null ? null : ptsUs / 1000;
      if (pts !== null && pts < highest - BACK_MS) {
        isOn = true;
        began = arrivedAt;
        highest = pts;
      } else if (began === null) began = arrivedAt;
      else if (isOn && (keepsPace(pts, arrivedAt) || arrivedAt - began > MAX_MS)) isOn = false;
      if (pts !== null) highest = Math.max(highest, pts);
      lastPts = pts;
      lastAt = arrivedAt;
      return isOn;
    },
    quiet() {
      isOn = false;
    },
    reconnected() {
      isOn = true;
      began = null;
      highest = Number.NEGATIVE_INFINITY;
      lastPts = null;
    },
  };
}
