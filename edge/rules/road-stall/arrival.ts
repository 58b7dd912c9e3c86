/**
 * Arrival proof: something stands here that did not when the place was first seen (decision 32). What a detector takes for
 * a stall and has stood since the first look, a painted cabinet, a planter or a poster, is no event.
 */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { BackgroundMap, Scene } from '../../domain/scene.ts';
import { clamp } from '../../geometry/numbers.ts';
import type { Arrival, Place } from './place.ts';
import {
  AROUND_SECONDS,
  ARRIVAL_MS,
  BOX_MARGIN,
  DWELLS_TO_HOLD,
  MAX_AGREEMENT,
  MAX_AROUND,
  MAX_HOLD_MS,
  MAX_LONE_AGREEMENT,
  MIN_ARRIVED_SHARE,
  MIN_PROOF_DWELL_SECONDS,
  MIN_REPLACED_SHARE,
  MIN_STANDING_AGREEMENT,
  MIN_STANDING_SHARE,
  MIN_TELLING_BLOCKS,
  MIN_TELLING_SHARE,
} from './tuning.ts';

/** Blocks of a box by what they tell. */
export type BoxHistory = {
  readonly arrived: number;
  readonly standing: number;
  readonly differing: number;
  /** How much the structure of the whole box is that of before: cosine of gradients, −1..1. */
  readonly agreement: number;
  /** Share of the blocks around it with structure that became new at the same time. */
  readonly around: number;
};

/** Blocks of the grid: first and last column and row. */
type Cells = readonly [left: number, right: number, top: number, bottom: number];

/** @param margin shares of the box's size that are left out on each side; below 0 they are added */
function cellsOf([x, y, w, h]: BoxXywh, { cols, rows }: BackgroundMap, margin: number): Cells {
  const along = (from: number, size: number, share: number, count: number) =>
    clamp(Math.floor((from + share * size) * count), 0, count - 1);
  return [
    along(x, w, margin, cols),
    along(x, w, 1 - margin, cols),
    along(y, h, margin, rows),
    along(y, h, 1 - margin, rows),
  ];
}

/** Share of the telling blocks around `inner` that became new within `AROUND_SECONDS` of `second`. */
function shareAround(inner: Cells, outer: Cells, map: BackgroundMap, second: number): number {
  let [all, changed] = [0, 0];
  for (let row = outer[2]; row <= outer[3]; row++) {
    for (let col = outer[0]; col <= outer[1]; col++) {
      if (col >= inner[0] && col <= inner[1] && row >= inner[2] && row <= inner[3]) continue;
      const at = row * map.cols + col;
      const state = map.states[at];
      if (state !== 1 && state !== 4) continue;
      all++;
      if (Math.abs((map.since[at] as number) - second) <= AROUND_SECONDS) changed++;
    }
  }
  return all > 0 ? changed / all : 0;
}

/**
 * @param box shares of the frame
 * @param from ms; what changed before it is no arrival of what is there now
 * @param until ms; a block of which nothing was known then may have been empty before, and tells nothing
 */
export function historyOf(box: BoxXywh, map: BackgroundMap, from: number, until: number): BoxHistory {
  const { cols, states, since, knownSince, now, before } = map;
  const cells = cellsOf(box, map, BOX_MARGIN);
  const [left, right, top, bottom] = cells;
  const blocks = { arrived: 0, standing: 0, differing: 0 };
  let [both, mine, theirs, seconds] = [0, 0, 0, 0];
  for (let row = top; row <= bottom; row++) {
    for (let at = row * cols + left; at <= row * cols + right; at++) {
      const state = states[at];
      if (state === 2) blocks.differing++;
      if (state !== 1 && state !== 4) continue;
      const isNew = (since[at] as number) * 1000 >= from;
      if (!isNew && (knownSince[at] as number) * 1000 > until) continue;
      if (isNew) seconds += since[at] as number;
      if (isNew) blocks.arrived++;
      else blocks.standing++;
      const old = isNew && state === 4 ? before : now;
      const [nx, ny, ox, oy] = [now.x[at] as number, now.y[at] as number, old.x[at] as number, old.y[at] as number];
      both += nx * ox + ny * oy;
      mine += nx * nx + ny * ny;
      theirs += ox * ox + oy * oy;
    }
  }
  const agreement = mine > 0 && theirs > 0 ? both / Math.sqrt(mine * theirs) : 0;
  const around =
    blocks.arrived > 0 ? shareAround(cellsOf(box, map, 0), cellsOf(box, map, -1), map, seconds / blocks.arrived) : 0;
  return { ...blocks, agreement, around };
}

/** Share of the blocks that can be told of which are new; null where too few can. What moves in front tells nothing. */
function newShare({ arrived, standing, differing }: BoxHistory): number | null {
  const telling = arrived + standing;
  if (telling < MIN_TELLING_BLOCKS || telling < MIN_TELLING_SHARE * (telling + differing)) return null;
  return arrived / telling;
}

/**
 * Enough blocks are new; and the box as a whole shows something else than before, or at least it alone has changed: light
 * changes what is around a box too.
 */
function hasArrived(history: BoxHistory, minShare: number): boolean {
  const share = newShare(history);
  if (share === null || share < minShare) return false;
  const { agreement, around } = history;
  return agreement < MAX_AGREEMENT || (agreement < MAX_LONE_AGREEMENT && around < MAX_AROUND * share);
}

/** A composite is made of people who come and go: what they prove has arrived. */
const provesItself = ({ source, mustAttend }: Place): boolean =>
  source === 'vehicle' || (source === 'props' && mustAttend > 0);

/** How long an appearance must hold to be a place's, ms; null where the zone asks for no proof. */
export function proofHoldMs({ zone, params }: RuleContext<'road-stall'>): number | null {
  if (zone.arrival === 'off' || params.dwellSeconds < MIN_PROOF_DWELL_SECONDS) return null;
  return Math.min(MAX_HOLD_MS, (1000 * params.dwellSeconds) / DWELLS_TO_HOLD);
}

/** Whether what stands on a place has arrived there; once it is known it stays known. */
export function arrivalOf(place: Place, scene: Scene, context: RuleContext<'road-stall'>): Arrival {
  if (place.arrival !== null) return place.arrival;
  if (!scene.background || provesItself(place) || proofHoldMs(context) === null) return 'arrived';
  const history = historyOf(place.box, scene.background, place.firstAt - ARRIVAL_MS, place.firstAt);
  if (hasArrived(history, MIN_ARRIVED_SHARE)) return 'arrived';
  const share = newShare(history);
  const stands = share !== null && 1 - share >= MIN_STANDING_SHARE && history.agreement >= MIN_STANDING_AGREEMENT;
  return stands ? 'standing' : null;
}

/** Whether something else stands where a standing thing was found. */
export function isReplaced({ arrival, standingFrom, box }: Place, { background }: Scene): boolean {
  if (arrival !== 'standing' || standingFrom === null || !background) return false;
  return hasArrived(historyOf(box, background, standingFrom, standingFrom), MIN_REPLACED_SHARE);
}
