/** Polygons and lines: inside or not, which side, who crossed. */
import type { Point, Polygon, Polyline } from '../../contracts/geometry.ts';
import { clamp } from './numbers.ts';

/** Even-odd rule (W. R. Franklin's PNPOLY); a point on an edge belongs to one of two polygons that share it. */
export function inPolygon(point: Point, polygon: Polygon): boolean {
  const [px, py] = point;
  let inside = false;
  let previous = polygon[polygon.length - 1];
  for (const corner of polygon) {
    if (previous) {
      // An edge is taken upwards whichever way round it is walked: rounding is the same for both polygons that share it.
      const up = previous[1] < corner[1];
      const [x0, y0] = up ? previous : corner;
      const [x1, y1] = up ? corner : previous;
      if (y0 > py !== y1 > py && px < ((x1 - x0) * (py - y0)) / (y1 - y0) + x0) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

/** Above 0 when `point` lies to one side of the line from `a` to `b`, below 0 on the other, 0 on it. */
export function side(point: Point, a: Point, b: Point): number {
  return (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]);
}

function withinBounds(p: Point, q: Point, r: Point): boolean {
  return (
    Math.min(q[0], r[0]) <= p[0] &&
    p[0] <= Math.max(q[0], r[0]) &&
    Math.min(q[1], r[1]) <= p[1] &&
    p[1] <= Math.max(q[1], r[1])
  );
}

/** True when the segments a–b and c–d cross or touch. */
export function segmentsCross(a: Point, b: Point, c: Point, d: Point): boolean {
  const s1 = Math.sign(side(a, c, d));
  const s2 = Math.sign(side(b, c, d));
  const s3 = Math.sign(side(c, a, b));
  const s4 = Math.sign(side(d, a, b));
  if (s1 * s2 < 0 && s3 * s4 < 0) return true;
  return (
    (s1 === 0 && withinBounds(a, c, d)) ||
    (s2 === 0 && withinBounds(b, c, d)) ||
    (s3 === 0 && withinBounds(c, a, b)) ||
    (s4 === 0 && withinBounds(d, a, b))
  );
}

/** How a step from `from` to `to` passes a gate line, seen from the `inside` point's side; null when it does not. */
export function crossing(
  from: Point,
  to: Point,
  line: readonly [Point, Point],
  inside: Point,
): 'outbound' | 'inbound' | null {
  const home = Math.sign(side(inside, line[0], line[1]));
  const before = Math.sign(side(from, line[0], line[1])) === home;
  const after = Math.sign(side(to, line[0], line[1])) === home;
  if (home === 0 || before === after || !segmentsCross(from, to, line[0], line[1])) return null;
  return before ? 'outbound' : 'inbound';
}

/** Point of the segment a–b nearest to `point`. */
export function nearestOnSegment(point: Point, a: Point, b: Point): Point {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? clamp(((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length2, 0, 1) : 0;
  return [a[0] + t * dx, a[1] + t * dy];
}

/** Distance of a point from a polyline, in frame heights; `aspect` is the frame's width over its height. */
export function distanceToPolyline(point: Point, line: Polyline, aspect: number): number {
  const p: Point = [point[0] * aspect, point[1]];
  let best = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as Point;
    const b = line[i] as Point;
    const q = nearestOnSegment(p, [a[0] * aspect, a[1]], [b[0] * aspect, b[1]]);
    best = Math.min(best, Math.hypot(p[0] - q[0], p[1] - q[1]));
  }
  return best;
}
