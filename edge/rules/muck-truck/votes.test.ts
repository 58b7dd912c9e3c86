import { describe, expect, test } from 'vitest';
import type { Cover, Load, Track } from '../../domain/detection.ts';
import { decide, type Votes, vote } from './votes.ts';

type Said = readonly [Load, Cover, number];

/** A truck on its way through the picture, called this and that in so many frames. */
function votesOf(...said: readonly Said[]): Votes {
  const words = said.flatMap(([load, cover, frames]) => Array.from({ length: frames }, () => ({ load, cover })));
  return words.reduce<Votes>((votes, word, i) => {
    const box = [0.2, 0.1 + 0.01 * i, 0.3, 0.2] as const;
    const track = { concept: 'muck_truck', label: '', score: 0.9, box, ...word } as unknown as Track;
    return vote(votes, track, i * 200, 16 / 9);
  }, []);
}

describe('an open bed', () => {
  test.each<[string, Said[], boolean]>([
    [
      'most frames',
      [
        ['loaded', 'uncovered', 10],
        ['loaded', 'covered', 3],
      ],
      true,
    ],
    [
      'a sheet in some and an empty bed in a few speak not together against it',
      [
        ['loaded', 'uncovered', 12],
        ['loaded', 'partly', 5],
        ['loaded', 'covered', 1],
        ['empty', 'uncovered', 2],
      ],
      true,
    ],
    [
      'a sheet in too many',
      [
        ['loaded', 'uncovered', 10],
        ['loaded', 'partly', 8],
      ],
      false,
    ],
    [
      'as often empty as loaded',
      [
        ['loaded', 'uncovered', 10],
        ['empty', 'uncovered', 10],
      ],
      false,
    ],
    [
      'an empty bed, and a load under a sheet',
      [
        ['empty', 'uncovered', 8],
        ['loaded', 'covered', 8],
      ],
      false,
    ],
    [
      'almost nothing was seen',
      [
        ['loaded', 'uncovered', 3],
        ['unknown', 'unknown', 30],
      ],
      false,
    ],
  ])('%s', (_, said, uncovered) => expect(decide(votesOf(...said), 3)).toMatchObject({ muck: true, uncovered }));
});
