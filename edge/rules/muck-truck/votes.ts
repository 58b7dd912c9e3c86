/** Load and cover of a bed, voted over the frames in which it could be seen; "unknown" is an answer. */
import type { Point } from '../../../contracts/geometry.ts';
import type { Cover, Load, Track } from '../../domain/detection.ts';
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

/** What frames said alike: another lorry (`muck` false), or a muck truck with its load and cover. */
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

export type Verdict = {
  /** A muck truck, and not a lorry that was called one in single frames. */
  readonly muck: boolean;
  readonly load: Load;
  readonly cover: Cover;
  /** Loaded and without cover, in one breath: cover seen on an empty bed says nothing of a loaded one. */
  readonly uncovered: boolean;
  /** Frames that said something about the bed. */
  readonly bedFrames: number;
};

/** Touches the edge of the frame: part of the truck may be outside. */
export function isCut([x, y, w, h]: Track['box']): boolean {
  return x < EDGE || y < EDGE || x + w > 1 - EDGE || y + h > 1 - EDGE;
}

export function showsBed(track: Track): boolean {
  const known = (track.load ?? 'unknown') !== 'unknown' || (track.cover ?? 'unknown') !== 'unknown';
  return known && area(track.box) >= MIN_BED_AREA;
}

function weightOf(track: Track): number {
  const size = Math.min(1, area(track.box) / FULL_BED_AREA);
  return track.score * size * (isCut(track.box) ? CUT_WEIGHT : 1);
}

function count(tallies: readonly Tally[], track: Track): Tally[] {
  const muck = track.concept === 'muck_truck';
  const load = track.load ?? 'unknown';
  const cover = track.cover ?? 'unknown';
  const weight = weightOf(track);
  const same = (t: Tally) => t.muck === muck && t.load === load && t.cover === cover;
  if (!tallies.some(same)) return [...tallies, { muck, load, cover, frames: 1, weight }];
  return tallies.map((t) => (same(t) ? { ...t, frames: t.frames + 1, weight: t.weight + weight } : t));
}

/** Adds what one frame says; frames too small to say anything are left out. */
export function vote(votes: Votes, track: Track, at: number, aspect: number): Votes {
  if (area(track.box) < MIN_BED_AREA) return votes;
  const foot = footPoint(track.box);
  const last = votes.at(-1);
  if (!last || distance(last.from, foot, aspect) > VIEW_HEIGHTS * track.box[3]) {
    return [...votes.slice(-MAX_VIEWS + 1), { at, from: foot, frames: 1, tallies: count([], track) }];
  }
  return [...votes.slice(0, -1), { ...last, at, frames: last.frames + 1, tallies: count(last.tallies, track) }];
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

/** What most of the weight says, if at least `minFrames` frames say it. */
export function decide(votes: Votes, minFrames: number, majority = MAJORITY): Verdict {
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
