/** YOLOv8-style grid: [1, 4 + C, N], channel first: cx, cy, w, h in input pixels, then class scores (sigmoid applied). */
import type { OutputsOf } from '../../domain/model-card.ts';
import { bestLabel } from '../best-label.ts';
import { addCandidate, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

export function collect(tensors: Tensors, outputs: OutputsOf<'yolov8'>, minScore: number, out: Candidates): void {
  const { data, dims } = tensorOf(tensors, outputs.grid);
  const classes = (dims[1] ?? 0) - 4;
  const n = dims[2] ?? 0;
  for (let i = 0; i < n; i++) {
    const label = bestLabel(data, 4 * n + i, classes, n);
    const score = data[(4 + label) * n + i] ?? 0;
    if (score < minScore) continue;
    const cx = data[i] ?? 0;
    const cy = data[n + i] ?? 0;
    const halfW = (data[2 * n + i] ?? 0) / 2;
    const halfH = (data[3 * n + i] ?? 0) / 2;
    addCandidate(out, label, score, cx - halfW, cy - halfH, cx + halfW, cy + halfH);
  }
}
