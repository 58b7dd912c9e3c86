/** NanoDet and PicoDet: class scores and, for each side, a distribution over distances (DFL, Li et al. 2020, arXiv:2006.04388). */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { expectedBin } from '../expected-bin.ts';
import { defineFamily, Strides } from '../family.ts';
import { gridOf } from '../grid.ts';

export const nanodet = defineFamily({
  name: 'nanodet',
  outputs: {
    scores: Type.Array(TensorName, { minItems: 1, maxItems: 8, description: 'One a stride, sigmoid applied' }),
    distances: Type.Array(TensorName, { minItems: 1, maxItems: 8, description: 'One a stride, 4 × bins logits' }),
    strides: Strides,
    bins: Type.Optional(Type.Integer({ minimum: 2, maximum: 64, default: 8 })),
  },
  nmsFree: false,
  faultsOf({ strides, scores, distances }) {
    const lists = [['outputs.scores', scores] as const, ['outputs.distances', distances] as const];
    return lists.flatMap(([path, list]) =>
      list.length === strides.length
        ? []
        : [{ path, message: `expected one name a stride (${strides.length}), got ${list.length}` }],
    );
  },
  expects: ({ strides, scores, distances, bins }, input, labels) =>
    strides.flatMap((stride, i) => {
      const { cells } = gridOf(input, stride, Math.ceil);
      return [
        { path: `outputs.scores[${i}]`, name: scores[i] ?? '', dims: [1, cells, labels] },
        { path: `outputs.distances[${i}]`, name: distances[i] ?? '', dims: [1, cells, 4 * bins] },
      ];
    }),
  /** Distances (left, top, right, bottom) are in strides from the cell's centre, (cell + 0.5) · stride. */
  collect(tensors, outputs, input, min, out) {
    const { bins } = outputs;
    outputs.strides.forEach((stride, level) => {
      const scores = tensorOf(tensors, outputs.scores[level] ?? '');
      const sides = tensorOf(tensors, outputs.distances[level] ?? '').data;
      const classes = scores.dims[2] ?? 0;
      const { cols, cells } = gridOf(input, stride, Math.ceil);
      for (let cell = 0; cell < cells; cell++) {
        const label = labelAbove(scores.data, cell * classes, min);
        if (label < 0) continue;
        const cx = ((cell % cols) + 0.5) * stride;
        const cy = (Math.floor(cell / cols) + 0.5) * stride;
        const side = (i: number): number => expectedBin(sides, (cell * 4 + i) * bins, bins) * stride;
        const row = { data: scores.data, at: cell * classes };
        addBox(out, min, label, row, cx - side(0), cy - side(1), cx + side(2), cy + side(3));
      }
    });
  },
});
