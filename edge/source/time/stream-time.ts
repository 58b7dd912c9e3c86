/**
 * When a picture was taken, on a clock that only goes forward: by the stream's own timestamps where they can be believed,
 * else by its arrival. The node's wall clock has no part in it, so nobody who sets it can disturb a dwell. Pure.
 */
import { createArrivalPace } from './arrival-pace.ts';
import { createStampTrust } from './stamp-trust.ts';

/** Pictures that are older or newer than this against the mapping mean that the stream's clock jumped. */
const JUMP_MS = 10_000;
/** Drift is corrected once a window, by the least delay seen in it (as NTP does), and by no more than this. */
const WINDOW_MS = 30_000;
const MAX_SLEW_MS = 20;

export type StreamTime = {
  /** A new connection: its timestamps have another origin. */
  readonly reconnected: () => void;
  /** `ptsUs` in µs or null; `arrivedAt` and the result in ms of the clock that only goes forward. Never after `arrivedAt`. */
  readonly map: (ptsUs: number | null, arrivedAt: number) => number;
  /** How often believed timestamps jumped and were anchored anew. */
  readonly jumps: () => number;
  /** Times are the stream's own; else those of the arrival. */
  readonly byStamps: () => boolean;
};

/**
 * The least delay between taking and arrival counts as none, so that a picture is never in the future and a burst after
 * connecting corrects itself at once; the rest of the delay is the network's and stays out.
 * `recorded`: a file played as a camera, whose stamps are true from the first one on.
 */
export function createStreamTime(recorded = false): StreamTime {
  const pace = createArrivalPace();
  const trust = createStampTrust();
  /** Arrival minus stamp of what came with the least delay; null before the first stamp. */
  let anchor: number | null = null;
  let lastPts: number | null = null;
  let windowFrom = 0;
  let leastDelay = Number.POSITIVE_INFINITY;
  let jumps = 0;
  const believed = () => recorded || trust.trusted();

  function anchorAt(pts: number, arrivedAt: number): void {
    anchor = arrivedAt - pts;
    windowFrom = arrivedAt;
    leastDelay = Number.POSITIVE_INFINITY;
  }

  /** Follows a fast camera at once and a slow one a little a window. */
  function follow(pts: number, arrivedAt: number, before: number): void {
    const delay = arrivedAt - (pts + before);
    anchor = before + Math.min(0, delay);
    leastDelay = Math.min(leastDelay, Math.max(0, delay));
    if (arrivedAt - windowFrom < WINDOW_MS) return;
    anchor += Math.min(MAX_SLEW_MS, leastDelay);
    windowFrom = arrivedAt;
    leastDelay = Number.POSITIVE_INFINITY;
  }

  function takeStamp(pts: number, arrivedAt: number): void {
    const delay = anchor === null ? 0 : arrivedAt - (pts + anchor);
    const jumped = lastPts !== null && (pts < lastPts || Math.abs(delay) > JUMP_MS);
    const counted = jumped && believed();
    const fresh = trust.observe(pts, arrivedAt, jumped);
    if (counted) jumps++;
    // Until stamps are believed, each window looks for the least delay anew: what came before it may be a burst.
    if (anchor === null || jumped || (fresh && !believed())) anchorAt(pts, arrivedAt);
    else follow(pts, arrivedAt, anchor);
    lastPts = pts;
  }

  return {
    reconnected() {
      anchor = null;
      lastPts = null;
      trust.reset();
      pace.reset();
    },
    map(ptsUs, arrivedAt) {
      const even = pace.next(arrivedAt);
      if (ptsUs === null) return even;
      const pts = ptsUs / 1000;
      // The same stamp again says nothing: RTP time that stands still, or one half of an interlaced picture.
      if (pts === lastPts) return even;
      takeStamp(pts, arrivedAt);
      return believed() ? pts + (anchor as number) : even;
    },
    jumps: () => jumps,
    byStamps: believed,
  };
}
