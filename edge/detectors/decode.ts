/** From a model's tensors to detections: the family collects boxes, NMS keeps the best, boxes go back to the frame. */
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { Label } from '../domain/model-card.ts';
import { minScoresOf } from './best-label.ts';
import { createCalibration } from './calibration.ts';
import { type Candidates, createCandidates, type Tensors } from './candidates.ts';
import { familyOf } from './families.ts';
import type { ModelSpec } from './model-spec.ts';
import { labelGroupsOf, stateGroupsOf, suppress } from './suppress.ts';

/** Most candidates that a frame may have before suppression; a 640 × 640 grid of three strides has 8400 cells. */
const CAPACITY = 16_384;
/** The same where each box may stand under several labels. */
const CAPACITY_EVERY_LABEL = 1 << 20;
/** A box this far from the frame is a fault of the model; events hold boxes within −1 … 2. */
const MAX_OUTSIDE = 1;

function toDetection(candidates: Candidates, i: number, label: Label, placement: Placement): Detection | null {
  const { boxes } = candidates;
  const x = ((boxes[i * 4] ?? 0) - placement.offsetX) / placement.scaledWidth;
  const y = ((boxes[i * 4 + 1] ?? 0) - placement.offsetY) / placement.scaledHeight;
  const w = ((boxes[i * 4 + 2] ?? 0) - (boxes[i * 4] ?? 0)) / placement.scaledWidth;
  const h = ((boxes[i * 4 + 3] ?? 0) - (boxes[i * 4 + 1] ?? 0)) / placement.scaledHeight;
  if (Math.min(x, y) < -MAX_OUTSIDE || Math.max(x + w, y + h) > 1 + MAX_OUTSIDE) return null;
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
  const { labels, thresholds, outputs, input } = spec;
  const family = familyOf(outputs);
  const calibration = createCalibration(spec.calibration, labels);
  const capacity = thresholds.everyLabel ? CAPACITY_EVERY_LABEL : CAPACITY;
  const candidates = createCandidates(capacity, calibration?.chanceOf ?? null);
  const stateGroups = stateGroupsOf(labels);
  const labelGroups = labelGroupsOf(labels, thresholds);
  const minScores = minScoresOf(thresholds, labels, calibration);
  const { nmsIou, maxBoxes } = thresholds;
  return (tensors, placement) => {
    candidates.count = 0;
    family.collect(tensors, outputs, input, minScores, candidates);
    const kept = suppress(candidates, stateGroups, nmsIou, maxBoxes, labelGroups);
    return kept.flatMap((i) => {
      const label = labels[candidates.labels[i] ?? -1];
      const detection = label && toDetection(candidates, i, label, placement);
      return detection ? [detection] : [];
    });
  };
}
