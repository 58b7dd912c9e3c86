/** New material on the road behind a truck: found, held against what stands on it, and seen to stay. */
import type { Point, Polygon } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { GroundSample, Scene } from '../../domain/scene.ts';
import { intersection } from '../../geometry/box.ts';
import { groundMap } from '../../geometry/ground-plane.ts';
import {
  areaOf,
  type Cells,
  cellsOf,
  hiddenAround,
  hiddenCells,
  largestHeap,
  largestPatch,
  outlineOf,
} from './ground-cells.ts';
import { changedGround } from './ground-change.ts';
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
  ROAD_S,
} from './tuning.ts';

type Context = RuleContext<'muck-truck'>;
/** The road as it was when nothing stood on it, cell by cell. */
export type Road = {
  readonly at: number;
  readonly sample: GroundSample;
  /** When each cell was last hidden, ms. */
  readonly hiddenAt: readonly number[];
  readonly aroundHiddenAt: readonly number[];
};
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
export type Watch = {
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
  readonly watches: readonly Watch[];
  /** Watched time since the last sample, ms. */
  readonly waitedMs: number;
};
export const noGround: Ground = { road: null, watches: [], waitedMs: 0 };

/** Before any time; JSON knows no infinity. */
const NEVER = -1e15;

/** Cells of another colour than before; none where nothing can be said. */
export function changedCells(before: GroundSample, now: GroundSample): number[] {
  return changedGround(before, now) ?? [];
}

function isNear([x, y, w, h]: Track['box'], { bounds }: Cells, margin: number): boolean {
  return intersection([x - margin * w, y - margin * h, w * (1 + 2 * margin), h * (1 + 2 * margin)], bounds) > 0;
}

/** A heap of soil looks like a stall to a detector, and no stall is put up within seconds behind a truck. */
const lies = (concept: Track['concept']): boolean => concept === 'stall' || concept === 'goods';

type Look = {
  readonly at: number;
  readonly now: GroundSample;
  readonly cells: Cells;
  readonly hiddenAt: readonly number[];
  readonly aroundHiddenAt: readonly number[];
  /** Hidden now or a moment ago. */
  readonly hidden: readonly boolean[];
  readonly aroundHidden: readonly boolean[];
  readonly inside: number;
  /** A truck is over the patch, from the site or not. */
  readonly truckOver: boolean;
};

const recent = (times: readonly number[], at: number) => times.map((time) => at - time <= HIDE_MS);

function marked(before: readonly number[] | undefined, hidden: readonly boolean[], at: number): number[] {
  return hidden.map((is, i) => (is ? at : before?.length === hidden.length ? (before[i] as number) : NEVER));
}

/** Moves the road's picture towards what is seen now, where it has been in sight and no truck is near. */
function paint(
  before: readonly number[],
  now: readonly number[],
  gain: number,
  seen: (i: number) => boolean,
): number[] {
  return now.map((value, i) => {
    const old = before[i] as number;
    if (old < 0 && seen(i)) return value;
    return seen(i) ? Math.round(10 * (old + gain * (value - old))) / 10 : old;
  });
}

function newRoad(road: Road | null, look: Look, quiet: boolean): Road | null {
  const { at, now, hidden, aroundHidden } = look;
  const { hiddenAt, aroundHiddenAt } = look;
  const same = road && road.sample.cols === now.cols && road.sample.rows === now.rows;
  if (!same) {
    // What is hidden now is not known yet.
    const rgb = now.rgb.map((value, i) => (hidden[Math.floor(i / 3)] ? -1 : value));
    return { at, sample: { ...now, rgb }, hiddenAt, aroundHiddenAt };
  }
  if (!quiet) return { ...road, hiddenAt, aroundHiddenAt };
  const gain = 1 - Math.exp(-(at - road.at) / 1000 / ROAD_S);
  const cell = (i: number) => !hidden[Math.floor(i / 3)];
  const { rgb, texture, around } = road.sample;
  const sample: GroundSample = {
    ...now,
    rgb: paint(rgb, now.rgb, gain, cell),
    ...(texture && now.texture ? { texture: paint(texture, now.texture, gain, (i) => !hidden[i]) } : {}),
    ...(around && now.around?.length === around.length
      ? { around: paint(around, now.around, gain, (i) => !aroundHidden[Math.floor(i / 5)]) }
      : {}),
  };
  return { at, sample, hiddenAt, aroundHiddenAt };
}

function lookAt(
  ground: Ground,
  trucks: readonly Truck[],
  scene: Scene,
  now: GroundSample,
  { polygon, minScore }: { readonly polygon: Polygon; readonly minScore: number },
): Look {
  const cells = cellsOf(now, polygon);
  const boxes = scene.tracks.filter(({ score, concept }) => score >= minScore && !lies(concept)).map(({ box }) => box);
  const hiddenAt = marked(ground.road?.hiddenAt, hiddenCells(cells, boxes), scene.at);
  const aroundHiddenAt = marked(ground.road?.aroundHiddenAt, hiddenAround(now.around ?? [], boxes), scene.at);
  return {
    ...{ at: scene.at, now, cells, hiddenAt, aroundHiddenAt },
    hidden: recent(hiddenAt, scene.at),
    aroundHidden: recent(aroundHiddenAt, scene.at),
    truckOver: trucks.some(({ seenAt, box }) => seenAt === scene.at && isNear(box, cells, 0)),
    inside: now.rgb.filter((value, i) => i % 3 === 0 && value >= 0).length,
  };
}

