import { expect, it } from 'vitest';
import { decode, everyLabel, inPixels, inputSize, rows } from '../../../tests/detectors/golden.ts';
import { yolox } from './family.ts';

it('a cell of the second stride: centre and size in strides, objectness times class', () => {
  // Strides 16 and 32: 4 × 2 cells, then 2 × 1. Row 9 is stride 32, cell (1, 0).
  const grid = rows([1, 10, 7], {
    2: [0.5, 0.25, 0, Math.log(0.5), 0.2, 1, 1],
    5: [0.5, 0.25, 0, Math.log(0.5), 0.8, 0.1, 0.75],
    9: [0.25, 0.5, Math.log(0.5), 0, 0.9, 0.5, 0.4],
  });
  const outputs = { family: 'yolox' as const, grid: 'grid', strides: [16, 32] };
  expect(inPixels(decode(outputs, { grid }))).toEqual([
    // Row 5 is stride 16, cell (1, 1): centre (1.5, 1.25) · 16 = (24, 20), size 16 × 8.
    ['stall', 0.6, 16, 16, 16, 8],
    // Centre (1.25, 0.5) · 32 = (40, 16), size 16 × 32.
    ['person', 0.45, 32, 0, 16, 32],
  ]);
});

it('gives every label of a box for scoring: objectness times class', () => {
  const g = rows([1, 10, 7], { 2: [0, 0, 0, 0, 0.9, 0.5, 0.8] });
  expect(everyLabel({ family: 'yolox', grid: 'g', strides: [16, 32] }, { g })).toEqual([
    ['stall', 0.72],
    ['person', 0.45],
  ]);
});

it('asks the graph for one row a cell of every stride, of whole cells', () => {
  const outputs = { grid: 'g', strides: [16, 24] };
  // 4 × 2 cells, and 2 × 1 whole ones.
  expect(yolox.expects(outputs, inputSize, 2)).toEqual([{ path: 'outputs.grid', name: 'g', dims: [1, 10, 7] }]);
});
