/** End-to-end graphs (suppression inside): [1, N, 6] of x1, y1, x2, y2, score, label. */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { addCandidate, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

export const end2end = defineFamily({
  name: 'end2end',
  outputs: {
    rows: TensorName,
    boxes: Type.Optional(Type.Union([Type.Literal('pixels'), Type.Literal('shares')], { default: 'pixels' })),
  },
  nmsFree: true,
  expects: ({ rows }) => [{ path: 'outputs.rows', name: rows, dims: [1, null, 6] }],
  collect(tensors, outputs, input, min, out) {
    const { data, dims } = tensorOf(tensors, outputs.rows);
    const n = dims[1] ?? 0;
    const kx = outputs.boxes === 'shares' ? input.width : 1;
    const ky = outputs.boxes === 'shares' ? input.height : 1;
    for (let i = 0, at = 0; i < n; i++, at += 6) {
      const score = data[at + 4] ?? 0;
      const label = Math.round(data[at + 5] ?? -1);
      // Empty places are filled with label -1 or score 0; a label that there is not has no minimum.
      if (!(score >= (min.byLabel[label] ?? Number.POSITIVE_INFINITY))) continue;
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = data.subarray(at, at + 4);
      addCandidate(out, label, score, x1 * kx, y1 * ky, x2 * kx, y2 * ky);
    }
  },
});
