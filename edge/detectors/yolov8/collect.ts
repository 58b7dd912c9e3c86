/** YOLOv8-style grid: [1, 4 + C, N], channel first: cx, cy, w, h in input pixels, then class scores (sigmoid applied). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { type Floors, labelAbove } from '../best-label.ts';
import { addBox, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

export function collect(tensors: Tensors, outputs: OutputsOf<'yolov8'>, floors: Floors, out: Candidates): void {
  const { data, dims } = tensorOf(tensors, outputs.grid);
  const n = dims[2] ?? 0;
  for (let i = 0; i < n; i++) {
    const label = labelAbove(data, 4 * n + i, floors.byLabel, 1, n);
    if (label < 0) continue;
    const row = { data, at: 4 * n + i, step: n };
    const cx = data[i] ?? 0;
    const cy = data[n + i] ?? 0;
    const halfW = (data[2 * n + i] ?? 0) / 2;
    const halfH = (data[3 * n + i] ?? 0) / 2;
    addBox(out, floors, label, row, cx - halfW, cy - halfH, cx + halfW, cy + halfH);
  }
}
