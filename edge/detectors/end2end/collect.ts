/** End-to-end graphs (suppression inside): [1, N, 6] of x1, y1, x2, y2, score, label. */
import type { OutputsOf } from '../../domain/model-card.ts';
import type { Floors } from '../best-label.ts';
import { addCandidate, type Candidates, type Tensors, tensorOf } from '../candidates.ts';

export function collect(
  tensors: Tensors,
  outputs: OutputsOf<'end2end'>,
  input: { readonly width: number; readonly height: number },
  floors: Floors,
  out: Candidates,
): void {
  const { data, dims } = tensorOf(tensors, outputs.rows);
  const n = dims[1] ?? 0;
  const kx = outputs.boxes === 'shares' ? input.width : 1;
  const ky = outputs.boxes === 'shares' ? input.height : 1;
  for (let i = 0, at = 0; i < n; i++, at += 6) {
    const score = data[at + 4] ?? 0;
    const label = Math.round(data[at + 5] ?? -1);
    // Empty places are filled with label -1 or score 0; a label that there is not has no floor.
    if (!(score >= (floors.byLabel[label] ?? Number.POSITIVE_INFINITY))) continue;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = data.subarray(at, at + 4);
    addCandidate(out, label, score, x1 * kx, y1 * ky, x2 * kx, y2 * ky);
  }
}
