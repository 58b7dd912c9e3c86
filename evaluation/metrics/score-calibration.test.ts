import { expect, test } from 'vitest';
import type { MotRow } from '../truth/mot-file.ts';
import { calibrateScores } from './score-calibration.ts';

/** Two who stand all the time, and in each frame a ghost somewhere else; scores in the source's own measure. */
function source(sure: number, ghost: number, frames = 60, stride = 1): MotRow[] {
  return Array.from({ length: frames }, (_, i) => i * stride + 1).flatMap((frame, i): MotRow[] => [
    { frame, id: -1, box: [100, 100, 40, 100], score: sure },
    { frame, id: -1, box: [300, 100, 40, 100], score: sure },
    { frame, id: -1, box: [(i * 97) % 600, 300 + ((i * 53) % 200), 40, 100], score: ghost },
  ]);
}

test.each([
  ['of 0 to 1, cut high', 0.99, 0.9, 1],
  ['of a boosted forest', 87.5, 12, 1],
  ['below nothing', -3, -40, 1],
  ['of every fifth frame', 0.99, 0.9, 5],
])('scores %s come to one scale: what stays is worth all, what flickers nothing', (_, sure, ghost, stride) => {
  const worthOf = calibrateScores(source(sure, ghost, 60, stride));
  expect(worthOf(sure)).toBe(1);
  expect(worthOf(ghost)).toBeLessThan(0.1);
});

test('from a moving car, where a thing overlaps its next box by a third, what stays is told from what flickers', () => {
  const moving = source(0.99, 0.9).map((row): MotRow => {
    const [x, y, w, h] = row.box;
    return { ...row, box: [row.score === 0.99 ? x + row.frame * 20 : x, y, w, h] };
  });
  const worthOf = calibrateScores(moving);
  expect(worthOf(0.99)).toBe(1);
  expect(worthOf(0.9)).toBeLessThan(0.1);
});

test('a better score is never worth less', () => {
  const rows = source(50, 20).map((row, i) => ({ ...row, score: row.score + ((i * 7919) % 13) - 6 }));
  const worthOf = calibrateScores(rows);
  const worths = Array.from({ length: 80 }, (_, score) => worthOf(score));
  expect(worths).toEqual(worths.toSorted((a, b) => a - b));
});

test('the second box of a thing is not found again because the first is', () => {
  const doubles = source(0.99, 0.9).map((row) =>
    row.score === 0.9 && row.frame % 3 === 0 ? { ...row, box: [104, 104, 40, 100] as MotRow['box'] } : row,
  );
  expect(calibrateScores(doubles)(0.9)).toBeLessThan(0.1);
});

test.each([
  ['one score for all', source(1, 1)],
  ['a few frames', source(0.99, 0.6, 10)],
  ['nothing', []],
  [
    'things that move further than their boxes',
    source(0.9, 0.5).map((row) => ({ ...row, box: [row.frame * 90, 0, 40, 100] as MotRow['box'] })),
  ],
])('%s: every box counts', (_, rows) => {
  const worthOf = calibrateScores(rows);
  for (const { score } of rows) expect(worthOf(score)).toBe(1);
});
