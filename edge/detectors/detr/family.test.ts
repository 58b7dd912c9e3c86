import { describe, expect, it } from 'vitest';
import { decode, everyLabel, inPixels, inputSize, rows, tensor } from '../../../tests/detectors/golden.ts';
import { detr } from './family.ts';

const boxes = rows([1, 2, 4], { 0: [0.5, 0.5, 0.25, 0.5], 1: [0.1, 0.1, 0.1, 0.1] });
it('sigmoid of the logits', () => {
  const logits = rows([1, 2, 2], { 0: [0, Math.log(3)], 1: [-5, -5] });
  const outputs = { family: 'detr', boxes: 'b', logits: 'l', activation: 'sigmoid' } as const;
  expect(inPixels(decode(outputs, { b: boxes, l: logits }))).toEqual([['stall', 0.75, 24, 8, 16, 16]]);
});
it('softmax with a last class of nothing, which is never a label', () => {
  // e^ln3 : e^0 : e^ln4 = 3 : 1 : 4.
  const logits = rows([1, 2, 3], { 0: [Math.log(3), 0, Math.log(4)], 1: [0, 0, 9] });
  const outputs = { family: 'detr', boxes: 'b', logits: 'l', activation: 'softmax' } as const;
  expect(inPixels(decode(outputs, { b: boxes, l: logits }))).toEqual([['person', 0.375, 24, 8, 16, 16]]);
});

describe('every label of a box, for scoring', () => {
  const b = rows([1, 1, 4], { 0: [0.5, 0.5, 0.2, 0.2] });

  it('sigmoid', () => {
    const l = tensor(
      [1, 1, 2],
      [0.45, 0.72].map((p) => Math.log(p / (1 - p))),
    );
    expect(everyLabel({ family: 'detr', boxes: 'b', logits: 'l', activation: 'sigmoid' }, { b, l })).toEqual([
      ['stall', 0.72],
      ['person', 0.45],
    ]);
  });

  it('softmax', () => {
    const l = tensor([1, 1, 3], [Math.log(3), Math.log(5), Math.log(2)]);
    expect(everyLabel({ family: 'detr', boxes: 'b', logits: 'l', activation: 'softmax' }, { b, l })).toEqual([
      ['stall', 0.5],
      ['person', 0.3],
    ]);
  });
});

it('asks the graph for one more logit with softmax', () => {
  const lastDims = (activation: 'sigmoid' | 'softmax') =>
    detr.expects({ boxes: 'b', logits: 'l', activation }, inputSize, 2).map(({ dims }) => dims[2]);
  expect([lastDims('sigmoid'), lastDims('softmax')]).toEqual([
    [4, 2],
    [4, 3],
  ]);
});
