/** Greedy non-maximum suppression (NMS): of boxes of one group that overlap too much, the best stays. */
import type { Label, Thresholds } from '../domain/model-card.ts';
import type { Candidates } from './candidates.ts';

function overlap(boxes: Float64Array, a: number, b: number): number {
  const ax1 = boxes[a * 4] ?? 0;
  const ay1 = boxes[a * 4 + 1] ?? 0;
  const ax2 = boxes[a * 4 + 2] ?? 0;
  const ay2 = boxes[a * 4 + 3] ?? 0;
  const bx1 = boxes[b * 4] ?? 0;
  const by1 = boxes[b * 4 + 1] ?? 0;
  const bx2 = boxes[b * 4 + 2] ?? 0;
  const by2 = boxes[b * 4 + 3] ?? 0;
  const w = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const h = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (w <= 0 || h <= 0) return 0;
  const both = w * h;
  return both / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - both);
}

/** Labels of which one thing may be taken for several, and the greatest overlap that two of them may have. */
export type LabelGroup = { readonly iou: number; readonly members: ReadonlySet<number> };

/**
 * The group of each label within which boxes suppress each other. Labels that say the same thing in more or less known
 * states (a truck covered, a truck open, a truck of which nothing more is known) are one group: one thing gives one box.
 * All others are groups of their own, as COCO scores them.
 */
export function stateGroupsOf(labels: readonly Label[]): Int32Array {
  const hasState = (label: Label) => label.load !== undefined || label.cover !== undefined;
  return Int32Array.from(labels, ({ concept }, i) => {
    const inStates = labels.some((other) => other.concept === concept && hasState(other));
    return inStates ? labels.findIndex((other) => other.concept === concept) : i;
  });
}

/** The card's class groups, by label. */
export function labelGroupsOf(
  labels: readonly Label[],
  { classGroups }: Pick<Thresholds, 'classGroups'>,
): LabelGroup[] {
  return classGroups.map(({ concepts, iou }) => ({
    iou,
    members: new Set(labels.flatMap((label, i) => (concepts.includes(label.concept) ? [i] : []))),
  }));
}

/**
 * Indices of the candidates that stay, best first; equal scores keep the order in which they came, so that the same
 * tensors always give the same list.
 * @param stateGroups group of each label, as `stateGroupsOf` gives it
 * @param iou greatest overlap that two boxes of a group may have; null keeps all
 * @param labelGroups sets of labels that suppress each other beyond their groups
 */
export function suppress(
  candidates: Candidates,
  stateGroups: ArrayLike<number>,
  iou: number | null,
  maxBoxes: number,
  labelGroups: readonly LabelGroup[] = [],
): number[] {
  const { boxes, scores, labels, count } = candidates;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept: number[] = [];
  const keptByGroup = new Map<number, number[]>();
  const isSuppressed = (i: number): boolean =>
    labelGroups.some(
      ({ members, iou: max }) =>
        members.has(labels[i] ?? 0) &&
        kept.some((other) => members.has(labels[other] ?? 0) && overlap(boxes, other, i) > max),
    );
  for (const i of order) {
    if (kept.length === maxBoxes) break;
    if (labelGroups.length > 0 && isSuppressed(i)) continue;
    if (iou !== null) {
      const group = stateGroups[labels[i] ?? 0] ?? 0;
      let same = keptByGroup.get(group);
      if (!same) {
        same = [];
        keptByGroup.set(group, same);
      }
      if (same.some((other) => overlap(boxes, other, i) > iou)) continue;
      same.push(i);
    }
    kept.push(i);
  }
  return kept;
}
