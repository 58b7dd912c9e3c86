/** One truck near the gate: stitched by place and time, so that a switched identity does not split a pass. */
import type { BoxXywh, Point } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { area, coveredShare, distance, footPoint, iou } from '../../geometry/box.ts';
import { greedyPairs } from '../../geometry/greedy-pairs.ts';
import { smoothingGain } from '../../geometry/numbers.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import { beginPassage, followPassage, type Passage } from './gate-line.ts';
import {
  BREAK_MS,
  BREAK_STEPS,
  DECIDE_MS,
  LEFT_MS,
  MAX_GROWTH,
  MAX_HIDDEN_MS,
  MAX_REACH_SECONDS,
  MAX_STITCH_MS,
  MIN_DOUBLE_IOU,
  MIN_TWIN_IOU,
  MIN_TWIN_SHARE,
  REACH_WIDTHS,
  REACH_WIDTHS_A_SECOND,
  SAME_TRACK_BONUS,
  VELOCITY_S,
} from './tuning.ts';
import { isCut, type Votes, vote, votesFrom } from './votes.ts';
import { beginWash, followWash, type Wash } from './wash.ts';

type Context = RuleContext<'muck-truck'>;
type Reported = {
  readonly key: string;
  readonly findings: readonly string[];
  /** Time of the last update, null before the first; quality of the plate's picture that was sent. */
  readonly updatedAt: number | null;
  readonly plate: number;
};
export type Truck = {
  readonly id: number;
  readonly track: number;
  readonly box: BoxXywh;
  readonly foot: Point;
  readonly velocity: Point;
  readonly score: number;
  readonly firstAt: number;
  readonly seenAt: number;
  /** Watched time without a sight since the last one, ms. */
  readonly awayMs: number;
  readonly sights: number;
  readonly votes: Votes;
  readonly passage: Passage;
  readonly wash: Wash;
  /** Best picture so far: quality of the bed's and the plate's, size of the approach's. */
  readonly bed: number;
  readonly plate: number;
  readonly approach: number;
  readonly fired: Reported | null;
  /** Its pass is over though a truck stands there: that is the next pass. */
  readonly closed: boolean;
  /** Its pass has been observed; missing in states of before 0.5. */
  readonly counted?: boolean;
};

/** Trucks of a scene; one vehicle under two labels is one, and the muck truck's label wins. */
export function trucksOf(tracks: readonly Track[], minScore: number): Track[] {
  const trucks = tracks
    .filter((t) => (t.concept === 'muck_truck' || t.concept === 'truck') && t.score >= minScore)
    .sort((a, b) => Number(b.concept === 'muck_truck') - Number(a.concept === 'muck_truck') || b.score - a.score);
  const kept: Track[] = [];
  for (const track of trucks) if (!kept.some((other) => iou(other.box, track.box) >= MIN_DOUBLE_IOU)) kept.push(track);
  return kept;
}

/** Above 1: not the same truck. */
function apart(truck: Truck, track: Track, at: number, aspect: number): number {
  const dt = (at - truck.seenAt) / 1000;
  const growth = area(track.box) / Math.max(1e-9, area(truck.box));
  if (growth > MAX_GROWTH || growth < 1 / MAX_GROWTH) return Number.POSITIVE_INFINITY;
  const ahead: Point = [truck.foot[0] + truck.velocity[0] * dt, truck.foot[1] + truck.velocity[1] * dt];
  const foot = footPoint(track.box);
  const widths = REACH_WIDTHS + REACH_WIDTHS_A_SECOND * Math.min(MAX_REACH_SECONDS, dt);
  const reach = widths * Math.max(truck.box[2], track.box[2]) * aspect;
  const near = Math.min(distance(ahead, foot, aspect), distance(truck.foot, foot, aspect));
  return near / reach - (truck.track === track.id ? SAME_TRACK_BONUS : 0);
}

/** A pass that is decided needs no stitching: what appears in its place after a break is the next truck. */
function isOver(truck: Truck, at: number, gapMs: number): boolean {
  if (truck.closed || at - truck.seenAt > MAX_STITCH_MS) return true;
  return isSettled(truck) && at - truck.seenAt > Math.max(BREAK_MS, BREAK_STEPS * gapMs);
}

/** Clear of the line for long enough that turning back would be another pass. */
export function isSettled({ passage, seenAt, awayMs }: Truck): boolean {
  return passage.crossed !== null && passage.clear && seenAt + awayMs - passage.crossed.at >= DECIDE_MS;
}

