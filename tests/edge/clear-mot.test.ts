import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MotBox } from '../../evaluation/truth/mot-file.ts';
import { needs, sharedFile } from '../needs.ts';
import { scoreTracks } from './clear-mot.ts';

function rows(path: string, keep: (columns: number[]) => boolean = () => true): MotBox[] {
  const file = sharedFile(path);
  if (!file) throw new Error(`${path} is missing`);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number))
    .filter(keep)
    .map(([frame = 0, id = 0, x = 0, y = 0, w = 0, h = 0]) => ({ frame, id, box: [x, y, w, h] }));
}
const counts = (columns: number[]) => columns[6] === 1;
const round = (value: number) => Math.round(value * 10) / 10;

describe.skipIf(!needs('shared'))('published figures', () => {
  test('TUD-Campus: the figures published for the CEM tracker, exactly', () => {
    const score = scoreTracks(rows('mot/TUD-Campus/gt/gt.txt', counts), rows('mot/TUD-Campus/cem-result.txt'));
    expect(score).toMatchObject({ falsePositives: 13, misses: 150, idSwitches: 7, truth: 359 });
    expect([round(score.mota), round(score.motp), round(score.idf1)]).toEqual([52.6, 72.3, 55.8]);
  });

  test('KITTI-17: rows whose flag is 0 do not count', () => {
    const score = scoreTracks(rows('mot/KITTI-17/gt/gt.txt', counts), rows('mot/KITTI-17/cem-result.txt'));
    expect(score).toMatchObject({ falsePositives: 73, misses: 325, idSwitches: 6 });
    expect(round(score.mota)).toBe(40.8);
  });
});

const box = (x: number): MotBox['box'] => [x, 0, 10, 10];

test('truth against itself is perfect', () => {
  const truth: MotBox[] = [1, 2, 3].flatMap((frame) => [
    { frame, id: 1, box: box(frame) },
    { frame, id: 2, box: box(50) },
  ]);
  expect(scoreTracks(truth, truth)).toMatchObject({ mota: 100, motp: 100, idf1: 100, recall: 100, precision: 100 });
});

test('a match that still holds is kept although another box fits better', () => {
  const truth: MotBox[] = [1, 2].map((frame) => ({ frame, id: 1, box: box(0) }));
  const predicted: MotBox[] = [
    { frame: 1, id: 7, box: box(0) },
    { frame: 2, id: 7, box: box(2) },
    { frame: 2, id: 8, box: box(0) },
  ];
  expect(scoreTracks(truth, predicted)).toMatchObject({ idSwitches: 0, falsePositives: 1, misses: 0 });
});

test('a changed identity after a gap is a switch', () => {
  const truth: MotBox[] = [1, 2, 3].map((frame) => ({ frame, id: 1, box: box(0) }));
  const predicted: MotBox[] = [
    { frame: 1, id: 7, box: box(0) },
    { frame: 3, id: 8, box: box(0) },
  ];
  expect(scoreTracks(truth, predicted)).toMatchObject({ idSwitches: 1, misses: 1, falsePositives: 0 });
});

test('nothing predicted and nothing there', () => {
  expect(scoreTracks([], [])).toMatchObject({ recall: 0, precision: 0, idf1: 0, misses: 0 });
  expect(scoreTracks([{ frame: 1, id: 1, box: box(0) }], [])).toMatchObject({ mota: 0, misses: 1 });
});
