/** Our own detector: boxes [1, N, 4] as x1, y1, x2, y2 in input pixels, scores [1, N, C] with the sigmoid applied. */
import type { OutputsOf } from '../../domain/model-card.ts';
import { type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

export function collect(tensors: Tensors, outputs: OutputsOf<'kerb'>, floors: Floors, out: Candidates): void {
  const scores = tensorOf(tensors, outputs.scores);
  const boxes = tensorOf(tensors, outputs.boxes).data;
  const n = scores.dims[1] ?? 0;
  const classes = scores.dims[2] ?? 0;
  for (let i = 0; i < n; i++) {
    const label = labelAbove(scores.data, i * classes, floors.byLabel);
    if (label < 0) continue;
    const row = { data: scores.data, at: i * classes };
    const at = i * 4;
    addBox(out, floors, label, row, boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0);
  }
}
