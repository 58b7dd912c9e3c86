/** NanoDet and PicoDet: class scores and, for each side, a distribution over distances (DFL, Li et al. 2020, arXiv:2006.04388). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type Tensors, tensorOf } from '../candidates.ts';
import { expectedBin } from '../expected-bin.ts';

/** Distances (left, top, right, bottom) are in strides from the cell's centre, (cell + 0.5) · stride. */
export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'nanodet'>,
  input: { readonly width: number; readonly height: number },
  floors: Floors,
  out: Candidates,
): void {
  const { bins } = outputs;
  outputs.strides.forEach((stride, level) => {
    const scores = tensorOf(tensors, outputs.scores[level] ?? '');
    const sides = tensorOf(tensors, outputs.distances[level] ?? '').data;
    const classes = scores.dims[2] ?? 0;
    const cols = Math.ceil(input.width / stride);
    const cells = cols * Math.ceil(input.height / stride);
    for (let cell = 0; cell < cells; cell++) {
      const label = labelAbove(scores.data, cell * classes, floors.byLabel);
      if (label < 0) continue;
      const row = { data: scores.data, at: cell * classes };
      const cx = ((cell % cols) + 0.5) * stride;
      const cy = (Math.floor(cell / cols) + 0.5) * stride;
      const at = cell * 4 * bins;
      addBox(
        out,
        floors,
        label,
        row,
        cx - expectedBin(sides, at, bins) * stride,
        cy - expectedBin(sides, at + bins, bins) * stride,
        cx + expectedBin(sides, at + 2 * bins, bins) * stride,
        cy + expectedBin(sides, at + 3 * bins, bins) * stride,
      );
    }
  });
}
