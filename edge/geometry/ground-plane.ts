/** A zone's flat ground: its map, distances and areas on it. */
import type { BoxXywh, Point } from '../../contracts/geometry.ts';
import { type GroundMap, groundMap, toGround } from '../../contracts/ground-map.ts';
import type { GroundPlane } from '../../contracts/ground-plane.ts';

export { type GroundMap, groundMap, toGround, toImage } from '../../contracts/ground-map.ts';

const solved = new WeakMap<GroundPlane, GroundMap | null>();

/** The map of a zone that may have none; the same object is solved once. */
export function groundMapOf(plane: GroundPlane | undefined): GroundMap | null {
  if (!plane) return null;
  let map = solved.get(plane);
  if (map === undefined) {
    map = groundMap(plane);
    solved.set(plane, map);
  }
  return map;
}

/** Distance on the ground of two points of the picture, m; null where one lies beyond the horizon. */
export function metresBetween(map: GroundMap, a: Point, b: Point): number | null {
  const p = toGround(map, a);
  const q = toGround(map, b);
  return p && q ? Math.hypot(p[0] - q[0], p[1] - q[1]) : null;
}

/** Area on the ground of a polygon of the picture, m²; null where a corner lies beyond the horizon. */
export function squareMetres(map: GroundMap, polygon: readonly Point[]): number | null {
  let twice = 0;
  let previous = toGround(map, polygon[polygon.length - 1] ?? [0, 0]);
  for (const corner of polygon) {
    const here = toGround(map, corner);
    if (!here || !previous) return null;
    twice += previous[0] * here[1] - here[0] * previous[1];
    previous = here;
  }
  return Math.abs(twice) / 2;
}

/** Width on the ground of a thing that stands there, m: between the lower corners of its box. */
export function widthMetres(map: GroundMap, [x, y, w, h]: BoxXywh): number | null {
  return metresBetween(map, [x, y + h], [x + w, y + h]);
}
