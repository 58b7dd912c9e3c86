/** Which bikes stand: remembered by place, so that flicker and switched identities do not change the count. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Params } from '../../../contracts/violations/index.ts';
import type { Track } from '../../domain/detection.ts';
import type { Scene } from '../../domain/scene.ts';
import { area, coveredShare, footPoint, intersection, iou, mixBoxes } from '../../geometry/box.ts';
import { greedyPairs } from '../../geometry/greedy-pairs.ts';
import { isInUse, type Others, othersOf } from './riders.ts';
import {
  BLINK_FRAMES,
  BLINK_MS,
  BOX_GAIN,
  IN_USE_GAIN,
  MAX_HIDDEN_MS,
  MAX_MISS_MS,
  MAX_MOVED_SIZES,
  MAX_NUDGED_SIZES,
  MIN_DOUBLE_IOU,
  MIN_HALF_HIDDEN_SHARE,
  MIN_HIDING_SHARE,
  MIN_HIT_SHARE,
  MIN_IN_USE,
  MIN_STANDING_IOU,
} from './tuning.ts';

export type StandingBike = {
  /** Mean outline. */
  readonly box: BoxXywh;
  /** Where it came to rest, foot point. */
  readonly restX: number;
  readonly restY: number;
  readonly score: number;
  readonly track: number;
  /** At rest and not in use since, ms; and how much of the time since then was not watched. */
  readonly since: number;
  readonly unknownMs: number;
  /** Certain time since the last sight: in which it should have been seen, and in which something stood in front. */
  readonly missMs: number;
  readonly hiddenMs: number;
  readonly hits: number;
  readonly looks: number;
  /** Share of the sights of late in which somebody rode or carried it. */
  readonly inUse: number;
  /** Stood for long enough: from now on it counts until it moves or is gone. */
  readonly parked: boolean;
};

const sizeOf = (box: BoxXywh, aspect: number) => Math.max(box[2] * aspect, box[3], 1e-6);

function born(track: Track, at: number, others: Others): StandingBike {
  const [restX, restY] = footPoint(track.box);
  return {
    box: track.box,
    restX,
    restY,
    score: track.score,
    track: track.id,
    since: at,
    unknownMs: 0,
    missMs: 0,
    hiddenMs: 0,
    hits: 1,
    looks: 1,
    inUse: isInUse(track, others) ? 1 : 0,
    parked: false,
  };
}

/** Seen again. What moves or is ridden begins anew; what is parked stays so when somebody sits down on it. */
function refreshed(bike: StandingBike, track: Track, at: number, aspect: number, others: Others): StandingBike {
  const gain = Math.max(BOX_GAIN, 1 / (bike.hits + 1));
  const box = mixBoxes(bike.box, track.box, gain);
  const [x, y] = footPoint(box);
  const inUse = bike.inUse + IN_USE_GAIN * ((isInUse(track, others) ? 1 : 0) - bike.inUse);
  const most = (bike.parked ? MAX_NUDGED_SIZES : MAX_MOVED_SIZES) * sizeOf(box, aspect);
  const moved = Math.hypot((x - bike.restX) * aspect, y - bike.restY) > most;
  const anew = moved || (!bike.parked && inUse >= MIN_IN_USE);
  // Field by field: spreads took half of the rule's time at sixty bikes.
  return {
    box,
    restX: moved ? x : bike.restX,
    restY: moved ? y : bike.restY,
    score: track.score,
    track: track.id,
    since: anew ? at : bike.since,
    unknownMs: anew ? 0 : bike.unknownMs,
    missMs: 0,
    hiddenMs: 0,
    hits: anew ? 1 : bike.hits + 1,
    looks: anew ? 1 : bike.looks + 1,
    inUse,
    parked: bike.parked && !moved,
  };
}

function isHidden(bike: StandingBike, hiding: readonly Track[]): boolean {
  const foot = bike.box[1] + bike.box[3];
  return hiding.some(
    ({ box }) =>
      box[1] + box[3] >= foot &&
      box[0] < bike.box[0] + bike.box[2] &&
      bike.box[0] < box[0] + box[2] &&
      coveredShare(bike.box, box) >= MIN_HIDING_SHARE,
  );
}

