/** From a model's tensors to detections: the family collects, rivals are suppressed, boxes go back to the frame. */
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { Label, ModelSpec } from '../domain/model-card.ts';
import { type Floors, floorsOf } from './best-label.ts';
import { type Candidates, createCandidates, type Tensors } from './candidates.ts';
import { collect as collectDetr } from './detr/collect.ts';
import { collect as collectEnd2end } from './end2end/collect.ts';
import { collect as collectKerb } from './kerb/collect.ts';
import { collect as collectNanodet } from './nanodet/collect.ts';
import { collect as collectNanodetPlus } from './nanodet-plus/collect.ts';
import { type Rivals, suppress } from './suppress.ts';
import { collect as collectYolov8 } from './yolov8/collect.ts';
import { collect as collectYolox } from './yolox/collect.ts';

/** Most candidates that a frame may have before suppression; a 640 × 640 grid of three strides has 8400 cells. */
const CAPACITY = 16_384;
/** The same where each box may stand under several labels. */
const CAPACITY_EVERY_LABEL = 1 << 20;
/** A box this far from the frame is a fault of the model; events hold boxes within −1 … 2. */
const FURTHEST = 1;

/**
 * Labels that say the same thing in more or less known states (a truck covered, a truck open, a truck of which nothing
 * more is known) compete with each other: one thing gives one box. All others compete with themselves alone, as COCO
 * scores them.
 */
export function suppressionGroups(labels: readonly Label[]): Int32Array {
  const hasState = (label: Label) => label.load !== undefined || label.cover !== undefined;
  return Int32Array.from(labels, ({ concept }, i) => {
    const inStates = labels.some((other) => other.concept === concept && hasState(other));
    return inStates ? labels.findIndex((other) => other.concept === concept) : i;
  });
}

/**
 * The model as average precision asks for it: weak boxes too, each label for itself. A lorry and a muck truck in one
 * place are two answers then, and each is weighed against its own truth; on a camera they would be one thing told twice.
 */
export function forScoring(spec: ModelSpec, minScore: number, maxBoxes: number): ModelSpec {
  const { nmsIou } = spec.thresholds;
  return { ...spec, thresholds: { score: minScore, byLabel: {}, nmsIou, compete: [], maxBoxes, everyLabel: true } };
}

/** The card's rivalries, by label. */
export function rivalsOf({ labels, thresholds }: Pick<ModelSpec, 'labels' | 'thresholds'>): Rivals[] {
  return thresholds.compete.map(({ concepts, iou }) => ({
    iou,
    members: new Set(labels.flatMap((label, i) => (concepts.includes(label.concept) ? [i] : []))),
  }));
}

function collect(tensors: Tensors, { outputs, input }: ModelSpec, floors: Floors, out: Candidates): void {
  switch (outputs.family) {
    case 'yolox':
      collectYolox(tensors, outputs, input, floors, out);
      break;
    case 'nanodet':
      collectNanodet(tensors, outputs, input, floors, out);
      break;
    case 'nanodet-plus':
      collectNanodetPlus(tensors, outputs, input, floors, out);
      break;
    case 'yolov8':
      collectYolov8(tensors, outputs, floors, out);
      break;
    case 'end2end':
      collectEnd2end(tensors, outputs, input, floors, out);
      break;
    case 'detr':
      collectDetr(tensors, outputs, input, floors, out);
      break;
    case 'kerb':
      collectKerb(tensors, outputs, floors, out);
      break;
    default:
      // A family left out above does not compile; a card that nobody checked must not pass for an empty street.
      outputs satisfies never;
      throw new TypeError('no decoder for this family');
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
  const candidates = createCandidates(spec.thresholds.everyLabel ? CAPACITY_EVERY_LABEL : CAPACITY);
  const groups = suppressionGroups(spec.labels);
  const rivals = rivalsOf(spec);
  const floors = floorsOf(spec);
  const { nmsIou, maxBoxes } = spec.thresholds;
  return (tensors, placement) => {
    candidates.count = 0;
    collect(tensors, spec, floors, candidates);
    const kept = suppress(candidates, groups, nmsIou, maxBoxes, rivals);
    return kept.flatMap((i) => {
      const label = spec.labels[candidates.labels[i] ?? -1];
      const detection = label && toDetection(candidates, i, label, placement);
      return detection ? [detection] : [];
    });
  };
}
