/** Several inferences on one picture become one list: what a more trusted one has found, another does not add again. Pure. */

import type { Detection } from '../domain/detection.ts';
import type { Label, Thresholds } from '../domain/model-card.ts';
import { iou } from '../geometry/box.ts';
import { labelGroupsOf, stateGroupsOf } from './suppress.ts';

/** A small box is off by a pixel or two in a coarser inference, so boxes of two are compared less strictly than of one. */
const MAX_IOU_ACROSS = 0.45;

type Kept = { readonly detection: Detection; readonly inference: number; readonly label: number };

/**
 * A function of inferences, the most trusted first, each best first; within each its own suppression has been done.
 * Returns at most the card's `maxBoxes`, best first; equal scores keep the order of the inferences.
 */
export function createMerger(spec: {
  readonly labels: readonly Label[];
  readonly thresholds: Thresholds;
}): (inferences: readonly (readonly Detection[])[]) => Detection[] {
  const stateGroups = stateGroupsOf(spec.labels);
  const labelGroups = labelGroupsOf(spec.labels, spec.thresholds);
  const indexOf = new Map(spec.labels.map((label, i) => [label.name, i]));
  const inOneGroup = (a: number, b: number): boolean =>
    stateGroups[a] === stateGroups[b] || labelGroups.some(({ members }) => members.has(a) && members.has(b));

  return (inferences) => {
    const kept: Kept[] = [];
    for (const [inference, detections] of inferences.entries()) {
      for (const detection of detections) {
        const label = indexOf.get(detection.label) ?? -1;
        const suppressed = kept.some(
          (other) =>
            other.inference !== inference &&
            inOneGroup(other.label, label) &&
            iou(other.detection.box, detection.box) > MAX_IOU_ACROSS,
        );
        if (!suppressed) kept.push({ detection, inference, label });
      }
    }
    return kept
      .map(({ detection }) => detection)
      .sort((a, b) => b.score - a.score)
      .slice(0, spec.thresholds.maxBoxes);
  };
}