/** Not seen in this frame; null when it is gone. */
function missed(bike: StandingBike, elapsed: number, hiding: readonly Track[]): StandingBike | null {
  const hidden = bike.parked && isHidden(bike, hiding);
  const missMs = bike.missMs + (hidden ? 0 : elapsed);
  const hiddenMs = bike.hiddenMs + (hidden ? elapsed : 0);
  const blink = Math.max(BLINK_MS, BLINK_FRAMES * elapsed);
  if (missMs > (bike.parked ? Math.max(MAX_MISS_MS, blink) : blink) || hiddenMs > MAX_HIDDEN_MS) return null;
  return { ...bike, missMs, hiddenMs, looks: bike.looks + 1 };
}

/** Which sight belongs to which bike of the memory: parked ones choose first, then the better overlap. */
function match(memory: readonly StandingBike[], tracks: readonly Track[]) {
  const pairs: { known: number; seen: Track; overlap: number; parked: boolean }[] = [];
  for (const [known, { box, parked }] of memory.entries()) {
    for (const seen of tracks) {
      const other = seen.box;
      if (other[0] > box[0] + box[2] || box[0] > other[0] + other[2]) continue;
      const overlap = iou(box, other);
      if (overlap >= MIN_STANDING_IOU) pairs.push({ known, seen, overlap, parked });
    }
  }
  pairs.sort((a, b) => Number(b.parked) - Number(a.parked) || b.overlap - a.overlap);
  const seen = greedyPairs(pairs);
  const taken = new Set(seen.values());
  return { seen, free: new Set(tracks.filter((track) => !taken.has(track))) };
}

/** Bikes that lost a part of their box to something in front are the same bikes, with the outline they had. */
function matchHalfHidden(memory: readonly StandingBike[], seen: Map<number, Track>, free: Set<Track>): void {
  for (const [index, bike] of memory.entries()) {
    if (seen.has(index)) continue;
    for (const track of free) {
      const smaller = Math.min(area(bike.box), area(track.box));
      if (intersection(bike.box, track.box) < MIN_HALF_HIDDEN_SHARE * smaller) continue;
      seen.set(index, { ...track, box: area(track.box) < area(bike.box) ? bike.box : track.box });
      free.delete(track);
      break;
    }
  }
}

/** Memory after one more scene. @param elapsed watched ms since the last one, 0 where the time between is unknown */
export function rememberBikes(
  memory: readonly StandingBike[],
  scene: Scene,
  params: Params<'bike-clutter'>,
  elapsed: number,
): StandingBike[] {
  const { at, aspect } = scene;
  const others = othersOf(scene);
  const hiding = scene.tracks.filter((t) => t.concept !== 'bicycle');
  const tracks = scene.tracks.filter((t) => t.concept === 'bicycle' && t.score >= params.minScore);
  const { seen, free } = match(memory, tracks);
  matchHalfHidden(memory, seen, free);
  const next: StandingBike[] = [];
  for (const [index, bike] of memory.entries()) {
    const track = seen.get(index);
    const now = track ? refreshed(bike, track, at, aspect, others) : missed(bike, elapsed, hiding);
    if (now) next.push(now.parked ? now : { ...now, parked: hasParked(now, at, params) });
  }
  const known = [...seen.values()];
  for (const track of free) {
    if (
      known.some(
        (other) => Math.abs(other.box[0] - track.box[0]) < track.box[2] && iou(other.box, track.box) >= MIN_DOUBLE_IOU,
      )
    )
      continue;
    next.push({ ...born(track, at, others), parked: params.standSeconds === 0 });
  }
  return next;
}

/** Unknown time passed: nobody leaves for it, and nobody stands for it. @param elapsed ms */
export function waitUnknown(memory: readonly StandingBike[], elapsed: number): StandingBike[] {
  return memory.map((bike) => ({ ...bike, unknownMs: bike.unknownMs + elapsed }));
}

/** Stood for long enough to be parked: a rider is where he was only for a moment. */
function hasParked(bike: StandingBike, at: number, params: Params<'bike-clutter'>): boolean {
  const stood = at - bike.since - bike.unknownMs - bike.missMs - bike.hiddenMs;
  return stood >= params.standSeconds * 1000 && bike.inUse < MIN_IN_USE && bike.hits >= MIN_HIT_SHARE * bike.looks;
}
