/** What is wrong with a drawn shape: found by walking a schema for its marked shapes, so a new kind's are checked too. */
import type { TSchema } from '@sinclair/typebox';
import { type Point, type Polygon, type Polyline, Shape, type ShapeKind } from '../contracts/geometry.ts';
import { type GroundPlane, groundCorners } from '../contracts/ground-plane.ts';
import type { Fault } from './app-error.ts';
import { isValid } from './validate.ts';

/** Area and length below which a shape is a slip of the hand, in shares of the frame. */
const MIN_AREA = 1e-5;
const MIN_LENGTH = 1e-3;

const same = (a: Point, b: Point) => a[0] === b[0] && a[1] === b[1];
const side = (a: Point, b: Point, c: Point) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
const within = (p: Point, a: Point, b: Point) =>
  Math.min(a[0], b[0]) <= p[0] &&
  p[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= p[1] &&
  p[1] <= Math.max(a[1], b[1]);

/** True where the segments a–b and c–d have a point in common. */
function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [c1, d1, a1, b1] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (c1 * d1 < 0 && a1 * b1 < 0) return true;
  return (
    (c1 === 0 && within(c, a, b)) ||
    (d1 === 0 && within(d, a, b)) ||
    (a1 === 0 && within(a, c, d)) ||
    (b1 === 0 && within(b, c, d))
  );
}

/** True where the path turns back on itself at `b`: its two edges lie on each other. */
function turnsBack(a: Point, b: Point, c: Point): boolean {
  return side(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) > 0;
}

type Edge = readonly [Point, Point];

function edgesOf(points: readonly Point[], closed: boolean): Edge[] {
  const ends = closed ? points : points.slice(0, -1);
  return ends.map((point, i) => [point, points[(i + 1) % points.length] as Point]);
}

/** What keeps edges from being a simple path, or null. */
function pathFault(edges: readonly Edge[], closed: boolean, what: string): string | null {
  const corners = edges.length + (closed ? 0 : 1);
  const still = edges.findIndex(([a, b]) => same(a, b));
  if (still >= 0) return `points ${still + 1} and ${((still + 1) % corners) + 1} are the same: leave one out`;
  for (const [i, [a, b]] of edges.entries()) {
    const next = edges[closed ? (i + 1) % edges.length : i + 1];
    if (next && turnsBack(a, b, next[1])) return `the ${what} turns back on itself at point ${((i + 1) % corners) + 1}`;
    for (let j = i + 2; j < edges.length; j++) {
      const [c, d] = edges[j] as Edge;
      if (closed && i === 0 && j === edges.length - 1) continue;
      if (meet(a, b, c, d)) return `edges ${i + 1} and ${j + 1} cross: give the corners in order around the zone`;
    }
  }
  return null;
}

/** What is wrong with a polygon's shape, or null: it has no area, or its edges touch. */
export function polygonFault(polygon: Polygon): string | null {
  const distinct = polygon.filter((point, i) => polygon.findIndex((other) => same(point, other)) === i);
  if (distinct.length < 3) return 'a polygon has at least three different corners';
  const edges = edgesOf(polygon, true);
  const twiceArea = edges.reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0);
  const fault = pathFault(edges, true, 'outline');
  // Corners on one line turn back too; that they have no area says more.
  const flat = edges.every(([, b]) => side((edges[0] as Edge)[0], (edges[0] as Edge)[1], b) === 0);
  if (fault && !flat) return fault;
  return Math.abs(twiceArea) < 2 * MIN_AREA ? 'polygon has no area' : null;
}

/** What is wrong with a line, or null: it has no length, or meets itself. */
export function lineFault(line: Polyline): string | null {
  const edges = edgesOf(line, false);
  const length = edges.reduce((sum, [a, b]) => sum + Math.hypot(b[0] - a[0], b[1] - a[1]), 0);
  if (length < MIN_LENGTH) return 'line has no length';
  return pathFault(edges, false, 'line');
}

function shapeFault(kind: ShapeKind, value: unknown, path: string): Fault[] {
  if (kind === 'ground-plane') {
    const measured = groundCorners(value as GroundPlane);
    return measured.ok ? [] : [{ path: `${path}.${measured.field}`, message: measured.message }];
  }
  const message = kind === 'polygon' ? polygonFault(value as Polygon) : lineFault(value as Polyline);
  return message ? [{ path, message }] : [];
}

/**
 * Faults of every marked shape in a value. What does not fit its schema is left alone: the schema's own check names it.
 */
export function shapeFaults(schema: TSchema, value: unknown, path: string): Fault[] {
  if (value === undefined) return [];
  const kind = (schema as { readonly [Shape]?: ShapeKind })[Shape];
  if (kind) return isValid(schema, value) ? shapeFault(kind, value, path) : [];
  if (Array.isArray(value)) {
    const { items } = schema as { readonly items?: TSchema | readonly TSchema[] };
    return value.flatMap((item, i) => {
      const of = Array.isArray(items) ? (items[i] as TSchema | undefined) : (items as TSchema | undefined);
      return of ? shapeFaults(of, item, `${path}[${i}]`) : [];
    });
  }
  const { properties, anyOf } = schema as { properties?: Record<string, TSchema>; anyOf?: readonly TSchema[] };
  if (anyOf) {
    const variant = anyOf.find((candidate) => isValid(candidate, value));
    return variant ? shapeFaults(variant, value, path) : [];
  }
  if (!properties || typeof value !== 'object' || value === null) return [];
  return Object.entries(properties).flatMap(([key, property]) =>
    shapeFaults(property, (value as Record<string, unknown>)[key], path ? `${path}.${key}` : key),
  );
}
