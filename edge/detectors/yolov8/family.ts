/** YOLOv8-style grid: [1, 4 + C, N], channel first: cx, cy, w, h in input pixels, then class scores (sigmoid applied). */
import { TensorName } from '../../domain/model-card.ts';
import { labelAbove } from '../best-label.ts';
import { addBox, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

export const yolov8 = defineFamily({
  name: 'yolov8',
  outputs: { grid: TensorName },
  nmsFree: false,
  expects: ({ grid }, _input, labels) => [{ path: 'outputs.grid', name: grid, dims: [1, 4 + labels, null] }],
  collect(tensors, outputs, _input, min, out) {
    const { data, dims } = tensorOf(tensors, outputs.grid);
    const n = dims[2] ?? 0;
    for (let i = 0; i < n; i++) {
      const label = labelAbove(data, 4 * n + i, min, 1, n);
      if (label < 0) continue;
      const row = { data, at: 4 * n + i, step: n };
      const cx = data[i] ?? 0;
      const cy = data[n + i] ?? 0;
      const halfW = (data[2 * n + i] ?? 0) / 2;
      const halfH = (data[3 * n + i] ?? 0) / 2;
      addBox(out, min, label, row, cx - halfW, cy - halfH, cx + halfW, cy + halfH);
    }
  },
});
