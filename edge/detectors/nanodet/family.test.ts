import { expect, it } from 'vitest';
import { decode, everyLabel, inPixels, inputSize, onBin, rows, tensor } from '../../../tests/detectors/golden.ts';
import { nanodet } from './family.ts';

const outputs = { family: 'nanodet' as const, scores: ['s'], distances: ['d'], strides: [16], bins: 4 };
it('takes the expected bin of each side, in strides from the middle of the cell', () => {
  // Logits that put all on one bin, and one side split evenly between bins 0 and 1.
  const s = rows([1, 8, 2], { 6: [0.1, 0.9] });
  const d = rows([1, 8, 16], { 6: [...onBin(1), ...onBin(0), ...onBin(2), 100, 100, 0, 0] });
  // Cell (2, 1): middle (40, 24); left 16, top 0, right 32, bottom 8.
  expect(inPixels(decode(outputs, { s, d }))).toEqual([['stall', 0.9, 24, 24, 48, 8]]);
});

it('gives every label of a box for scoring', () => {
  const s = rows([1, 8, 2], { 2: [0.45, 0.72] });
  expect(everyLabel({ ...outputs, bins: 2 }, { s, d: tensor([1, 8, 8]) })).toEqual([
    ['stall', 0.72],
    ['person', 0.45],
  ]);
});

it('asks the graph for scores and distances of each stride, a cell that is not full too', () => {
  const more = { scores: ['s', 't'], distances: ['d', 'e'], strides: [16, 24], bins: 4 };
  expect(nanodet.expects(more, inputSize, 2)).toEqual([
    { path: 'outputs.scores[0]', name: 's', dims: [1, 8, 2] },
    { path: 'outputs.distances[0]', name: 'd', dims: [1, 8, 16] },
    { path: 'outputs.scores[1]', name: 't', dims: [1, 6, 2] },
    { path: 'outputs.distances[1]', name: 'e', dims: [1, 6, 16] },
  ]);
});
