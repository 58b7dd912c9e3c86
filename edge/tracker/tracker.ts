/**
 * Tracking by two-stage association: strong detections first, then weak ones for tracks that would be lost (ByteTrack,
 * arXiv 2110.06864), then a look back to where a track was last really seen (OC-SORT, arXiv 2203.14360). Pure: time
 * comes with the detections, in ms.
 */
import type { Detection, Track } from '../domain/detection.ts';
import { createPairing, type Pairing } from './associate.ts';
import { type Axis, bornAxis, updateAxis } from './kalman.ts';

export type TrackerOptions = {
  /** Detections from here on found tracks and are matched first. */
  readonly highScore: number;
  /** Detections below this are not looked at. */
  readonly lowScore: number;
  /** A track is reported from this sight on; 1 = from the first. */
  readonly minHits: number;
  /** A track unseen for this long is forgotten, ms; at least two and a half frames whatever the cadence. */
  readonly lostMs: number;
  /** Least IoU with the prediction, first stage, weak stage, and with the last real sight. */
  readonly minIou: number;
  readonly minIouWeak: number;
  readonly minIouBack: number;
  /** Report the filtered box and not the detector's own: steadier outlines, but a foot point that lags. */
  readonly smooth: boolean;
};

/** Where each stall, person and truck is reported at once: rules weigh time themselves and must not wait for hits. */
export const defaultTrackerOptions: TrackerOptions = {
  highScore: 0.45,
  lowScore: 0.1,
  minHits: 1,
  lostMs: 2000,
  minIou: 0.2,
  minIouWeak: 0.4,
  minIouBack: 0.3,
  smooth: false,
};

/** For detections of a sure model in crowds (MOTChallenge files): only strong boxes, outlines smoothed. */
export const crowdTrackerOptions: TrackerOptions = {
  highScore: 0.9,
  lowScore: 0.8,
  minHits: 1,
  lostMs: 600,
  minIou: 0.2,
  minIouWeak: 0.3,
  minIouBack: 0.3,
  smooth: true,
};

type Tracked = {
  readonly track: Track;
  /** Filtered centre. */
  readonly x: Axis;
  readonly y: Axis;
  /** Smoothed size. */
  readonly w: number;
  readonly h: number;
};

/** Survives JSON. */
export type TrackerState = {
  readonly nextId: number;
  /** Time of the last step, ms; null before the first. */
  readonly at: number | null;
  readonly tracks: readonly Tracked[];
};

/** Frames without a sight that a track outlives at any cadence. */
const LEAST_FRAMES = 2.5;
/** From this gap between frames on a walker may have left his own box, and overlap alone says nothing. */
const SLOW_MS = 300;
const MIN_IOU_NEAR = 0.25;
/** Weight of a new sight in the smoothed size. */
const SIZE_GAIN = 0.5;

export function initTracker(): TrackerState {
  return { nextId: 1, at: null, tracks: [] };
}

/** Field by field: a spread of an unknown shape took half of the tracker's time. */
function toTrack(detection: Detection, id: number, bornAt: number, seenAt: number, hits: number): Track {
  const { concept, label, score, box, load, cover } = detection;
  if (load === undefined && cover === undefined) return { concept, label, score, box, id, bornAt, seenAt, hits };
  return {
    ...{ concept, label, score, box, id, bornAt, seenAt, hits },
    ...(load === undefined ? {} : { load }),
    ...(cover === undefined ? {} : { cover }),
  };
}

function born(id: number, detection: Detection, at: number): Tracked {
  const [x, y, w, h] = detection.box;
  return {
    track: toTrack(detection, id, at, at, 1),
    x: bornAxis(x + w / 2, w),
    y: bornAxis(y + h / 2, h),
    w,
    h,
  };
}

function seen(tracked: Tracked, detection: Detection, at: number): Tracked {
  const { id, bornAt, seenAt, hits } = tracked.track;
  const [x, y, w, h] = detection.box;
  const dt = Math.max(0, (at - seenAt) / 1000);
  return {
    track: toTrack(detection, id, bornAt, at, hits + 1),
    x: updateAxis(tracked.x, dt, x + w / 2, w),
    y: updateAxis(tracked.y, dt, y + h / 2, h),
    w: tracked.w + SIZE_GAIN * (w - tracked.w),
    h: tracked.h + SIZE_GAIN * (h - tracked.h),
  };
}

function reported({ track, x, y, w, h }: Tracked, smooth: boolean): Track {
  return smooth ? { ...track, box: [x[0] - w / 2, y[0] - h / 2, w, h] } : track;
}

function matchStages(pairing: Pairing, options: TrackerOptions, gapMs: number): void {
  pairing.match('predicted', (score) => score >= options.highScore, options.minIou);
  pairing.match('predicted', (score) => score < options.highScore, options.minIouWeak);
  pairing.match('last', (score) => score >= options.highScore, options.minIouBack);
  if (gapMs >= SLOW_MS) pairing.match('near', (score) => score >= options.highScore, MIN_IOU_NEAR);
}

/**
 * One step. `at` in ms, not before the last step's; boxes in any one unit. `tracks` are real sights of this instant
 * only, oldest first, each with the detector's own box unless `smooth`.
 */
export function stepTracker(
  state: TrackerState,
  detections: readonly Detection[],
  at: number,
  partial: Partial<TrackerOptions> = {},
): { readonly state: TrackerState; readonly tracks: readonly Track[] } {
  const options = { ...defaultTrackerOptions, ...partial };
  const gapMs = state.at === null ? 0 : at - state.at;
  const lostMs = Math.max(options.lostMs, LEAST_FRAMES * gapMs);
  const alive = state.tracks.filter(({ track }) => at - track.seenAt <= lostMs);
  const usable = detections.filter((detection) => detection.score >= options.lowScore);
  const pairing = createPairing(alive, usable, at);
  matchStages(pairing, options, gapMs);

  const next: Tracked[] = [];
  const tracks: Track[] = [];
  const keep = (tracked: Tracked) => {
    next.push(tracked);
    if (tracked.track.hits >= options.minHits) tracks.push(reported(tracked, options.smooth));
  };
  alive.forEach((tracked, row) => {
    const detection = usable[pairing.columnOf(row)];
    if (detection) keep(seen(tracked, detection, at));
    // What was seen once and not again was most likely nothing.
    else if (tracked.track.hits >= options.minHits) next.push(tracked);
  });
  let nextId = state.nextId;
  usable.forEach((detection, column) => {
    if (detection.score >= options.highScore && !pairing.isTaken(column)) keep(born(nextId++, detection, at));
  });
  return { state: { nextId, at, tracks: next }, tracks };
}
