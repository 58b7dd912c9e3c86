import { describe, expect, it } from 'vitest';
import { bedConfusion, confusionOf } from './confusion.ts';

describe('confusionOf', () => {
  it('rows are true, columns said', () => {
    const { counts, right } = confusionOf(
      ['loaded', 'empty'],
      ['loaded', 'empty', 'unknown'],
      [
        { truth: 'loaded', said: 'loaded' },
        { truth: 'loaded', said: 'empty' },
        { truth: 'empty', said: 'unknown' },
        { truth: 'unknown', said: 'loaded' },
        { truth: 'empty', said: 'half' },
      ],
    );
    expect(counts).toEqual([
      [1, 1, 0],
      [0, 0, 2],
    ]);
    expect(right).toMatchObject({ hits: 1, cases: 4 });
  });
  it('nothing of nothing', () => {
    expect(confusionOf(['a'], ['a', 'unknown'], [])).toMatchObject({ counts: [[0, 0]], right: { value: null } });
  });
});

it('a bed is right when load and cover are', () => {
  const open = { load: 'loaded', cover: 'uncovered' };
  const closed = { load: 'loaded', cover: 'covered' };
  const result = bedConfusion([
    { truth: open, said: open },
    { truth: open, said: closed },
    { truth: closed, said: { load: 'unknown', cover: 'unknown' } },
    { truth: { load: 'empty', cover: 'unknown' }, said: { load: 'empty', cover: 'uncovered' } },
  ]);
  expect(result.load.right).toMatchObject({ hits: 3, cases: 4 });
  expect(result.cover.right).toMatchObject({ hits: 1, cases: 3 });
  expect(result.cover.counts).toEqual([
    [0, 0, 0, 1],
    [0, 0, 0, 0],
    [1, 0, 1, 0],
  ]);
  expect(result.both).toMatchObject({ hits: 1, cases: 3 });
});
