import { expect, it } from 'vitest';
import { decode, inPixels, inputSize, plain, rows } from '../../../tests/detectors/golden.ts';
import { end2end } from './family.ts';

const table = rows([1, 4, 6], {
  0: [8, 4, 24, 20, 0.9, 1],
  1: [9, 4, 24, 20, 0.8, 1],
  2: [0, 0, 10, 10, 0.9, -1],
  3: [0, 0, 10, 10, 0.9, 2],
});
it('keeps what the graph kept, without suppressing again, and skips empty rows and unknown labels', () => {
  const thresholds = { ...plain, nmsIou: null };
  expect(inPixels(decode({ family: 'end2end', rows: 'r', boxes: 'pixels' }, { r: table }, { thresholds }))).toEqual([
    ['stall', 0.9, 8, 4, 16, 16],
    ['stall', 0.8, 9, 4, 15, 16],
  ]);
});
it('may give shares of the input', () => {
  const r = rows([1, 1, 6], { 0: [0.25, 0.5, 0.5, 1, 0.5, 0] });
  expect(inPixels(decode({ family: 'end2end', rows: 'r', boxes: 'shares' }, { r }))).toEqual([
    ['person', 0.5, 16, 16, 16, 16],
  ]);
});

it('asks the graph for rows of six, whatever the labels', () => {
  const outputs = { rows: 'r', boxes: 'pixels' } as const;
  expect(end2end.expects(outputs, inputSize, 2)).toEqual([{ path: 'outputs.rows', name: 'r', dims: [1, null, 6] }]);
});
