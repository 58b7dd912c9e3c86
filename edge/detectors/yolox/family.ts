/** YOLOX's raw grid: [1, cells, 5 + C] of offsets, log sizes, objectness and class scores (Ge et al. 2021, arXiv:2107.08430). */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { defineFamily, Strides } from '../family.ts';
import { gridOf } from '../grid.ts';

export const yolox = defineFamily({
  name: 'yolox',
  outputs: { grid: TensorName, strides: Type.Optional({ ...Strides, default: [8, 16, 32] }) },
  nmsFree: false,
  expects({ grid, strides }, input, labels) {
    const cells = strides.reduce((sum, stride) => sum + gridOf(input, stride, Math.floor).cells, 0);
    return [{ path: 'outputs.grid', name: grid, dims: [1, cells, 5 + labels] }];
  },
  /** Cells lie stride by stride, row by row; centre = (cell + offset) · stride, size = exp(log size) · stride. */
  collect(tensors, outputs, input, min, out) {
    const { data, dims } = tensorOf(tensors, outputs.grid);
    const row = dims[2] ?? 0;
    let at = 0;
    for (const stride of outputs.strides) {
      const { cols, rows } = gridOf(input, stride, Math.floor);
      for (let gy = 0; gy < rows; gy++) {
        for (let gx = 0; gx < cols; gx++, at += row) {
          const objectness = data[at + 4] ?? 0;
          // A class score is at most 1: most cells end here.
          if (objectness < min.lowest) continue;
          const label = labelAbove(data, at + 5, min, objectness);
          if (label < 0) continue;
          const scores = { data, at: at + 5, scale: objectness };
          const cx = (gx + (data[at] ?? 0)) * stride;
          const cy = (gy + (data[at + 1] ?? 0)) * stride;
          const halfW = (Math.exp(data[at + 2] ?? 0) * stride) / 2;
          const halfH = (Math.exp(data[at + 3] ?? 0) * stride) / 2;
          addBox(out, min, label, scores, cx - halfW, cy - halfH, cx + halfW, cy + halfH);
        }
      }
    }
  },
});
