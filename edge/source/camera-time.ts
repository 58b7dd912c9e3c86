/** Maps the stream's timestamps to UTC: anchored at the first frame, corrected slowly, strictly increasing. Pure. */

/** Frames older than this against the mapping mean that the stream's clock jumped. */
const JUMP_MS = 10_000;
/** In a recording a gap is time that passed; only an absurd one is a fault of the file. */
const REPLAY_JUMP_MS = 24 * 3600_000;
/** Drift is corrected once a window, by the least delay seen in it (as NTP does), and by no more than this. */
const WINDOW_MS = 30_000;
const MOST_SLEW_MS = 20;

export type CameraTime = {
  /** A new connection: its timestamps have another origin. */
  readonly reconnected: () => void;
  /** `ptsUs` from the stream in µs or null; `now` is the node's clock (ignored in replay). Gives ms since the epoch. */
  readonly map: (ptsUs: number | null, now: number) => number;
  /** Mapped time minus node time at the last frame, ms. */
  readonly offsetMs: () => number;
  /** How often the mapping was anchored anew because timestamps jumped. */
  readonly jumps: () => number;
};

/** Replay: frame times depend on the file alone. The first frame is at `startAt`. */
export function createReplayTime(startAt: number): CameraTime {
  let origin: number | null = null;
  let lastPts = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let step = 40;
  let jumps = 0;
  return {
    reconnected() {
      origin = null;
    },
    map(ptsUs) {
      const pts = ptsUs === null ? null : ptsUs / 1000;
      const first = lastAt === Number.NEGATIVE_INFINITY;
      if (first) {
        origin = startAt - (pts ?? 0);
      } else if (pts === null || origin === null || pts < lastPts || pts - lastPts > REPLAY_JUMP_MS) {
        jumps += origin === null ? 0 : 1;
        origin = lastAt + step - (pts ?? lastPts + step);
      }
      const at = Math.max(Math.round((pts ?? lastPts + step) + (origin ?? startAt)), first ? startAt : lastAt + 1);
      if (!first && pts !== null && pts > lastPts && pts - lastPts < 60_000) step = pts - lastPts;
      lastPts = pts ?? lastPts + step;
      lastAt = at;
      return at;
    },
    offsetMs: () => 0,
    jumps: () => jumps,
  };
}

/**
 * Live: the least delay between capture and arrival is taken as none, so a frame is never in the future and a burst
 * after connecting corrects itself at once; the rest of the delay is the network's and stays out of `at`.
 * `startAt` moves the whole run to another day (a file played as a camera); otherwise frames are at the node's now.
 */
export function createLiveTime(startAt?: number): CameraTime {
  let shift: number | null = startAt === undefined ? 0 : null;
  let anchor: number | null = null;
  let lastPts = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastOffset = 0;
  let windowFrom = 0;
  let leastDelay = Number.POSITIVE_INFINITY;
  let jumps = 0;

  function anchorAt(pts: number, now: number): void {
    anchor = now - pts;
    windowFrom = pts;
    leastDelay = Number.POSITIVE_INFINITY;
  }
  function follow(pts: number, now: number): void {
    const delay = anchor === null ? 0 : now - (pts + anchor);
    const jumped = pts < lastPts || Math.abs(delay) > JUMP_MS;
    if (anchor === null || jumped) {
      if (anchor !== null) jumps++;
      anchorAt(pts, now);
      return;
    }
    if (delay < 0) anchor += delay;
    leastDelay = Math.min(leastDelay, Math.max(0, delay));
    if (pts - windowFrom >= WINDOW_MS) {
      anchor += Math.min(MOST_SLEW_MS, leastDelay);
      windowFrom = pts;
      leastDelay = Number.POSITIVE_INFINITY;
    }
  }
  return {
    reconnected() {
      anchor = null;
    },
    map(ptsUs, nodeNow) {
      shift ??= (startAt ?? nodeNow) - nodeNow;
      const now = nodeNow + shift;
      let mapped = now;
      if (ptsUs !== null) {
        const pts = ptsUs / 1000;
        follow(pts, now);
        lastPts = pts;
        mapped = pts + (anchor ?? 0);
      }
      const at = Math.max(Math.round(mapped), lastAt + 1);
      lastAt = at;
      lastOffset = at - now;
      return at;
    },
    offsetMs: () => lastOffset,
    jumps: () => jumps,
  };
}
