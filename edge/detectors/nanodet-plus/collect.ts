/** NanoDet-Plus: one grid of all strides, [1, cells, C + 4 · bins]; cells are told from their corner (RangiLyu/nanodet, nanodet_plus_head.py). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type Tensors, tensorOf } from '../candidates.ts';
import { expectedBin } from '../expected-bin.ts';

/** Unlike its forerunner, distances start at cell · stride and not at the middle of the cell. */
export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'nanodet-plus'>,
  input: { readonly width: number; readonly height: number },
  floors: Floors,
  out: Candidates,
): void {
  const { bins } = outputs;
  const { data, dims } = tensorOf(tensors, outputs.grid);
  const row = dims[2] ?? 0;
  const classes = row - 4 * bins;
  let at = 0;
  for (const stride of outputs.strides) {
    const cols = Math.ceil(input.width / stride);
    const cells = cols * Math.ceil(input.height / stride);
    for (let cell = 0; cell < cells; cell++, at += row) {
      const label = labelAbove(data, at, floors.byLabel);
      if (label < 0) continue;
      const x = (cell % cols) * stride;
      const y = Math.floor(cell / cols) * stride;
      const side = (i: number): number => expectedBin(data, at + classes + i * bins, bins) * stride;
      addBox(out, floors, label, { data, at }, x - side(0), y - side(1), x + side(2), y + side(3));
    }
  }
}
