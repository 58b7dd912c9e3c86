/** Which bikes stand: remembered by place, so that flicker and switched identities do not change the count. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Params } from '../../../contracts/violations/index.ts';
import type { Track } from '../../domain/detection.ts';
import type { Scene } from '../../domain/scene.ts';
import { area, coveredShare, footPoint, intersection, iou } from '../../geometry/box.ts';
import { isInUse, type Others, othersOf } from './riders.ts';

export type StandingBike = {
  /** Mean outline. */
  readonly box: BoxXywh;
  /** Where it came to rest, foot point. */
  readonly restX: number;
  readonly restY: number;
  readonly score: number;
  readonly track: number;
  /** At rest and not in use since, ms; and how much of the time since then nobody looked. */
  readonly since: number;
  readonly unknownMs: number;
  /** Certain time since the last sight. */
  readonly missMs: number;
  readonly hits: number;
  readonly looks: number;
  /** Share of the looks of late in which somebody rode or carried it. */
  readonly inUse: number;
  /** Stood for long enough: from now on it counts until it moves or is gone. */
  readonly parked: boolean;
};

/** Least overlap from look to look for a bike to have stood still; in a pile neighbours overlap less than this. */
const STILL_IOU = 0.5;
/** A bike that was sure to stand is counted on through short misses. */
const HIDDEN_MS = 4000;
/** A detector blinks even over what it has only just found. */
const BLINK_MS = 1500;
/** So many missed looks are a blink at any rate of looks. */
const BLINK_LOOKS = 2.5;
/** What has this share of a bike behind it hides it: it stays as long as the other stands in front, but not for ever. */
const HIDING_SHARE = 0.4;
const HIDDEN_LIMIT_MS = 60_000;
/** Share of the smaller outline within the larger: a bike that is half hidden is still that bike. */
const HALF_HIDDEN = 0.75;
/** Two boxes that agree so well are one bike seen twice. */
const DOUBLE_IOU = 0.6;
/** A mean outline that moves by this much of its size is being moved. */
const MOVED_SIZES = 0.35;
/** Ghosts are not seen often enough. */
const HIT_SHARE = 0.3;
const IN_USE = 0.5;
const IN_USE_GAIN = 0.3;
const GAIN = 0.15;

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
    hits: 1,
    looks: 1,
    inUse: isInUse(track, others) ? 1 : 0,
    parked: false,
  };
}

/** Seen again. What moves or is ridden begins anew; what is parked stays so when somebody sits down on it. */
function refreshed(bike: StandingBike, track: Track, at: number, aspect: number, others: Others): StandingBike {
  const hits = bike.hits + 1;
  const gain = Math.max(GAIN, 1 / hits);
  const box = bike.box.map((value, i) => value + gain * ((track.box[i] as number) - value)) as BoxXywh;
  const [x, y] = footPoint(box);
  const inUse = bike.inUse + IN_USE_GAIN * ((isInUse(track, others) ? 1 : 0) - bike.inUse);
  const moved = Math.hypot((x - bike.restX) * aspect, y - bike.restY) > MOVED_SIZES * sizeOf(box, aspect);
  const seen = { ...bike, box, score: track.score, track: track.id, missMs: 0, inUse };
  if (moved) return { ...seen, restX: x, restY: y, since: at, unknownMs: 0, hits: 1, looks: 1, parked: false };
  if (!bike.parked && inUse >= IN_USE) return { ...seen, since: at, unknownMs: 0, hits: 1, looks: 1 };
  return { ...seen, hits, looks: bike.looks + 1 };
}

function isHidden(bike: StandingBike, hiding: readonly Track[]): boolean {
  const foot = bike.box[1] + bike.box[3];
  return hiding.some(
    ({ box }) =>
      box[1] + box[3] >= foot &&
      box[0] < bike.box[0] + bike.box[2] &&
      bike.box[0] < box[0] + box[2] &&
      coveredShare(bike.box, box) >= HIDING_SHARE,
  );
}

/** Not seen in this look; null when it is gone. */
function missed(bike: StandingBike, elapsed: number, hiding: readonly Track[]): StandingBike | null {
  const missMs = bike.missMs + elapsed;
  const blink = Math.max(BLINK_MS, BLINK_LOOKS * elapsed);
  const most = bike.parked ? Math.max(HIDDEN_MS, blink) : blink;
  if (missMs > (bike.parked && isHidden(bike, hiding) ? HIDDEN_LIMIT_MS : most)) return null;
  return { ...bike, missMs, looks: bike.looks + 1 };
}

/** Which sight belongs to which bike of the memory: parked ones choose first, then the better overlap. */
function match(memory: readonly StandingBike[], tracks: readonly Track[]) {
  const pairs: { index: number; track: Track; overlap: number; parked: boolean }[] = [];
  for (const [index, { box, parked }] of memory.entries()) {
    for (const track of tracks) {
      const other = track.box;
      if (other[0] > box[0] + box[2] || box[0] > other[0] + other[2]) continue;
      const overlap = iou(box, other);
      if (overlap >= STILL_IOU) pairs.push({ index, track, overlap, parked });
    }
  }
  pairs.sort((a, b) => Number(b.parked) - Number(a.parked) || b.overlap - a.overlap);
  const seen = new Map<number, Track>();
  const free = new Set(tracks);
  for (const { index, track } of pairs) {
    if (seen.has(index) || !free.has(track)) continue;
    seen.set(index, track);
    free.delete(track);
  }
  return { seen, free };
}

/** Bikes that lost a part of their box to something in front are the same bikes, with the outline they had. */
function matchHalfHidden(memory: readonly StandingBike[], seen: Map<number, Track>, free: Set<Track>): void {
  for (const [index, bike] of memory.entries()) {
    if (seen.has(index)) continue;
    for (const track of free) {
      const smaller = Math.min(area(bike.box), area(track.box));
      if (intersection(bike.box, track.box) < HALF_HIDDEN * smaller) continue;
      seen.set(index, { ...track, box: area(track.box) < area(bike.box) ? bike.box : track.box });
      free.delete(track);
      break;
    }
  }
}

/** Memory after a look; `elapsed` ms of certain time since the last one, 0 when nobody looked in between. */
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
        (other) => Math.abs(other.box[0] - track.box[0]) < track.box[2] && iou(other.box, track.box) >= DOUBLE_IOU,
      )
    )
      continue;
    next.push({ ...born(track, at, others), parked: params.standSeconds === 0 });
  }
  return next;
}

/** Time passed without looks: nobody leaves for it, and nobody stands for it. */
export function waitUnknown(memory: readonly StandingBike[], elapsed: number): StandingBike[] {
  return memory.map((bike) => ({ ...bike, unknownMs: bike.unknownMs + elapsed }));
}

/** Stood for long enough to be parked: a rider is where he was only for a moment. */
function hasParked(bike: StandingBike, at: number, params: Params<'bike-clutter'>): boolean {
  const stood = at - bike.since - bike.unknownMs - bike.missMs;
  return stood >= params.standSeconds * 1000 && bike.inUse < IN_USE && bike.hits >= HIT_SHARE * bike.looks;
}