/** Out of the picture or of the zone, and not merely missed. */
export function hasLeft(truck: Truck, context: Context): boolean {
  if (truck.awayMs > context.params.lostSeconds * 1000) return true;
  const gone = isCut(truck.box) || !inPolygon(truck.foot, context.zone.polygon);
  return truck.awayMs >= LEFT_MS && gone;
}

/** Nothing more will be seen of this pass. */
export function isLost(truck: Truck, at: number, context: Context): boolean {
  const patience = truck.passage.crossed ? 0 : MAX_HIDDEN_MS;
  const waited = truck.awayMs > Math.max(patience, context.params.lostSeconds * 1000);
  return waited || (at - truck.seenAt > MAX_STITCH_MS && truck.awayMs > 0);
}

const isTwin = (track: Track, box: BoxXywh) =>
  iou(track.box, box) >= MIN_TWIN_IOU || coveredShare(track.box, box) >= MIN_TWIN_SHARE;

/** Which truck each box is; `fresh` are those that nobody knows. `gapMs`: time since the last scene. */
export function matchTrucks(
  trucks: readonly Truck[],
  tracks: readonly Track[],
  at: number,
  aspect: number,
  gapMs: number,
) {
  const pairs = trucks
    .filter((truck) => !isOver(truck, at, gapMs))
    .flatMap((known) => tracks.map((seen) => ({ known, seen, far: apart(known, seen, at, aspect) })))
    .filter(({ far }) => far <= 1)
    .sort((a, b) => a.far - b.far);
  const matched = greedyPairs(pairs);
  const used = new Set(matched.values());
  const known = [...used].map(({ box }) => box);
  return { matched, fresh: tracks.filter((track) => !used.has(track) && !known.some((box) => isTwin(track, box))) };
}

/** A truck at its first sight. @param at ms */
export function openTruck(id: number, track: Track, at: number, context: Context, aspect: number): Truck {
  const foot = footPoint(track.box);
  return {
    ...{ id, track: track.id, box: track.box, foot, velocity: [0, 0], score: track.score },
    ...{ firstAt: at, seenAt: at, awayMs: 0, sights: 1 },
    votes: vote([], track, at, aspect),
    passage: beginPassage(foot, track.box[3], at, context, aspect),
    wash: beginWash(foot, context, aspect),
    ...{ bed: 0, plate: 0, approach: 0, fired: null, closed: false },
  };
}

/** What came in through the gate has been watched from the start. */
const cameIn = (wash: Wash): Wash => ({ ...wash, inBox: false, sureMs: 0, maybeMs: 0, late: false });

function washOf(truck: Truck, passage: Passage, ms: number, certain: boolean, context: Context): Wash {
  if (passage.crossed?.direction === 'inbound' && passage.crossed !== truck.passage.crossed) return cameIn(truck.wash);
  return passage.side === 'street' ? truck.wash : followWash(truck.wash, passage.foot, ms, certain, context);
}

/** `certain`: all the time since the truck was last seen has been watched. */
export function seeTruck(
  truck: Truck,
  track: Track,
  at: number,
  context: Context,
  { certain, aspect }: { readonly certain: boolean; readonly aspect: number },
): Truck {
  const foot = footPoint(track.box);
  const ms = Math.max(1, at - truck.seenAt);
  const gain = smoothingGain(ms, VELOCITY_S);
  const speed = (axis: 0 | 1) =>
    (1 - gain) * truck.velocity[axis] + (gain * (foot[axis] - truck.foot[axis]) * 1000) / ms;
  const passage = followPassage(truck.passage, { foot, height: Math.max(1e-6, track.box[3]), at }, context, aspect);
  return {
    ...truck,
    ...{ track: track.id, box: track.box, foot, velocity: [speed(0), speed(1)] },
    score: Math.max(truck.score, track.score),
    ...{ seenAt: at, awayMs: 0, sights: truck.sights + 1 },
    votes: vote(truck.votes, track, at, aspect),
    passage,
    wash: washOf(truck, passage, ms, certain, context),
  };
}

/**
 * A truck that crosses a second time, long after the first, is a second pass: the yard's view is far and small, and one
 * truck goes out of it as the next comes in. Its votes begin half-way between the two.
 */
export function splitPass(before: Truck, after: Truck, id: number): readonly Truck[] {
  const first = before.passage.crossed;
  const second = after.passage.crossed;
  if (!first || !second || second.at === first.at) return [after];
  const from = (first.at + second.at) / 2;
  const votes = votesFrom(after.votes, from);
  const fresh = { id, firstAt: from, votes, bed: 0, plate: 0, approach: 0, fired: null, counted: false };
  return [
    { ...before, closed: true },
    { ...after, ...fresh },
  ];
}
