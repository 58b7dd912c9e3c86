/**
 * Tracking by two-stage association: strong detections first, then weak ones for tracks that would be lost (ByteTrack,
 * arXiv 2110.06864), then by where a track was last really seen (OC-SORT, arXiv 2203.14360). Pure: time
 * comes with the detections, in ms.
 */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Detection, Track } from '../domain/detection.ts';
import { type Association, createAssociation } from './associate.ts';
import { type Axis, bornAxis, updateAxis } from './kalman.ts';

/**
 * What every camera runs, and therefore what is measured: there are no other options, and nobody can hand any in. Each
 * stall, person and truck is reported from its first sight on: rules weigh time themselves.
 */
const trackerOptions = {
  /** Detections from here on found tracks and are matched first. */
  highScore: 0.45,
  /** Detections below this are ignored. */
  lowScore: 0.1,
  /** A track unseen for this long is forgotten, ms; at least two and a half frames whatever the cadence. */
  lostMs: 2000,
  /** Least IoU with the prediction, first stage, weak stage, and with the last real sight. */
  minIou: 0.2,
  minIouWeak: 0.4,
  minIouBack: 0.3,
} as const;

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
const MIN_FRAMES = 2.5;
/** From this gap between frames on a walker may have left his own box, and overlap alone tells nothing. */
const SLOW_MS = 300;
const MIN_IOU_NEAR = 0.25;
/** Weight of a new sight in the smoothed size. */
const SIZE_GAIN = 0.5;

/** No tracks, no time. */
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

const isStrong = (score: number): boolean => score >= trackerOptions.highScore;
const isWeak = (score: number): boolean => score < trackerOptions.highScore;

function matchStages(association: Association, gapMs: number): void {
  association.match('predicted', isStrong, trackerOptions.minIou);
  association.match('predicted', isWeak, trackerOptions.minIouWeak);
  association.match('last', isStrong, trackerOptions.minIouBack);
  if (gapMs >= SLOW_MS) association.match('near', isStrong, MIN_IOU_NEAR);
}

/**
 * One step. `at` in ms, not before the last step's; boxes in any one unit. `tracks` are real sights of this instant
 * only, oldest first, each with the detector's own box: a filtered one is steadier, and its foot point lags.
 */
export function stepTracker(
  state: TrackerState,
  detections: readonly Detection[],
  at: number,
): { readonly state: TrackerState; readonly tracks: readonly Track[] } {
  const gapMs = state.at === null ? 0 : at - state.at;
  const lostMs = Math.max(trackerOptions.lostMs, MIN_FRAMES * gapMs);
  const alive = state.tracks.filter(({ track }) => at - track.seenAt <= lostMs);
  const usable = detections.filter((detection) => detection.score >= trackerOptions.lowScore);
  const association = createAssociation(alive, usable, at);
  matchStages(association, gapMs);

  const next: Tracked[] = [];
  const tracks: Track[] = [];
  const see = (tracked: Tracked) => {
    next.push(tracked);
    tracks.push(tracked.track);
  };
  alive.forEach((tracked, row) => {
    const detection = usable[association.columnOf(row)];
    if (detection) see(seen(tracked, detection, at));
    else next.push(tracked);
  });
  let nextId = state.nextId;
  usable.forEach((detection, column) => {
    if (isStrong(detection.score) && !association.isTaken(column)) see(born(nextId++, detection, at));
  });
  return { state: { nextId, at, tracks: next }, tracks };
}

export type Outline = { readonly id: number; readonly box: BoxXywh };

/** Where the filter sees what was really seen in the last step: the tracker's own estimate, as trackers are scored by. */
export function outlinesOf(state: TrackerState): Outline[] {
  return state.tracks
    .filter(({ track }) => track.seenAt === state.at)
    .map(({ track, x, y, w, h }) => ({ id: track.id, box: [x[0] - w / 2, y[0] - h / 2, w, h] }));
}
