/** One truck near the gate: stitched by place and time, so that a switched identity does not split a pass. */
import type { BoxXywh, Point } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { area, coveredShare, distance, footPoint, iou } from '../../geometry/box.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import { beginPassage, followPassage, type Passage } from './gate-line.ts';
import { isCut, type Votes, vote, votesFrom } from './votes.ts';
import { beginWash, followWash, type Wash } from './wash.ts';

type Context = RuleContext<'muck-truck'>;
type Fired = {
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
  readonly fired: Fired | null;
  /** Its pass is over though a truck stands there: that is the next pass. */
  readonly closed: boolean;
  /** Its pass has been observed; missing in states of before 0.5. */
  readonly counted?: boolean;
};

/** A pass that is clear of the line is decided at this time after it at the soonest. */
const DECIDE_MS = 800;
/** Out of the picture for this long: it has left. */
const LEFT_MS = 1000;
const BREAK_MS = 700;
/** A truck that is hidden before it crossed is waited for; after a longer time it is another one, whatever was seen. */
const HIDDEN_MS = 10_000;
const STITCH_MS = 20_000;
/** Two boxes on one vehicle. */
const DOUBLE_IOU = 0.6;
const TWIN_IOU = 0.45;
const TWIN_COVERED = 0.7;
/** How far from where it should be a truck may be found again, in its own widths, and for each second unseen. */
const REACH_WIDTHS = 0.6;
const REACH_WIDTHS_A_SECOND = 0.5;
const REACH_SECONDS = 6;
/** A truck does not grow to so many times its area between two sights. */
const MOST_GROWTH = 4;
/** The tracker's identity counts for something and is not believed across the yard. */
const SAME_TRACK = 0.25;
const VELOCITY_S = 0.5;

/** Trucks of a scene; one vehicle under two labels is one, and the muck truck's label wins. */
export function trucksOf(tracks: readonly Track[], minScore: number): Track[] {
  const trucks = tracks
    .filter((t) => (t.concept === 'muck_truck' || t.concept === 'truck') && t.score >= minScore)
    .sort((a, b) => Number(b.concept === 'muck_truck') - Number(a.concept === 'muck_truck') || b.score - a.score);
  const kept: Track[] = [];
  for (const track of trucks) if (!kept.some((other) => iou(other.box, track.box) >= DOUBLE_IOU)) kept.push(track);
  return kept;
}

/** Above 1: not the same truck. */
function apart(truck: Truck, track: Track, at: number, aspect: number): number {
  const dt = (at - truck.seenAt) / 1000;
  const growth = area(track.box) / Math.max(1e-9, area(truck.box));
  if (growth > MOST_GROWTH || growth < 1 / MOST_GROWTH) return Number.POSITIVE_INFINITY;
  const ahead: Point = [truck.foot[0] + truck.velocity[0] * dt, truck.foot[1] + truck.velocity[1] * dt];
  const foot = footPoint(track.box);
  const widths = REACH_WIDTHS + REACH_WIDTHS_A_SECOND * Math.min(REACH_SECONDS, dt);
  const reach = widths * Math.max(truck.box[2], track.box[2]) * aspect;
  const near = Math.min(distance(ahead, foot, aspect), distance(truck.foot, foot, aspect));
  return near / reach - (truck.track === track.id ? SAME_TRACK : 0);
}

/** A pass that is decided needs no stitching: what appears in its place after a break is the next truck. */
function isOver(truck: Truck, at: number, gapMs: number): boolean {
  if (truck.closed || at - truck.seenAt > STITCH_MS) return true;
  return isSettled(truck) && at - truck.seenAt > Math.max(BREAK_MS, 1.5 * gapMs);
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
  const patience = truck.passage.crossed ? 0 : HIDDEN_MS;
  const waited = truck.awayMs > Math.max(patience, context.params.lostSeconds * 1000);
  return waited || (at - truck.seenAt > STITCH_MS && truck.awayMs > 0);
}

const isTwin = (track: Track, box: BoxXywh) =>
  iou(track.box, box) >= TWIN_IOU || coveredShare(track.box, box) >= TWIN_COVERED;

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
    .flatMap((truck) => tracks.map((track) => ({ truck, track, far: apart(truck, track, at, aspect) })))
    .filter(({ far }) => far <= 1)
    .sort((a, b) => a.far - b.far);
  const matched = new Map<Truck, Track>();
  const used = new Set<Track>();
  for (const { truck, track } of pairs) {
    if (matched.has(truck) || used.has(track)) continue;
    matched.set(truck, track);
    used.add(track);
  }
  const known = [...used].map(({ box }) => box);
  return { matched, fresh: tracks.filter((track) => !used.has(track) && !known.some((box) => isTwin(track, box))) };
}

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
  const gain = 1 - Math.exp(-ms / 1000 / VELOCITY_S);
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
