/** Load and cover of a bed, voted over the frames in which it could be seen; "unknown" is an answer. */
import type { Cover, Load, Track } from '../../domain/detection.ts';

type Tally = Readonly<Record<string, readonly [number, number]>>;
export type Votes = { readonly frames: number; readonly load: Tally; readonly cover: Tally };

export const noVotes: Votes = { frames: 0, load: {}, cover: {} };
/** Share of the weight that the winner must have. */
const MAJORITY = 0.6;
/** A bed smaller than this share of the frame tells nothing. */
const LEAST_AREA = 0.003;

function added(tally: Tally, answer: string | undefined, weight: number): Tally {
  if (answer === undefined || answer === 'unknown') return tally;
  const [count, sum] = tally[answer] ?? [0, 0];
  return { ...tally, [answer]: [count + 1, sum + weight] };
}

export function showsBed(track: Track): boolean {
  const known = (track.load ?? 'unknown') !== 'unknown' || (track.cover ?? 'unknown') !== 'unknown';
  return known && track.box[2] * track.box[3] >= LEAST_AREA;
}

export function vote(votes: Votes, track: Track): Votes {
  if (!showsBed(track)) return votes;
  return {
    frames: votes.frames + 1,
    load: added(votes.load, track.load, track.score),
    cover: added(votes.cover, track.cover, track.score),
  };
}

function winner(tally: Tally, minFrames: number): string {
  const entries = Object.entries(tally).sort(([a, x], [b, y]) => y[1] - x[1] || (a < b ? -1 : 1));
  const total = entries.reduce((sum, [, [, weight]]) => sum + weight, 0);
  const [first] = entries;
  return first && first[1][0] >= minFrames && first[1][1] >= MAJORITY * total ? first[0] : 'unknown';
}

export function decide(votes: Votes, minFrames: number): { readonly load: Load; readonly cover: Cover } {
  return { load: winner(votes.load, minFrames) as Load, cover: winner(votes.cover, minFrames) as Cover };
}
