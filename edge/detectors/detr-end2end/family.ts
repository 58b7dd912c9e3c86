/**
 * DETR-style graphs with their post-processor inside, as RT-DETR, D-FINE and DEIM export them: `labels` int64 [1, K],
 * `boxes` [1, K, 4] as x1, y1, x2, y2 and `scores` [1, K], of K best pairs of query and label. A second input takes the
 * width and height by which boxes are multiplied (Zhao et al. 2023, arXiv:2304.08069, `RTDETRPostProcessor`).
 */
import { Type } from '@sinclair/typebox';
import { TensorName } from '../../domain/model-card.ts';
import { addCandidate, integersOf, tensorOf } from '../candidates.ts';
import { defineFamily } from '../family.ts';

const named = (name: string, description: string) => Type.Optional({ ...TensorName, default: name, description });

export const detrEnd2end = defineFamily({
  name: 'detr-end2end',
  outputs: {
    labels: named('labels', 'int64, the index of a label'),
    boxes: named('boxes', 'x1, y1, x2, y2 in the size that the graph was told'),
    scores: named('scores', '0..1'),
    size: named(
      'orig_target_sizes',
      'An input of the graph and no output, int64 [1, 2]: the width and height that boxes are in',
    ),
  },
  nmsFree: true,
  expects: ({ labels, boxes, scores }) => [
    { path: 'outputs.labels', name: labels, dims: [1, null], type: 'int64' },
    { path: 'outputs.boxes', name: boxes, dims: [1, null, 4] },
    { path: 'outputs.scores', name: scores, dims: [1, null] },
  ],
  // The input's own size: boxes come in its px and go back to the frame as those of every family do.
  constants: ({ size }, { width, height }) => [
    { path: 'outputs.size', name: size, dims: [1, 2], values: [width, height] },
  ],
  collect(tensors, outputs, _input, min, out) {
    const scores = tensorOf(tensors, outputs.scores).data;
    const boxes = tensorOf(tensors, outputs.boxes).data;
    const labels = integersOf(tensors, outputs.labels);
    for (let i = 0, at = 0; i < scores.length; i++, at += 4) {
      const score = scores[i] ?? 0;
      if (score < min.lowest) continue;
      const label = Number(labels[i] ?? -1n);
      // A label that there is not has no minimum.
      if (!(score >= (min.byLabel[label] ?? Number.POSITIVE_INFINITY))) continue;
      addCandidate(out, label, score, boxes[at] ?? 0, boxes[at + 1] ?? 0, boxes[at + 2] ?? 0, boxes[at + 3] ?? 0);
    }
  },
});
