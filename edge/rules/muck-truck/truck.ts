/** One truck near the gate: stitched by place and time, so that a switched identity does not split a pass. */
import type { BoxXywh, Point } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleSetting } from '../../domain/rule.ts';
import { distance, footPoint, iou } from '../../geometry/box.ts';
import { crossing, inPolygon } from '../../geometry/polygon.ts';
import { showsBed, type Votes, vote } from './votes.ts';

export type Truck = {
  readonly id: number;
  readonly track: number;
  readonly box: BoxXywh;
  readonly foot: Point;
  readonly velocity: Point;
  readonly score: number;
  readonly firstAt: number;
  readonly seenAt: number;
  readonly muck: boolean;
  readonly votes: Votes;
  readonly washMs: number;
  readonly crossed: { readonly at: number; readonly direction: 'outbound' | 'inbound' } | null;
  /** Best picture so far: quality of the bed's and size of the approach's. */
  readonly bed: number;
  readonly approach: number;
  readonly fired: { readonly key: string; readonly findings: readonly string[] } | null;
};

/** A pass is decided this long after the line: the bed is seen from behind by then. */
export const DECIDE_MS = 1500;
const BREAK_MS = 700;
/** A truck that comes back over the line within this time has manoeuvred. */
const TURN_BACK_MS = 10_000;
const DOUBLE_IOU = 0.6;
/** How far from where it should be a truck may be found again, in its own widths, and for each second unseen. */
const REACH_WIDTHS = 0.6;
const REACH_WIDTHS_A_SECOND = 0.5;

/** Trucks of a scene; one vehicle under two labels is one, and the muck truck's label wins. */
export function trucksOf(tracks: readonly Track[], minScore: number): Track[] {
  const trucks = tracks
    .filter((t) => (t.concept === 'muck_truck' || t.concept === 'truck') && t.score >= minScore)
    .sort((a, b) => Number(b.concept === 'muck_truck') - Number(a.concept === 'muck_truck') || b.score - a.score);
  const kept: Track[] = [];
  for (const track of trucks) if (!kept.some((other) => iou(other.box, track.box) >= DOUBLE_IOU)) kept.push(track);
  return kept;
}

function apart(truck: Truck, track: Track, at: number, aspect: number): number {
  const dt = (at - truck.seenAt) / 1000;
  const ahead: Point = [truck.foot[0] + truck.velocity[0] * dt, truck.foot[1] + truck.velocity[1] * dt];
  const foot = footPoint(track.box);
  const reach = (REACH_WIDTHS + REACH_WIDTHS_A_SECOND * dt) * Math.max(truck.box[2], track.box[2]) * aspect;
  const near = Math.min(distance(ahead, foot, aspect), distance(truck.foot, foot, aspect));
  // The tracker's identity counts for something and is not believed across the yard.
  return near / reach - (truck.track === track.id ? 0.5 : 0);
}

/** A pass that is decided needs no stitching: what appears in its place after a break is the next truck. */
function isOver(truck: Truck, at: number, gapMs: number): boolean {
  const decided = truck.crossed !== null && at - truck.crossed.at >= DECIDE_MS;
  return decided && at - truck.seenAt > Math.max(BREAK_MS, 1.5 * gapMs);
}

/** `gapMs`: time since the last scene. */
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
  return { matched, fresh: tracks.filter((track) => !used.has(track)) };
}

export function openTruck(id: number, track: Track, at: number): Truck {
  return {
    id,
    track: track.id,
    box: track.box,
    foot: footPoint(track.box),
    velocity: [0, 0],
    score: track.score,
    firstAt: at,
    seenAt: at,
    muck: track.concept === 'muck_truck',
    votes: vote([], track, at),
    washMs: 0,
    crossed: null,
    bed: 0,
    approach: 0,
    fired: null,
  };
}

/** A crossing and its way back are no pass: a foot that trembles on the line, or a truck that manoeuvres. */
function crossedBy(truck: Truck, foot: Point, at: number, setting: RuleSetting<'muck-truck'>): Truck['crossed'] {
  const direction = crossing(truck.foot, foot, setting.zone.gateLine, setting.zone.inside);
  if (!direction) return truck.crossed;
  if (truck.crossed && truck.crossed.direction !== direction && at - truck.crossed.at < TURN_BACK_MS) return null;
  return { at, direction };
}

export function seeTruck(
  truck: Truck,
  track: Track,
  at: number,
  certain: boolean,
  setting: RuleSetting<'muck-truck'>,
): Truck {
  const foot = footPoint(track.box);
  const dt = Math.max(1, at - truck.seenAt) / 1000;
  const washing = certain && setting.zone.washBox !== undefined && inPolygon(foot, setting.zone.washBox);
  return {
    ...truck,
    track: track.id,
    box: track.box,
    foot,
    velocity: [
      0.5 * truck.velocity[0] + (0.5 * (foot[0] - truck.foot[0])) / dt,
      0.5 * truck.velocity[1] + (0.5 * (foot[1] - truck.foot[1])) / dt,
    ],
    score: Math.max(truck.score, track.score),
    seenAt: at,
    muck: truck.muck || track.concept === 'muck_truck',
    votes: vote(truck.votes, track, at),
    washMs: truck.washMs + (washing ? at - truck.seenAt : 0),
    crossed: crossedBy(truck, foot, at, setting),
  };
}

/** How good this frame is to show the bed; 0 where it does not. */
export function bedQuality(track: Track): number {
  return showsBed(track) ? track.score * Math.sqrt(track.box[2] * track.box[3]) : 0;
}

/**
 * A truck that crosses a second time, long after the first, is a second pass: the yard's view is far and small, and one
 * truck goes out of it as the next comes in. Its votes begin half-way between the two.
 */
export function splitPass(before: Truck, after: Truck, id: number): readonly Truck[] {
  if (!before.crossed || !after.crossed || after.crossed.at === before.crossed.at) return [after];
  const from = (before.crossed.at + after.crossed.at) / 2;
  const votes = after.votes.filter(([at]) => at >= from);
  return [before, { ...after, id, firstAt: from, votes, washMs: 0, bed: 0, approach: 0, fired: null }];
}
