/** The time of a frame: from the stream's timestamps and arrivals to ms since the epoch, live and in replay. */
import type { ClockState } from '../../../contracts/event.ts';
import { createCivilTime } from './civil-time.ts';
import type { ClockStepWatch } from './clock-watch.ts';
import { createStreamTime } from './stream-time.ts';

/** In a recording a gap is time that passed; only an absurd one is a fault of the file. */
const REPLAY_JUMP_MS = 24 * 3600_000;

export type CameraTime = {
  /** A new connection: its timestamps have another origin. */
  readonly reconnected: () => void;
  /**
   * For every decoded picture, in the order of showing. `ptsUs` from the stream in µs or null; `arrivedAt` when its packet
   * came, ms of the clock that only goes forward (ignored in replay). Gives ms since the epoch, strictly rising within
   * one `timeline`.
   */
  readonly map: (ptsUs: number | null, arrivedAt: number) => number;
  /** When the last mapped picture was taken, ms of the clock that only goes forward; 0 in replay. */
  readonly takenAt: () => number;
  /** Counts moves to another time, after the node's clock was set: what was remembered belongs to another line. */
  readonly timeline: () => number;
  /** Mapped time minus node time at the last frame, ms. */
  readonly offsetMs: () => number;
  /** What is known of the time: `ntp`, `pts` (the stream's own on the node's clock), or `unknown` after a step. */
  readonly source: () => ClockState['source'];
  /** False = `unknown`; costs nothing to ask. */
  readonly isSure: () => boolean;
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
    takenAt: () => 0,
    timeline: () => 0,
    offsetMs: () => 0,
    source: () => 'pts',
    isSure: () => true,
    jumps: () => jumps,
  };
}

export type LiveTimeOptions = {
  readonly watch: ClockStepWatch;
  /** Moves the whole run to another day (a file played as a camera): the wall clock then has no part in it. */
  readonly startAt?: number;
  /** A file played as a camera: its stamps are true from the first one on. */
  readonly recorded?: boolean;
  /** Time of the last frame that an earlier run saved: the line goes on after it, ms since the epoch. */
  readonly notBefore?: number;
  /** Asked while the line's time is not the clock's: whether nothing is lost by moving it now. Default: nothing is. */
  readonly mayMove?: () => boolean;
};

/** A run on a day of its own: it began at `startAt`, whatever the wall clock shows. */
function createOwnDay(startAt: number) {
  let shift: number | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    map(takenAt: number): number {
      shift ??= startAt - takenAt;
      lastAt = Math.max(Math.round(takenAt + shift), lastAt + 1);
      return lastAt;
    },
    timeline: () => 0,
    isSure: () => true,
  };
}

/** Live: the stream's own steps, anchored at the node's clock once and never torn by a step of it. */
export function createLiveTime(options: LiveTimeOptions): CameraTime {
  const { watch, startAt, notBefore } = options;
  const stream = createStreamTime(options.recorded);
  const civil =
    startAt === undefined
      ? createCivilTime({
          watch,
          mayMove: options.mayMove ?? (() => true),
          ...(notBefore === undefined ? {} : { notBefore }),
        })
      : createOwnDay(startAt);
  let lastOffset = 0;
  let takenAt = 0;
  return {
    reconnected: stream.reconnected,
    map(ptsUs, arrivedAt) {
      const now = watch.check();
      takenAt = stream.map(ptsUs, arrivedAt);
      const at = civil.map(takenAt, now);
      lastOffset = startAt === undefined ? at - (now + watch.shown()) : takenAt - now;
      return at;
    },
    takenAt: () => takenAt,
    timeline: civil.timeline,
    offsetMs: () => lastOffset,
    source: () => (!civil.isSure() ? 'unknown' : startAt === undefined && watch.isSynchronised() ? 'ntp' : 'pts'),
    isSure: civil.isSure,
    jumps: stream.jumps,
  };
}
