import { expect, it } from 'vitest';
import { decode, everyLabel, inPixels, inputSize, tensor } from '../../../tests/detectors/golden.ts';
import { yolov8 } from './family.ts';

it('reads channel first: centre, size, then a score a class', () => {
  // Three candidates; each line is a channel.
  const grid = tensor(
    [1, 6, 3],
    [...[10, 30, 50], ...[10, 16, 8], ...[4, 20, 6], ...[6, 10, 4], ...[0.2, 0.4, 0.95], ...[0.1, 0.7, 0.05]],
  );
  expect(inPixels(decode({ family: 'yolov8', grid: 'grid' }, { grid }))).toEqual([
    ['person', 0.95, 47, 6, 6, 4],
    ['stall', 0.7, 20, 11, 20, 10],
  ]);
});

it('gives every label of a box for scoring', () => {
  const g = tensor([1, 6, 1], [10, 10, 8, 8, 0.45, 0.72]);
  expect(everyLabel({ family: 'yolov8', grid: 'g' }, { g })).toEqual([
    ['stall', 0.72],
    ['person', 0.45],
  ]);
});

it('asks the graph for a channel a label beside the four of the box', () => {
  expect(yolov8.expects({ grid: 'g' }, inputSize, 2)).toEqual([
    { path: 'outputs.grid', name: 'g', dims: [1, 6, null] },
  ]);
});
