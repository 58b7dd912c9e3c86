/** Picture to metres and back on a zone's flat ground, and from there to WGS 84. Pure. */
import type { Location, Point } from './geometry.ts';
import { type GroundPlane, groundCorners } from './ground-plane.ts';
import { DEGREE_M, RADIANS } from './wgs84.ts';

type Matrix = readonly [number, number, number, number, number, number, number, number, number];
export type Metres = readonly [number, number];

/** Two 3 × 3 matrices, row by row: shares of the frame to metres, and metres to shares of the frame. */
export type GroundMap = { readonly toGround: Matrix; readonly toImage: Matrix };

/** Below this denominator a point lies so near the horizon that a pixel is many metres. */
const NEAR_HORIZON = 0.05;

/**
 * The unit square to a quadrilateral (P. Heckbert, Fundamentals of Texture Mapping and Image Warping, 1989, §2.2.3).
 * Only for quadrilaterals that are convex, which the contract makes sure of.
 */
function fromSquare([p0, p1, p2, p3]: readonly [Metres, Metres, Metres, Metres]): Matrix {
  const [dx1, dy1] = [p1[0] - p2[0], p1[1] - p2[1]];
  const [dx2, dy2] = [p3[0] - p2[0], p3[1] - p2[1]];
  const [sx, sy] = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]];
  const det = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / det;
  const h = (dx1 * sy - sx * dy1) / det;
  return [
    p1[0] - p0[0] + g * p1[0],
    p3[0] - p0[0] + h * p3[0],
    p0[0],
    p1[1] - p0[1] + g * p1[1],
    p3[1] - p0[1] + h * p3[1],
    p0[1],
    g,
    h,
    1,
  ];
}

/** Inverse but for a factor, which a homography does not have. */
function adjugate([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

function times(m: Matrix, n: Matrix): Matrix {
  const cell = (row: number, col: number) =>
    (m[row * 3] as number) * (n[col] as number) +
    (m[row * 3 + 1] as number) * (n[col + 3] as number) +
    (m[row * 3 + 2] as number) * (n[col + 6] as number);
  return [cell(0, 0), cell(0, 1), cell(0, 2), cell(1, 0), cell(1, 1), cell(1, 2), cell(2, 0), cell(2, 1), cell(2, 2)];
}

const depth = (m: Matrix, [x, y]: Metres) => m[6] * x + m[7] * y + m[8];

/** Scaled so that the depth is 1 in the middle of the marks: above 0 before the horizon, below 0 behind it. */
function scaled(m: Matrix, corners: readonly Metres[]): Matrix {
  const mean = corners.reduce((sum, corner) => sum + depth(m, corner), 0) / corners.length;
  return m.map((value) => value / mean) as unknown as Matrix;
}

function project(m: Matrix, point: Metres): [number, number] | null {
  const w = depth(m, point);
  if (w < NEAR_HORIZON) return null;
  return [(m[0] * point[0] + m[1] * point[1] + m[2]) / w, (m[3] * point[0] + m[4] * point[1] + m[5]) / w];
}

/** Null where the measures cannot be true; a checked configuration has none of those. */
export function groundMap(plane: GroundPlane): GroundMap | null {
  const measured = groundCorners(plane);
  if (!measured.ok) return null;
  const image = fromSquare(plane.points);
  const ground = fromSquare(measured.corners);
  return {
    toGround: scaled(times(ground, adjugate(image)), plane.points),
    toImage: scaled(times(image, adjugate(ground)), measured.corners),
  };
}

/** Metres on the ground; null at and beyond the horizon, where the picture shows no ground. */
export function toGround(map: GroundMap, point: Point): [number, number] | null {
  return project(map.toGround, point);
}

/** Shares of the frame; null behind the camera. May lie outside 0..1. */
export function toImage(map: GroundMap, metres: Metres): Point | null {
  return project(map.toImage, metres);
}

/**
 * Where a point of the picture lies on the ground, WGS 84; null beyond the horizon, and where the plane's marks have no
 * positions. Along the ground x runs from mark 1 to mark 3 and y to the right of it.
 */
export function placeOnGround(plane: GroundPlane, point: Point): Location | null {
  const map = plane.locations && groundMap(plane);
  const metres = map && toGround(map, point);
  if (!metres || !plane.locations) return null;
  const [x, y] = metres;
  const [first, third] = plane.locations;
  const eastM = DEGREE_M * Math.cos(first.lat * RADIANS);
  const [east, north] = [(third.lon - first.lon) * eastM, (third.lat - first.lat) * DEGREE_M];
  const length = Math.hypot(east, north);
  const [sin, cos] = [east / length, north / length];
  return { lon: first.lon + (x * sin + y * cos) / eastM, lat: first.lat + (x * cos - y * sin) / DEGREE_M };
}
