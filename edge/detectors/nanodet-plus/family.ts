/** NanoDet-Plus: one grid of all strides, [1, cells, C + 4 · bins]; distances start at the cell's corner (RangiLyu/nanodet, nanodet_plus_head.py). */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { expectedBin } from '../expected-bin.ts';
import { defineFamily, Strides } from '../family.ts';
import { gridOf } from '../grid.ts';

export const nanodetPlus = defineFamily({
  name: 'nanodet-plus',
  outputs: {
    grid: {
      ...TensorName,
      description: 'All strides one after another: scores with the sigmoid applied, 4 × bins logits',
    },
    strides: Type.Optional({ ...Strides, default: [8, 16, 32, 64] }),
    bins: Type.Optional(Type.Integer({ minimum: 2, maximum: 64, default: 8 })),
  },
  nmsFree: false,
  expects({ grid, strides, bins }, input, labels) {
    const cells = strides.reduce((sum, stride) => sum + gridOf(input, stride, Math.ceil).cells, 0);
    return [{ path: 'outputs.grid', name: grid, dims: [1, cells, labels + 4 * bins] }];
  },
  /** Unlike its forerunner, distances start at cell · stride and not at the middle of the cell. */
  collect(tensors, { grid, strides, bins }, input, min, out) {
    const { data, dims } = tensorOf(tensors, grid);
    const row = dims[2] ?? 0;
    const classes = row - 4 * bins;
    let at = 0;
    for (const stride of strides) {
      const { cols, cells } = gridOf(input, stride, Math.ceil);
      for (let cell = 0; cell < cells; cell++, at += row) {
        const label = labelAbove(data, at, min);
        if (label < 0) continue;
        const x = (cell % cols) * stride;
        const y = Math.floor(cell / cols) * stride;
        const side = (i: number): number => expectedBin(data, at + classes + i * bins, bins) * stride;
        addBox(out, min, label, { data, at }, x - side(0), y - side(1), x + side(2), y + side(3));
      }
    }
  },
});
