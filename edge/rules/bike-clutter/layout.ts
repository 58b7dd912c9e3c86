/** How bikes lie in a zone: what they cover of the walkway, and how far from a tidy row they are. On demand only. */
import type { BoxXywh, Point } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import { footPoint } from '../../geometry/box.ts';
import { type GroundMap, groundMapOf, squareMetres, toGround, widthMetres } from '../../geometry/ground-plane.ts';
import { clamp } from '../../geometry/numbers.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import { BIKE_LENGTH, BIKE_WIDTH, GRID, GROUND_SHARE } from './tuning.ts';

type Zone = ZoneConfig<'bike-clutter'>;
type Cell = { readonly image: Point; readonly ground: readonly [number, number] | null; readonly weight: number };

const grids = new WeakMap<object, readonly Cell[]>();

/** Cells of the zone outside its bays, each with its share of the ground: in m² where calibrated, else of the picture. */
function cellsOf(zone: Zone, map: GroundMap | null): readonly Cell[] {
  const known = grids.get(zone);
  if (known) return known;
  const xs = zone.polygon.map(([x]) => x);
  const ys = zone.polygon.map(([, y]) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [dx, dy] = [(Math.max(...xs) - left) / GRID, (Math.max(...ys) - top) / GRID];
  const cells: Cell[] = [];
  for (let i = 0; i < GRID * GRID; i++) {
    const [x, y] = [left + (i % GRID) * dx, top + Math.floor(i / GRID) * dy];
    const image: Point = [x + dx / 2, y + dy / 2];
    if (!inPolygon(image, zone.polygon) || (zone.bays ?? []).some(({ polygon }) => inPolygon(image, polygon))) continue;
    const corners: Point[] = [
      [x, y],
      [x + dx, y],
      [x + dx, y + dy],
      [x, y + dy],
    ];
    const weight = map ? squareMetres(map, corners) : 1;
    if (weight !== null) cells.push({ image, ground: map ? toGround(map, image) : null, weight });
  }
  grids.set(zone, cells);
  return cells;
}

type Covers = (cell: Cell) => boolean;

/** The strip of the picture along the wheels. */
function stripOf([x, y, w, h]: BoxXywh): Covers {
  const top = y + h * (1 - GROUND_SHARE);
  return ({ image }) => image[0] >= x && image[0] <= x + w && image[1] >= top && image[1] <= y + h;
}

/** A rectangle on the ground: as wide as the bike looks, and the deeper the more it shows its end. */
function footprintOf(box: BoxXywh, map: GroundMap): Covers {
  const [x, y, w, h] = box;
  const a = toGround(map, [x, y + h]);
  const b = toGround(map, [x + w, y + h]);
  const behind = toGround(map, [x + w / 2, y + h * 0.9]);
  if (!a || !b || !behind) return () => false;
  const width = Math.hypot(b[0] - a[0], b[1] - a[1]);
  if (width <= 0) return () => false;
  const along = [(b[0] - a[0]) / width, (b[1] - a[1]) / width] as const;
  const away = Math.sign((behind[0] - a[0]) * -along[1] + (behind[1] - a[1]) * along[0]) || 1;
  const seen = clamp(width, BIKE_WIDTH, BIKE_LENGTH);
  const depth = BIKE_WIDTH + BIKE_LENGTH - seen;
  return ({ ground }) => {
    if (!ground) return false;
    const [gx, gy] = [ground[0] - a[0], ground[1] - a[1]];
    const u = gx * along[0] + gy * along[1];
    const v = away * (gx * -along[1] + gy * along[0]);
    return u >= 0 && u <= width && v >= 0 && v <= depth;
  };
}

/** Share of the zone's ground outside its bays that these bikes cover, 0..1; piles are not counted twice. */
export function blockedShare(boxes: readonly BoxXywh[], zone: Zone): number {
  const map = groundMapOf(zone.groundPlane);
  const cells = cellsOf(zone, map);
  const covers = boxes.map((box) => (map ? footprintOf(box, map) : stripOf(box)));
  let all = 0;
  let covered = 0;
  for (const cell of cells) {
    all += cell.weight;
    if (covers.some((covering) => covering(cell))) covered += cell.weight;
  }
  return all > 0 ? clamp(covered / all, 0, 1) : 0;
}

/** Standard deviation over mean. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean <= 0) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
}

export type Disorder = { readonly orientation: number; readonly spacing: number; readonly whole: number };

/** A bike's turn against the camera, from how long it looks: in metres where calibrated, else for its height. */
function turnOf(box: BoxXywh, map: GroundMap | null, aspect: number): number {
  const metres = map ? widthMetres(map, box) : null;
  if (metres === null) return (box[2] * aspect) / Math.max(1e-6, box[3]);
  return clamp(metres, BIKE_WIDTH, BIKE_LENGTH) / BIKE_LENGTH;
}

/** Where a bike stands, in metres, or in its own heights so that far rows count as near ones. */
function standOf(box: BoxXywh, map: GroundMap | null, aspect: number, height: number): readonly [number, number] {
  const foot = footPoint(box);
  return (map ? toGround(map, foot) : null) ?? [(foot[0] * aspect) / height, foot[1] / height];
}

/** 0 for a tidy row: one heading and nearest neighbours equally far. Null for too few bikes to say. */
export function disorderOf(boxes: readonly BoxXywh[], zone: Zone, aspect: number): Disorder | null {
  if (boxes.length < 3) return null;
  const map = groundMapOf(zone.groundPlane);
  const height = Math.max(1e-6, boxes.reduce((sum, box) => sum + box[3], 0) / boxes.length);
  const stands = boxes.map((box) => standOf(box, map, aspect, height));
  const nearest = stands.map((a, i) => {
    let least = Number.POSITIVE_INFINITY;
    for (const [j, b] of stands.entries()) if (j !== i) least = Math.min(least, Math.hypot(a[0] - b[0], a[1] - b[1]));
    return least;
  });
  const orientation = spread(boxes.map((box) => turnOf(box, map, aspect)));
  const spacing = spread(nearest);
  return {
    orientation: clamp(orientation, 0, 1),
    spacing: clamp(spacing, 0, 1),
    whole: clamp((orientation + spacing) / 1.5, 0, 1),
  };
}
