/** Several looks at one picture become one list: what an earlier look has told, a later one does not tell again. Pure. */

import type { Detection } from '../domain/detection.ts';
import type { ModelSpec } from '../domain/model-card.ts';
import { iou } from '../geometry/box.ts';
import { rivalsOf, suppressionGroups } from './decode.ts';

/** A small box is off by a pixel or two in a coarser look, so looks are compared less strictly than boxes of one. */
const ACROSS_LOOKS = 0.45;

type Told = { readonly detection: Detection; readonly look: number; readonly label: number };

/**
 * A function of looks, the most trusted first, each best first. Within a look its own suppression has been done.
 * Returns at most the card's `maxBoxes`, best first; equal scores keep the order of the looks.
 */
export function createMerger(
  spec: Pick<ModelSpec, 'labels' | 'thresholds'>,
): (looks: readonly (readonly Detection[])[]) => Detection[] {
  const groups = suppressionGroups(spec.labels);
  const rivals = rivalsOf(spec);
  const indexOf = new Map(spec.labels.map((label, i) => [label.name, i]));
  const compete = (a: number, b: number): boolean =>
    groups[a] === groups[b] || rivals.some(({ members }) => members.has(a) && members.has(b));

  return (looks) => {
    const told: Told[] = [];
    for (const [look, detections] of looks.entries()) {
      for (const detection of detections) {
        const label = indexOf.get(detection.label) ?? -1;
        const again = told.some(
          (other) =>
            other.look !== look &&
            compete(other.label, label) &&
            iou(other.detection.box, detection.box) > ACROSS_LOOKS,
        );
        if (!again) told.push({ detection, look, label });
      }
    }
    return told
      .map(({ detection }) => detection)
      .sort((a, b) => b.score - a.score)
      .slice(0, spec.thresholds.maxBoxes);
  };
}
