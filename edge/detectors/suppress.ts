/** Greedy non-maximum suppression: of boxes of one group that overlap too much, the best stays. */
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

/** Labels that compete across their groups, and the greatest overlap that two of them may have. */
export type Rivals = { readonly iou: number; readonly members: ReadonlySet<number> };

/**
 * Indices of the candidates that stay, best first; equal scores keep the order in which they came, so that the same
 * tensors always give the same list.
 * @param groups group of each label: labels of one group compete with each other
 * @param iou greatest overlap that two boxes of a group may have; null keeps all
 * @param rivals sets of labels that compete beyond their groups
 */
export function suppress(
  candidates: Candidates,
  groups: ArrayLike<number>,
  iou: number | null,
  maxBoxes: number,
  rivals: readonly Rivals[] = [],
): number[] {
  const { boxes, scores, labels, count } = candidates;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept: number[] = [];
  const keptByGroup = new Map<number, number[]>();
  const isTold = (i: number): boolean =>
    rivals.some(
      ({ members, iou: most }) =>
        members.has(labels[i] ?? 0) &&
        kept.some((other) => members.has(labels[other] ?? 0) && overlap(boxes, other, i) > most),
    );
  for (const i of order) {
    if (kept.length === maxBoxes) break;
    if (rivals.length > 0 && isTold(i)) continue;
    if (iou !== null) {
      const group = groups[labels[i] ?? 0] ?? 0;
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
