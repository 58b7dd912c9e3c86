import { describe, expect, test } from 'vitest';
import type { Cover, Detection, Load } from '../../domain/detection.ts';
import { decide, type Votes, vote } from './votes.ts';

type Said = readonly [Load, Cover, number];

/** A truck on its way through the picture, called this and that in so many frames. */
function votesOf(...said: readonly Said[]): Votes {
  const words = said.flatMap(([load, cover, frames]) => Array.from({ length: frames }, () => ({ load, cover })));
  return words.reduce<Votes>((votes, word, i) => {
    const box: Detection['box'] = [0.2, 0.1 + 0.01 * i, 0.3, 0.2];
    const seen: Detection = { concept: 'muck_truck', label: '', score: 0.9, box, ...word };
    return vote(votes, seen, i * 200, 16 / 9);
  }, []);
}

const open = (frames: number): Said => ['loaded', 'uncovered', frames];
const partly = (frames: number): Said => ['loaded', 'partly', frames];
const covered = (frames: number): Said => ['loaded', 'covered', frames];
const empty = (frames: number): Said => ['empty', 'uncovered', frames];
const unknown = (frames: number): Said => ['unknown', 'unknown', frames];

describe('an open bed', () => {
  test.each<[string, Said[], boolean]>([
    ['most frames', [open(10), covered(3)], true],
    [
      'a sheet in some and an empty bed in a few report not together against it',
      [open(12), partly(5), covered(1), empty(2)],
      true,
    ],
    ['a sheet in too many', [open(10), partly(8)], false],
    ['as often empty as loaded', [open(10), empty(10)], false],
    ['an empty bed, and a load under a sheet', [empty(8), covered(8)], false],
    ['almost nothing was seen', [open(3), unknown(30)], false],
  ])('%s', (_, said, uncovered) => expect(decide(votesOf(...said), 3)).toMatchObject({ muck: true, uncovered }));
});
