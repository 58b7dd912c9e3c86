/** DETR-style queries: boxes [1, Q, 4] as cx, cy, w, h in 0..1 of the input, and logits [1, Q, C] (Carion et al. 2020, arXiv:2005.12872). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { bestLabel, type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type ScoreRow, type Tensors, tensorOf } from '../candidates.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmaxOf(data: Float32Array, from: number, count: number): (logit: number) => number {
  return (logit) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.exp((data[from + i] ?? 0) - logit);
    return 1 / sum;
  };
}

type Picked = { readonly label: number; readonly row: ScoreRow };

/** Sigmoids are compared as logits: 300 queries × 80 labels need no exponential to be left out. */
function picker(logits: Float32Array, row: number, floors: Floors, softmax: boolean): (query: number) => Picked | null {
  if (softmax) {
    return (query) => {
      const label = bestLabel(logits, query * row, row - 1);
      const at = query * row;
      const read = softmaxOf(logits, at, row);
      return read(logits[at + label] ?? 0) >= (floors.byLabel[label] ?? 1)
        ? { label, row: { data: logits, at, read } }
        : null;
    };
  }
  const least = floors.byLabel.map((floor) => Math.log(floor / (1 - floor)));
  return (query) => {
    const label = labelAbove(logits, query * row, least);
    return label < 0 ? null : { label, row: { data: logits, at: query * row, read: sigmoid } };
  };
}

/** With softmax the last logit means that nothing is there; it takes its share of the score and is never a label. */
export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'detr'>,
  input: { readonly width: number; readonly height: number },
  floors: Floors,
  out: Candidates,
): void {
  const logits = tensorOf(tensors, outputs.logits);
  const boxes = tensorOf(tensors, outputs.boxes).data;
  const queries = logits.dims[1] ?? 0;
  const row = logits.dims[2] ?? 0;
  const pick = picker(logits.data, row, floors, outputs.activation === 'softmax');
  for (let q = 0; q < queries; q++) {
    const picked = pick(q);
    if (!picked) continue;
    const [cx = 0, cy = 0, w = 0, h = 0] = boxes.subarray(q * 4, q * 4 + 4);
    addBox(
      out,
      floors,
      picked.label,
      picked.row,
      (cx - w / 2) * input.width,
      (cy - h / 2) * input.height,
      (cx + w / 2) * input.width,
      (cy + h / 2) * input.height,
    );
  }
}
