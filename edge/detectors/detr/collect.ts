/** DETR-style queries: boxes [1, Q, 4] as cx, cy, w, h in 0..1 of the input, and logits [1, Q, C] (Carion et al. 2020, arXiv:2005.12872). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { bestLabel } from '../best-label.ts';
import { addCandidate, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmaxAt(data: Float32Array, from: number, count: number, index: number): number {
  const chosen = data[from + index] ?? 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp((data[from + i] ?? 0) - chosen);
  return 1 / sum;
}

/** With softmax the last logit means that nothing is there; it takes its share of the score and is never a label. */
export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'detr'>,
  input: { readonly width: number; readonly height: number },
  minScore: number,
  out: Candidates,
): void {
  const logits = tensorOf(tensors, outputs.logits);
  const boxes = tensorOf(tensors, outputs.boxes).data;
  const queries = logits.dims[1] ?? 0;
  const row = logits.dims[2] ?? 0;
  const softmax = outputs.activation === 'softmax';
  for (let q = 0; q < queries; q++) {
    const from = q * row;
    const label = bestLabel(logits.data, from, softmax ? row - 1 : row);
    const score = softmax ? softmaxAt(logits.data, from, row, label) : sigmoid(logits.data[from + label] ?? 0);
    if (score < minScore) continue;
    const [cx = 0, cy = 0, w = 0, h = 0] = boxes.subarray(q * 4, q * 4 + 4);
    addCandidate(
      out,
      label,
      score,
      (cx - w / 2) * input.width,
      (cy - h / 2) * input.height,
      (cx + w / 2) * input.width,
      (cy + h / 2) * input.height,
    );
  }
}
