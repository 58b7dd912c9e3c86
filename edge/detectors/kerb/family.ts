/** Our own detector: boxes [1, N, 4] as x1, y1, x2, y2 in input pixels, scores [1, N, C] with the sigmoid applied. */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

export const kerb = defineFamily({
  name: 'kerb',
  outputs: {
    boxes: Type.Optional({ ...TensorName, default: 'boxes' }),
    scores: Type.Optional({ ...TensorName, default: 'scores' }),
  },
  nmsFree: false,
  expects: ({ boxes, scores }, _input, labels) => [
    { path: 'outputs.boxes', name: boxes, dims: [1, null, 4] },
    { path: 'outputs.scores', name: scores, dims: [1, null, labels] },
  ],
  collect(tensors, outputs, _input, min, out) {
    const scores = tensorOf(tensors, outputs.scores);
    const boxes = tensorOf(tensors, outputs.boxes).data;
    const n = scores.dims[1] ?? 0;
    const classes = scores.dims[2] ?? 0;
    for (let i = 0; i < n; i++) {
      const label = labelAbove(scores.data, i * classes, min);
      if (label < 0) continue;
      const row = { data: scores.data, at: i * classes };
      const at = i * 4;
      addBox(out, min, label, row, boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0);
    }
  },
});
