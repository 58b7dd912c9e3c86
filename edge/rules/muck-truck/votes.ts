/** Load and cover of a bed, voted over the frames in which it could be seen; "unknown" is an answer. */
import type { Cover, Load, Track } from '../../domain/detection.ts';

/** One frame's word: [ms, load, cover, weight]. */
type Ballot = readonly [number, Load, Cover, number];
export type Votes = readonly Ballot[];

/** Share of the weight that the winner must have. */
const MAJORITY = 0.6;
/** A bed smaller than this share of the frame tells nothing. */
const LEAST_AREA = 0.003;
const MOST_BALLOTS = 300;

export function showsBed(track: Track): boolean {
  const known = (track.load ?? 'unknown') !== 'unknown' || (track.cover ?? 'unknown') !== 'unknown';
  return known && track.box[2] * track.box[3] >= LEAST_AREA;
}

export function vote(votes: Votes, track: Track, at: number): Votes {
  if (!showsBed(track)) return votes;
  return [...votes.slice(-MOST_BALLOTS + 1), [at, track.load ?? 'unknown', track.cover ?? 'unknown', track.score]];
}

function winner<T extends string>(words: readonly (readonly [T, number])[], minFrames: number): T | 'unknown' {
  const tally = new Map<T, { frames: number; weight: number }>();
  let total = 0;
  for (const [word, weight] of words) {
    if (word === 'unknown') continue;
    const entry = tally.get(word) ?? { frames: 0, weight: 0 };
    tally.set(word, { frames: entry.frames + 1, weight: entry.weight + weight });
    total += weight;
  }
  for (const [word, { frames, weight }] of tally) {
    if (frames >= minFrames && weight >= MAJORITY * total) return word;
  }
  return 'unknown';
}

/** What most of the weight says, if at least `minFrames` frames say it. */
export function decide(votes: Votes, minFrames: number): { readonly load: Load; readonly cover: Cover } {
  return {
    load: winner(
      votes.map(([, load, , weight]) => [load, weight]),
      minFrames,
    ),
    cover: winner(
      votes.map(([, , cover, weight]) => [cover, weight]),
      minFrames,
    ),
  };
}
