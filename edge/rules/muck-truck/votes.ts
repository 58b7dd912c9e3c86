/** Load and cover of a bed, voted over the frames in which it could be seen; "unknown" is an answer. */
import type { Point } from '../../../contracts/geometry.ts';
import type { Cover, Detection, Load } from '../../domain/detection.ts';
import { area, distance, footPoint } from '../../geometry/box.ts';
import {
  CUT_WEIGHT,
  EDGE,
  FULL_BED_AREA,
  MAJORITY,
  MAX_VIEW_FRAMES,
  MAX_VIEWS,
  MIN_BED_AREA,
  MIN_KNOWN_SHARE,
  MIN_MUCK_SHARE,
  VIEW_HEIGHTS,
} from './tuning.ts';

/** Frames with the same label: another lorry (`muck` false), or a muck truck with its load and cover. */
type Tally = {
  readonly muck: boolean;
  readonly load: Load;
  readonly cover: Cover;
  readonly frames: number;
  readonly weight: number;
};
/**
 * Frames in which the truck stood in about the same place: they see the same and err alike, so a truck that waits for
 * minutes must not outvote itself on the move.
 */
type View = {
  readonly at: number;
  readonly from: Point;
  readonly frames: number;
  readonly tallies: readonly Tally[];
};
export type Votes = readonly View[];

export type BedDecision = {
  /** A muck truck, and not a lorry that was called one in single frames. */
  readonly muck: boolean;
  readonly load: Load;
  readonly cover: Cover;
  /** Loaded and without cover in the same frames: a cover seen on an empty bed tells nothing of a loaded one. */
  readonly uncovered: boolean;
  /** Frames that told something of the bed. */
  readonly bedFrames: number;
};

/** Touches the edge of the frame: part of the truck may be outside. */
export function isCut([x, y, w, h]: Detection['box']): boolean {
  return x < EDGE || y < EDGE || x + w > 1 - EDGE || y + h > 1 - EDGE;
}

/** The model told something of the bed, in a box large enough to believe it. */
export function showsBed(seen: Detection): boolean {
  const known = (seen.load ?? 'unknown') !== 'unknown' || (seen.cover ?? 'unknown') !== 'unknown';
  return known && area(seen.box) >= MIN_BED_AREA;
}

function weightOf(seen: Detection): number {
  const size = Math.min(1, area(seen.box) / FULL_BED_AREA);
  return seen.score * size * (isCut(seen.box) ? CUT_WEIGHT : 1);
}

function count(tallies: readonly Tally[], seen: Detection): Tally[] {
  const muck = seen.concept === 'muck_truck';
  const load = seen.load ?? 'unknown';
  const cover = seen.cover ?? 'unknown';
  const weight = weightOf(seen);
  const same = (t: Tally) => t.muck === muck && t.load === load && t.cover === cover;
  if (!tallies.some(same)) return [...tallies, { muck, load, cover, frames: 1, weight }];
  return tallies.map((t) => (same(t) ? { ...t, frames: t.frames + 1, weight: t.weight + weight } : t));
}

/** Adds the vote of one frame; boxes too small to tell anything are left out. @param at ms */
export function vote(votes: Votes, seen: Detection, at: number, aspect: number): Votes {
  if (area(seen.box) < MIN_BED_AREA) return votes;
  const foot = footPoint(seen.box);
  const last = votes.at(-1);
  if (!last || distance(last.from, foot, aspect) > VIEW_HEIGHTS * seen.box[3]) {
    return [...votes.slice(-MAX_VIEWS + 1), { at, from: foot, frames: 1, tallies: count([], seen) }];
  }
  return [...votes.slice(0, -1), { ...last, at, frames: last.frames + 1, tallies: count(last.tallies, seen) }];
}

type Sums = { readonly frames: number; readonly weight: number };

function sums(votes: Votes, counts: (tally: Tally) => boolean): Sums {
  let frames = 0;
  let weight = 0;
  for (const view of votes) {
    const scale = Math.min(1, MAX_VIEW_FRAMES / view.frames);
    for (const tally of view.tallies) {
      if (!counts(tally)) continue;
      frames += tally.frames;
      weight += tally.weight * scale;
    }
  }
  return { frames, weight };
}

type Bar = { readonly frames: number; readonly majority: number };

function winner<T extends string>(votes: Votes, words: readonly T[], wordOf: (tally: Tally) => string, bar: Bar) {
  const all = sums(votes, ({ muck }) => muck).weight;
  const known = sums(votes, (tally) => tally.muck && wordOf(tally) !== 'unknown').weight;
  if (known < MIN_KNOWN_SHARE * all) return 'unknown';
  const won = words.find((word) => {
    const { frames, weight } = sums(votes, (tally) => tally.muck && wordOf(tally) === word);
    return frames >= bar.frames && weight >= bar.majority * known;
  });
  return won ?? 'unknown';
}

/** What most of the weight voted for, if at least `minFrames` frames did. @param majority share of the weight, 0..1 */
export function decide(votes: Votes, minFrames: number, majority = MAJORITY): BedDecision {
  const bar = { frames: minFrames, majority };
  const all = sums(votes, () => true).weight;
  const mucks = sums(votes, ({ muck }) => muck).weight;
  const muck = all > 0 && mucks >= MIN_MUCK_SHARE * all;
  const open = sums(votes, (t) => t.muck && t.load === 'loaded' && t.cover === 'uncovered');
  const sheeted = sums(votes, (t) => t.muck && (t.cover === 'covered' || t.cover === 'partly')).weight;
  const load = winner(votes, ['loaded', 'empty'] as const, (tally) => tally.load, bar);
  return {
    muck,
    load,
    cover: winner(votes, ['covered', 'partly', 'uncovered'] as const, ({ cover }) => cover, bar),
    uncovered:
      muck &&
      load === 'loaded' &&
      open.frames >= minFrames &&
      open.weight >= majority * (open.weight + sheeted) &&
      open.weight >= MIN_KNOWN_SHARE * mucks,
    bedFrames: sums(votes, (t) => t.muck && (t.load !== 'unknown' || t.cover !== 'unknown')).frames,
  };
}

/** Votes from an instant on: those of the second pass of a truck that came back. */
export function votesFrom(votes: Votes, from: number): Votes {
  return votes.filter(({ at }) => at >= from);
}