/** What lies there when the hold ends has lain there since nothing hid it and the truck was gone. */
function heldFor(patch: readonly number[], { at, hiddenAt }: Look, overAt: number): number {
  const ago = at - Math.max(overAt, ...patch.map((cell) => hiddenAt[cell] as number));
  return ago < 2 * HIDE_MS ? ago : 0;
}

/** The patch as it is now: still there, grown, gone, or out of sight. It has to stay after its truck has cleared it. */
function followPatch({ patch, overAt }: Watch, changed: readonly number[], look: Look, ms: number): Patch | null {
  const largest = largestHeap(changed, look.cells.cols);
  // What looks new while a truck is there is most often that truck, out of its box by a little, or its own spill.
  const large = !look.truckOver && largest.length >= Math.max(MIN_PATCH_CELLS, MIN_PATCH_SHARE * look.inside);
  const fresh = () => ({
    ...{ cells: largest, since: look.at, hiddenMs: 0, misses: 0 },
    stayedMs: heldFor(largest, look, overAt),
  });
  if (overAt === look.at) return null;
  if (!patch) return large ? fresh() : null;
  const inSight = patch.cells.filter((cell) => !look.hidden[cell]);
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
function spillOf(patch: Patch, changed: readonly number[], { cells, hidden }: Look, context: Context): Spill {
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

/** `ms`: watched time since the last look. */
function followWatch(watch: Watch, look: Look, ms: number, context: Context): Watch {
  if (watch.spill) return watch;
  const changed = changedGround(watch.before, look.now, { cells: look.hidden, around: look.aroundHidden });
  if (!changed) return watch;
  const patch = followPatch(watch, changed, look, ms);
  if (!patch) return { ...watch, patch };
  const behind = patch.since - watch.overAt <= context.params.spillBehindSeconds * 1000;
  const stayed = patch.stayedMs >= context.params.spillPersistSeconds * 1000;
  return { ...watch, patch, spill: behind && stayed ? spillOf(patch, changed, look, context) : null };
}

/** A watch that can still find something. */
export function isOpen(watch: Watch, at: number, context: Context): boolean {
  if (watch.spill) return false;
  if (watch.patch) return watch.patch.since - watch.overAt <= context.params.spillBehindSeconds * 1000;
  return at - watch.overAt <= context.params.spillBehindSeconds * 1000;
}

/** Watches of trucks that are there: new ones for trucks that come over the patch from the site. */
function watchesOf(ground: Ground, trucks: readonly Truck[], at: number, cells: Cells): Watch[] {
  const { road } = ground;
  return trucks.flatMap((truck): Watch[] => {
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
function oneEach(watches: readonly Watch[]): Watch[] {
  const touches = (a: Watch, b: Watch) => a.patch?.cells.some((cell) => b.patch?.cells.includes(cell)) === true;
  const isAhead = (a: Watch, b: Watch) => {
    const earlier = (a.patch?.since ?? 0) - (b.patch?.since ?? 0);
    return earlier === 0 ? a.overAt > b.overAt : earlier < 0;
  };
  return watches.map((watch) => {
    const taken = watches.some((other) => other !== watch && touches(other, watch) && isAhead(other, watch));
    return watch.spill && taken ? { ...watch, spill: null } : watch;
  });
}

/** The ground with what lies in these cells and beside them now. */
function absorb(sample: GroundSample, now: GroundSample, patch: readonly number[]): GroundSample {
  const { cols } = sample;
  const cells = new Set(patch.flatMap((cell) => [cell, cell - 1, cell + 1, cell - cols, cell + cols]));
  const rgb = sample.rgb.map((value, i) => (cells.has(Math.floor(i / 3)) ? (now.rgb[i] as number) : value));
  const { texture } = sample;
  if (!texture || !now.texture) return { ...sample, rgb };
  return { ...sample, rgb, texture: texture.map((value, i) => (cells.has(i) ? (now.texture?.[i] as number) : value)) };
}

/** A spill that has been said is part of the road from then on, and nobody else's. */
function settle(ground: Ground, before: readonly Watch[], now: GroundSample): Ground {
  const wasSaid = ({ truck }: Watch) => before.some((old) => old.truck === truck && old.spill !== null);
  const fresh = ground.watches.filter((watch) => watch.spill !== null && !wasSaid(watch));
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
 * `certainMs`: watched time since the last scene.
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
  const look = lookAt(ground, trucks, scene, sample, { polygon, minScore: context.params.minScore });
  const near = trucks.some((truck) => truck.awayMs <= HIDE_MS && isNear(truck.box, look.cells, NEAR_SHARE));
  const watches = watchesOf({ ...ground, watches: alive }, trucks, scene.at, look.cells);
  const followed = watches.map((watch) => followWatch(watch, look, waitedMs, context));
  const next = { road: newRoad(ground.road, look, !near), watches: oneEach(followed), waitedMs: 0 };
  return settle(next, alive, sample);
}
