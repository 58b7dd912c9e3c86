/** YOLOX's raw grid: [1, cells, 5 + C] of offsets, log sizes, objectness and class scores (Ge et al. 2021, arXiv:2107.08430). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

/** Cells lie stride by stride, row by row; centre = (cell + offset) · stride, size = exp(log size) · stride. */
export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'yolox'>,
  input: { readonly width: number; readonly height: number },
  floors: Floors,
  out: Candidates,
): void {
  const { data, dims } = tensorOf(tensors, outputs.grid);
  const row = dims[2] ?? 0;
  let at = 0;
  for (const stride of outputs.strides) {
    const cols = Math.floor(input.width / stride);
    const rows = Math.floor(input.height / stride);
    for (let gy = 0; gy < rows; gy++) {
      for (let gx = 0; gx < cols; gx++, at += row) {
        const objectness = data[at + 4] ?? 0;
        // A class score is at most 1: most cells end here.
        if (objectness < floors.least) continue;
        const label = labelAbove(data, at + 5, floors.byLabel, objectness);
        if (label < 0) continue;
        const scores = { data, at: at + 5, scale: objectness };
        const cx = (gx + (data[at] ?? 0)) * stride;
        const cy = (gy + (data[at + 1] ?? 0)) * stride;
        const halfW = (Math.exp(data[at + 2] ?? 0) * stride) / 2;
        const halfH = (Math.exp(data[at + 3] ?? 0) * stride) / 2;
        addBox(out, floors, label, scores, cx - halfW, cy - halfH, cx + halfW, cy + halfH);
      }
    }
  }
}
