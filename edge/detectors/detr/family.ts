/** DETR-style queries: boxes [1, Q, 4] as cx, cy, w, h in 0..1 of the input, and logits [1, Q, C] (Carion et al. 2020, arXiv:2005.12872). */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { bestLabel, labelAbove, type MinScores } from '../best-label.ts';
import { addBox, type ScoreRow, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmaxOf(data: Float32Array, from: number, count: number): (logit: number) => number {
  return (logit) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.exp((data[from + i] ?? 0) - logit);
    return 1 / sum;
  };
}

/** The label of the greatest chance that reaches its minimum, where a curve decides between labels. */
function bestChance(count: number, read: (label: number) => number, { byLabel, chanceOf }: MinScores): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < count; label++) {
    const score = read(label);
    if (!(score >= (byLabel[label] ?? 1))) continue;
    const worth = chanceOf ? chanceOf(label, score) : score;
    if (worth <= top) continue;
    top = worth;
    best = label;
  }
  return best;
}

type Picked = { readonly label: number; readonly row: ScoreRow };

/** Sigmoids are compared as logits: 300 queries × 80 labels need no exponential to be left out. */
function picker(logits: Float32Array, row: number, min: MinScores, softmax: boolean): (query: number) => Picked | null {
  if (softmax) {
    return (query) => {
      const at = query * row;
      const read = softmaxOf(logits, at, row);
      if (min.chanceOf) {
        const label = bestChance(row - 1, (i) => read(logits[at + i] ?? 0), min);
        return label < 0 ? null : { label, row: { data: logits, at, read } };
      }
      const label = bestLabel(logits, at, row - 1);
      return read(logits[at + label] ?? 0) >= (min.byLabel[label] ?? 1)
        ? { label, row: { data: logits, at, read } }
        : null;
    };
  }
  const { chanceOf } = min;
  const inLogits = {
    byLabel: min.byLabel.map((score) => Math.log(score / (1 - score))),
    chanceOf: chanceOf && ((label: number, logit: number) => chanceOf(label, sigmoid(logit))),
  };
  return (query) => {
    const label = labelAbove(logits, query * row, inLogits);
    return label < 0 ? null : { label, row: { data: logits, at: query * row, read: sigmoid } };
  };
}

/** With softmax the last logit means that nothing is there; it takes its share of the score and is never a label. */
export const detr = defineFamily({
  name: 'detr',
  outputs: {
    boxes: TensorName,
    logits: TensorName,
    activation: Type.Optional(
      Type.Union([Type.Literal('sigmoid'), Type.Literal('softmax')], {
        default: 'sigmoid',
        description: 'softmax: one more logit, the last, means nothing is there',
      }),
    ),
  },
  nmsFree: true,
  expects: ({ boxes, logits, activation }, _input, labels) => [
    { path: 'outputs.boxes', name: boxes, dims: [1, null, 4] },
    { path: 'outputs.logits', name: logits, dims: [1, null, labels + (activation === 'softmax' ? 1 : 0)] },
  ],
  collect(tensors, outputs, input, min, out) {
    const logits = tensorOf(tensors, outputs.logits);
    const boxes = tensorOf(tensors, outputs.boxes).data;
    const queries = logits.dims[1] ?? 0;
    const row = logits.dims[2] ?? 0;
    const pick = picker(logits.data, row, min, outputs.activation === 'softmax');
    for (let q = 0; q < queries; q++) {
      const picked = pick(q);
      if (!picked) continue;
      const [cx = 0, cy = 0, w = 0, h = 0] = boxes.subarray(q * 4, q * 4 + 4);
      const [x1, y1] = [(cx - w / 2) * input.width, (cy - h / 2) * input.height];
      const [x2, y2] = [(cx + w / 2) * input.width, (cy + h / 2) * input.height];
      addBox(out, min, picked.label, picked.row, x1, y1, x2, y2);
    }
  },
});
