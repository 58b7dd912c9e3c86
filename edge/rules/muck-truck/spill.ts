/** New material on the road behind a truck: found, held against what stands on it, and seen to stay. */
import type { Point } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { GroundSample, Scene } from '../../domain/scene.ts';
import { groundMap } from '../../geometry/ground-plane.ts';
import { areaOf, type Cells, largestHeap, largestPatch, outlineOf } from './ground-cells.ts';
import { changedGround } from './ground-change.ts';
import { absorb, followRoad, type GroundView, isNear, type Road, viewGround } from './road.ts';
import type { Truck } from './truck.ts';
import {
  HIDE_MS,
  MAX_PATCH_HIDDEN_MS,
  MAX_PATCH_MISSES,
  MAX_ROAD_AGE_MS,
  MIN_IN_SIGHT_SHARE,
  MIN_PATCH_CELLS,
  MIN_PATCH_SHARE,
  MIN_STAYED_SHARE,
  NEAR_SHARE,
} from './tuning.ts';

type Context = RuleContext<'muck-truck'>;
type Patch = {
  readonly cells: readonly number[];
  readonly since: number;
  readonly stayedMs: number;
  /** Watched time in which it was out of sight, since it was last seen; counts when it is there afterwards. */
  readonly hiddenMs: number;
  readonly misses: number;
};
type Spill = { readonly polygon: readonly Point[]; readonly areaM2: number | null };
/** The road behind one truck. */
export type SpillWatch = {
  readonly truck: number;
  readonly before: GroundSample;
  readonly beforeAt: number;
  /** When the truck was last over the patch. */
  readonly overAt: number;
  readonly patch: Patch | null;
  readonly spill: Spill | null;
};
export type Ground = {
  readonly road: Road | null;
  readonly watches: readonly SpillWatch[];
  /** Watched time since the last sample, ms. */
  readonly waitedMs: number;
};
export const noGround: Ground = { road: null, watches: [], waitedMs: 0 };

/** What lies there when the hold ends has lain there since nothing hid it and the truck was gone. */
function heldFor(patch: readonly number[], { at, hiddenAt }: GroundView, overAt: number): number {
  const ago = at - Math.max(overAt, ...patch.map((cell) => hiddenAt[cell] as number));
  return ago < 2 * HIDE_MS ? ago : 0;
}

/** The patch as it is now: still there, grown, gone, or out of sight. It has to stay after its truck has cleared it. */
function followPatch(
  { patch, overAt }: SpillWatch,
  changed: readonly number[],
  view: GroundView,
  ms: number,
): Patch | null {
  const largest = largestHeap(changed, view.cells.cols);
  // What looks new while a truck is there is most often that truck, out of its box by a little, or its own spill.
  const large = !view.truckOver && largest.length >= Math.max(MIN_PATCH_CELLS, MIN_PATCH_SHARE * view.inside);
  const fresh = () => ({
    ...{ cells: largest, since: view.at, hiddenMs: 0, misses: 0 },
    stayedMs: heldFor(largest, view, overAt),
  });
  if (overAt === view.at) return null;
  if (!patch) return large ? fresh() : null;
  const inSight = patch.cells.filter((cell) => !view.hidden[cell]);
  if (inSight.length < MIN_IN_SIGHT_SHARE * patch.cells.length) return { ...patch, hiddenMs: patch.hiddenMs + ms };
  const now = new Set(changed);
  const there = inSight.filter((cell) => now.has(cell)).length;
  if (there < MIN_STAYED_SHARE * inSight.length) {
    // A lamp that passes over it changes its colour for a moment, so a new heap has to wait as well.
    if (patch.misses < MAX_PATCH_MISSES) return { ...patch, misses: patch.misses + 1 };
    return large ? fresh() : null;
  }
  const grown = large && largest.length > patch.cells.length && largest.some((cell) => patch.cells.includes(cell));
  const stayedMs = patch.stayedMs + ms + Math.min(MAX_PATCH_HIDDEN_MS, patch.hiddenMs);
  return { ...patch, cells: grown ? largest : patch.cells, stayedMs, hiddenMs: 0, misses: 0 };
}

/** Outline and area of what still shows, or is hidden: a patch may have grown by a passer-by for a moment. */
function spillOf(patch: Patch, changed: readonly number[], { cells, hidden }: GroundView, context: Context): Spill {
  const { groundPlane } = context.zone;
  const map = groundPlane ? groundMap(groundPlane) : null;
  const now = new Set(changed);
  const rest = patch.cells.filter((cell) => now.has(cell) || hidden[cell]);
  const shown = largestHeap(rest, cells.cols);
  const area = areaOf(shown, cells, map);
  return {
    polygon: outlineOf(largestPatch(shown, cells.cols), cells),
    areaM2: area === null ? null : Math.round(area * 10) / 10,
  };
}

