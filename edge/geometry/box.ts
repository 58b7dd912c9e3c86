/** Boxes as [x, y, w, h]: overlap, foot point, distance. Units are the caller's; shares of the frame in this house. */
import type { BoxXywh, Point } from '../../contracts/geometry.ts';

/** @example area([0.1, 0.1, 0.2, 0.5]) // 0.1 */
export function area(box: BoxXywh): number {
  return Math.max(0, box[2]) * Math.max(0, box[3]);
}

/**
 * Where a thing stands: the middle of the lower edge of the box as the detector gave it. Never clip a box first:
 * clipping to a zone or to the frame moves the foot inside (a bug seen in a well-known library).
 */
export function footPoint(box: BoxXywh): Point {
  return [box[0] + box[2] / 2, box[1] + box[3]];
}

/** Area that two boxes share. */
export function intersection(a: BoxXywh, b: BoxXywh): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over union, 0..1; 0 where both boxes are empty. */
export function iou(a: BoxXywh, b: BoxXywh): number {
  const shared = intersection(a, b);
  const union = area(a) + area(b) - shared;
  return union > 0 ? Math.min(1, shared / union) : 0;
}

/** Share of `inner` that lies in `outer`, 0..1. */
export function coveredShare(inner: BoxXywh, outer: BoxXywh): number {
  const own = area(inner);
  return own > 0 ? Math.min(1, intersection(inner, outer) / own) : 0;
}

/**
 * Moving mean of outlines: `from` moved towards `to` by a share of the way, side by side.
 *
 * @example mixBoxes([0, 0, 1, 1], [1, 0, 1, 2], 0.1) // [0.1, 0, 1, 1.1]
 */
export function mixBoxes(from: BoxXywh, to: BoxXywh, gain: number): BoxXywh {
  const [x, y, w, h] = from;
  return [x + gain * (to[0] - x), y + gain * (to[1] - y), w + gain * (to[2] - w), h + gain * (to[3] - h)];
}

/** Smallest box around all; null for none. */
export function unionBox(boxes: readonly BoxXywh[]): BoxXywh | null {
  let x0 = Number.POSITIVE_INFINITY;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y1 = Number.NEGATIVE_INFINITY;
  for (const [x, y, w, h] of boxes) {
    x0 = Math.min(x0, x);
    y0 = Math.min(y0, y);
    x1 = Math.max(x1, x + w);
    y1 = Math.max(y1, y + h);
  }
  return x1 >= x0 ? [x0, y0, x1 - x0, y1 - y0] : null;
}

/**
 * Empty space between two boxes along the frame's axes, 0 where they touch or overlap. `aspect` (width over height of
 * the frame) turns horizontal shares into shares of the height, so that the result has one unit: frame heights.
 */
export function gapBetween(a: BoxXywh, b: BoxXywh, aspect: number): number {
  const dx = Math.max(0, Math.max(a[0], b[0]) - Math.min(a[0] + a[2], b[0] + b[2])) * aspect;
  const dy = Math.max(0, Math.max(a[1], b[1]) - Math.min(a[1] + a[3], b[1] + b[3]));
  return Math.hypot(dx, dy);
}

/** Distance of two points in frame heights. */
export function distance(a: Point, b: Point, aspect: number): number {
  return Math.hypot((a[0] - b[0]) * aspect, a[1] - b[1]);
}
