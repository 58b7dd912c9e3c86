import { expect, it } from 'vitest';
import { decode, everyLabel, inPixels, inputSize, onBin, rows } from '../../../tests/detectors/golden.ts';
import { nanodetPlus } from './family.ts';

const outputs = { family: 'nanodet-plus' as const, grid: 'g', strides: [16, 32], bins: 4 };
it('reads scores and distances from one row, from the corner of the cell', () => {
  const sides = [...onBin(1), ...onBin(0), ...onBin(2), 100, 100, 0, 0];
  // Strides 16 and 32: 4 × 2 cells, then 2 × 1. Row 6 is cell (2, 1) of stride 16, corner (32, 16).
  const g = rows([1, 10, 18], {
    6: [0.1, 0.9, ...sides],
    9: [0.5, 0.2, ...onBin(0), ...onBin(1), ...onBin(1), ...onBin(1)],
  });
  expect(inPixels(decode(outputs, { g }))).toEqual([
    ['stall', 0.9, 16, 16, 48, 8],
    // Row 9 is cell (1, 0) of stride 32.
    ['person', 0.5, 32, -32, 32, 64],
  ]);
});

it('gives every label of a box for scoring', () => {
  const g = rows([1, 10, 10], { 2: [0.45, 0.72] });
  expect(everyLabel({ ...outputs, bins: 2 }, { g })).toEqual([
    ['stall', 0.72],
    ['person', 0.45],
  ]);
});

it('asks the graph for one row a cell of every stride', () => {
  expect(nanodetPlus.expects(outputs, inputSize, 2)).toEqual([{ path: 'outputs.grid', name: 'g', dims: [1, 10, 18] }]);
});
