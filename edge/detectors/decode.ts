/** From a model's tensors to detections: the family collects, rivals are suppressed, boxes go back to the frame. */
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { Label, ModelSpec } from '../domain/model-card.ts';
import { type Candidates, createCandidates, type Tensors } from './candidates.ts';
import { collect as collectDetr } from './detr/collect.ts';
import { collect as collectEnd2end } from './end2end/collect.ts';
import { collect as collectKerb } from './kerb/collect.ts';
import { collect as collectNanodet } from './nanodet/collect.ts';
import { suppress } from './suppress.ts';
import { collect as collectYolov8 } from './yolov8/collect.ts';
import { collect as collectYolox } from './yolox/collect.ts';

/** Most candidates that a frame may have before suppression; a 640 × 640 grid of three strides has 8400 cells. */
const CAPACITY = 16_384;
/** A box this far from the frame is a fault of the model; events hold boxes within −1 … 2. */
const FURTHEST = 1;

/**
 * Labels that say the same thing in two states (a truck covered, a truck open) compete with each other: one thing
 * gives one box. All others compete with themselves alone, as COCO scores them.
 */
export function suppressionGroups(labels: readonly Label[]): Int32Array {
  return Int32Array.from(labels, (label, i) => {
    if (label.load === undefined && label.cover === undefined) return i;
    return labels.findIndex((other) => other.concept === label.concept && (other.load ?? other.cover) !== undefined);
  });
}

function collect(tensors: Tensors, spec: ModelSpec, out: Candidates): void {
  const { outputs, input, labels } = spec;
  const minScore = spec.thresholds.score;
  switch (outputs.family) {
    case 'yolox':
      collectYolox(tensors, outputs, input, minScore, out);
      break;
    case 'nanodet':
      collectNanodet(tensors, outputs, input, minScore, out);
      break;
    case 'yolov8':
      collectYolov8(tensors, outputs, minScore, out);
      break;
    case 'end2end':
      collectEnd2end(tensors, outputs, input, labels.length, minScore, out);
      break;
    case 'detr':
      collectDetr(tensors, outputs, input, minScore, out);
      break;
    case 'kerb':
      collectKerb(tensors, outputs, minScore, out);
      break;
  }
}

function toDetection(candidates: Candidates, i: number, label: Label, placement: Placement): Detection | null {
  const { boxes } = candidates;
  const x = ((boxes[i * 4] ?? 0) - placement.offsetX) / placement.scaledWidth;
  const y = ((boxes[i * 4 + 1] ?? 0) - placement.offsetY) / placement.scaledHeight;
  const w = ((boxes[i * 4 + 2] ?? 0) - (boxes[i * 4] ?? 0)) / placement.scaledWidth;
  const h = ((boxes[i * 4 + 3] ?? 0) - (boxes[i * 4 + 1] ?? 0)) / placement.scaledHeight;
  if (Math.min(x, y) < -FURTHEST || Math.max(x + w, y + h) > 1 + FURTHEST) return null;
  return {
    concept: label.concept,
    label: label.name,
    score: Math.min(1, candidates.scores[i] ?? 0),
    box: [x, y, w, h],
    ...(label.load && { load: label.load }),
    ...(label.cover && { cover: label.cover }),
  };
}

/**
 * A decoder with its own scratch, for one thread. Boxes are never clipped to the frame: clipping would move the foot
 * point that every zone test stands on.
 */
export function createDecoder(spec: ModelSpec): (tensors: Tensors, placement: Placement) => Detection[] {
  const candidates = createCandidates(CAPACITY);
  const groups = suppressionGroups(spec.labels);
  return (tensors, placement) => {
    candidates.count = 0;
    collect(tensors, spec, candidates);
    const kept = suppress(candidates, groups, spec.thresholds.nmsIou, spec.thresholds.maxBoxes);
    return kept.flatMap((i) => {
      const label = spec.labels[candidates.labels[i] ?? -1];
      const detection = label && toDetection(candidates, i, label, placement);
      return detection ? [detection] : [];
    });
  };
}
