/** Which side of the gate line a truck is on, and when it crossed: steady against boxes that tremble. */
import type { Point } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { smoothingGain } from '../../geometry/numbers.ts';
import { side } from '../../geometry/polygon.ts';
import {
  LINE_SMOOTH_S,
  MAX_OVERHANG,
  MIN_CLEAR_HEIGHTS,
  MIN_SURE_HEIGHTS,
  MIN_SURE_TWICE_HEIGHTS,
  TURN_BACK_MS,
} from './tuning.ts';

type Context = RuleContext<'muck-truck'>;
type Direction = 'outbound' | 'inbound';
type Crossing = { readonly at: number; readonly x: number; readonly direction: Direction };
export type Passage = {
  /** The side that it is surely on; null while it has only been seen on the line. */
  readonly side: 'home' | 'street' | null;
  /** Smoothed distance from the line in the truck's own heights, above 0 on the site's side. */
  readonly depth: number;
  /** The same of the last sight alone. */
  readonly rawDepth: number;
  readonly foot: Point;
  readonly at: number;
  /** Where and when the foot last changed sides, to the street and to home. */
  readonly out: { readonly at: number; readonly foot: Point } | null;
  readonly back: { readonly at: number; readonly foot: Point } | null;
  readonly crossed: Crossing | null;
  /** It has been well clear of the line since it crossed: what comes back now is another pass. */
  readonly clear: boolean;
};

/** Signed distance from the line in frame heights, above 0 on the site's side; and the share along the line. */
function relate(foot: Point, { zone }: Context, aspect: number) {
  const scale = ([x, y]: Point): Point => [x * aspect, y];
  const [a, b] = [scale(zone.gateLine[0]), scale(zone.gateLine[1])];
  const p = scale(foot);
  const length2 = Math.max(1e-12, (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2);
  const home = Math.sign(side(scale(zone.inside), a, b));
  return {
    depth: (home * side(p, a, b)) / Math.sqrt(length2),
    along: ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length2,
  };
}

/** Distance of a point from the line in frame heights, above 0 on the site's side. */
export function homeward(point: Point, context: Context, aspect: number): number {
  return relate(point, context, aspect).depth;
}

const sureSide = (depth: number): Passage['side'] =>
  depth > MIN_SURE_HEIGHTS ? 'home' : depth < -MIN_SURE_HEIGHTS ? 'street' : null;

function sureTwice(last: number, now: number): Passage['side'] {
  if (Math.min(last, now) > MIN_SURE_TWICE_HEIGHTS) return 'home';
  return Math.max(last, now) < -MIN_SURE_TWICE_HEIGHTS ? 'street' : null;
}

/** Clear of the line on either side. */
function isBeyond(last: number, now: number, smooth: number): boolean {
  return (
    Math.abs(smooth) >= MIN_CLEAR_HEIGHTS ||
    Math.min(last, now) >= MIN_CLEAR_HEIGHTS ||
    Math.max(last, now) <= -MIN_CLEAR_HEIGHTS
  );
}

/** A truck at its first sight. @param height of its box, share of the frame; @param at ms */
export function beginPassage(foot: Point, height: number, at: number, context: Context, aspect: number): Passage {
  const depth = homeward(foot, context, aspect) / height;
  return {
    ...{ side: sureSide(depth), depth, rawDepth: depth, foot, at },
    ...{ out: null, back: null, crossed: null, clear: false },
  };
}

/** Between two sights on either side of the line, where and when the foot was on it. */
function between(before: Passage, foot: Point, depth: number, at: number) {
  const share = before.rawDepth / (before.rawDepth - depth);
  const mix = (from: number, to: number) => from + share * (to - from);
  const point: Point = [mix(before.foot[0], foot[0]), mix(before.foot[1], foot[1])];
  return { at: Math.round(mix(before.at, at)), foot: point };
}

function throughGate(foot: Point, context: Context, aspect: number): boolean {
  const { along } = relate(foot, context, aspect);
  return along >= -MAX_OVERHANG && along <= 1 + MAX_OVERHANG;
}

/** What a change of sides makes of the crossing so far: a crossing and its way back are no pass. */
function crossOver(passage: Passage, to: 'home' | 'street', context: Context, aspect: number): Passage {
  const mark = to === 'street' ? passage.out : passage.back;
  if (!mark || !throughGate(mark.foot, context, aspect)) return { ...passage, side: to };
  const direction = to === 'street' ? 'outbound' : 'inbound';
  const last = passage.crossed;
  const turned = last !== null && last.direction !== direction && (!passage.clear || mark.at - last.at < TURN_BACK_MS);
  const crossed = turned ? null : { at: mark.at, x: mark.foot[0], direction: direction as Direction };
  return { ...passage, side: to, crossed, clear: false };
}

/** The next sight of the truck. */
export function followPassage(
  before: Passage,
  sight: { readonly foot: Point; readonly height: number; readonly at: number },
  context: Context,
  aspect: number,
): Passage {
  const { foot, height, at } = sight;
  const rawDepth = homeward(foot, context, aspect) / height;
  const gain = smoothingGain(Math.max(1, at - before.at), LINE_SMOOTH_S);
  const depth = before.depth + gain * (rawDepth - before.depth);
  const changed = before.rawDepth >= 0 !== rawDepth >= 0 ? between(before, foot, rawDepth, at) : null;
  const next: Passage = {
    ...{ side: before.side, depth, rawDepth, foot, at, crossed: before.crossed },
    out: changed && rawDepth < 0 ? changed : before.out,
    back: changed && rawDepth >= 0 ? changed : before.back,
    clear: before.clear || (before.crossed !== null && isBeyond(before.rawDepth, rawDepth, depth)),
  };
  const sure = sureSide(depth) ?? sureTwice(before.rawDepth, rawDepth);
  if (sure === null || sure === before.side) return next;
  if (before.side === null) return { ...next, side: sure };
  return crossOver(next, sure, context, aspect);
}

/** Seen beyond the line so long after it crossed that coming back would be another pass. */
export function isBeyondReturn({ crossed, clear, rawDepth, at }: Passage): boolean {
  if (!crossed || !clear || at - crossed.at < TURN_BACK_MS) return false;
  return crossed.direction === 'outbound' ? rawDepth < 0 : rawDepth > 0;
}

/** A truck that left the picture just after the line: its last sight counts without being smoothed. */
export function leavePassage(passage: Passage, context: Context, aspect: number): Passage {
  const leaving = passage.side === 'home' && passage.rawDepth < 0 && passage.crossed?.direction !== 'outbound';
  return leaving ? crossOver(passage, 'street', context, aspect) : passage;
}