/** `ms`: watched time since the last view. */
function followWatch(watch: SpillWatch, view: GroundView, ms: number, context: Context): SpillWatch {
  if (watch.spill) return watch;
  const changed = changedGround(watch.before, view.now, { cells: view.hidden, around: view.aroundHidden });
  if (!changed) return watch;
  const patch = followPatch(watch, changed, view, ms);
  if (!patch) return { ...watch, patch };
  const behind = patch.since - watch.overAt <= context.params.spillBehindSeconds * 1000;
  const stayed = patch.stayedMs >= context.params.spillPersistSeconds * 1000;
  return { ...watch, patch, spill: behind && stayed ? spillOf(patch, changed, view, context) : null };
}

/** Whether a spill may yet be found behind this truck. */
export function isOpen(watch: SpillWatch, at: number, context: Context): boolean {
  if (watch.spill) return false;
  if (watch.patch) return watch.patch.since - watch.overAt <= context.params.spillBehindSeconds * 1000;
  return at - watch.overAt <= context.params.spillBehindSeconds * 1000;
}

/** Watches of trucks that are there: new ones for trucks that come over the patch from the site. */
function watchesOf(ground: Ground, trucks: readonly Truck[], at: number, cells: Cells): SpillWatch[] {
  const { road } = ground;
  return trucks.flatMap((truck): SpillWatch[] => {
    const known = ground.watches.find((watch) => watch.truck === truck.id);
    const over = truck.seenAt === at && isNear(truck.box, cells, 0);
    if (known) return [over ? { ...known, overAt: at } : known];
    const leaving = truck.passage.crossed?.direction === 'outbound' || truck.passage.side === 'home';
    if (!over || !leaving || !road || at - road.at > MAX_ROAD_AGE_MS) return [];
    return [{ truck: truck.id, before: road.sample, beforeAt: road.at, overAt: at, patch: null, spill: null }];
  });
}

/**
 * One spill has one truck. Of several that it may belong to: the one behind which it showed first, or the last one over
 * the road before it did.
 */
function oneEach(watches: readonly SpillWatch[]): SpillWatch[] {
  const touches = (a: SpillWatch, b: SpillWatch) =>
    a.patch?.cells.some((cell) => b.patch?.cells.includes(cell)) === true;
  const isAhead = (a: SpillWatch, b: SpillWatch) => {
    const earlier = (a.patch?.since ?? 0) - (b.patch?.since ?? 0);
    return earlier === 0 ? a.overAt > b.overAt : earlier < 0;
  };
  return watches.map((watch) => {
    const taken = watches.some((other) => other !== watch && touches(other, watch) && isAhead(other, watch));
    return watch.spill && taken ? { ...watch, spill: null } : watch;
  });
}

/** A spill that has been reported is part of the road from then on, and no other truck's. */
function settle(ground: Ground, before: readonly SpillWatch[], now: GroundSample): Ground {
  const wasReported = ({ truck }: SpillWatch) => before.some((old) => old.truck === truck && old.spill !== null);
  const fresh = ground.watches.filter((watch) => watch.spill !== null && !wasReported(watch));
  if (fresh.length === 0) return ground;
  const cells = fresh.flatMap(({ patch }) => patch?.cells ?? []);
  const road = ground.road && { ...ground.road, sample: absorb(ground.road.sample, now, cells) };
  const watches = ground.watches.map((watch) => {
    if (watch.spill) return watch;
    const own = watch.patch?.cells.some((cell) => cells.includes(cell)) ? null : watch.patch;
    return { ...watch, patch: own, before: absorb(watch.before, now, cells) };
  });
  return { ...ground, road, watches };
}

/**
 * Follows the road behind the trucks. Scenes without a sample change nothing: the ground is sampled at its own pace.
 * @param certainMs watched time since the last scene
 */
export function followGround(
  ground: Ground,
  trucks: readonly Truck[],
  scene: Scene,
  context: Context,
  certainMs: number,
): Ground {
  const sample = scene.ground?.[context.zone.id];
  const polygon = context.zone.ground;
  if (!polygon) return ground;
  const waitedMs = ground.waitedMs + certainMs;
  const alive = ground.watches.filter((watch) => trucks.some(({ id }) => id === watch.truck));
  if (!sample) return { ...ground, watches: alive, waitedMs };
  const view = viewGround(ground.road, trucks, scene, sample, { polygon, minScore: context.params.minScore });
  const near = trucks.some((truck) => truck.awayMs <= HIDE_MS && isNear(truck.box, view.cells, NEAR_SHARE));
  const watches = watchesOf({ ...ground, watches: alive }, trucks, scene.at, view.cells);
  const followed = watches.map((watch) => followWatch(watch, view, waitedMs, context));
  const next = { road: followRoad(ground.road, view, !near), watches: oneEach(followed), waitedMs: 0 };
  return settle(next, alive, sample);
}
