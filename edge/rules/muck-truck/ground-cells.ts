/** Cells of a ground patch in the picture: which are hidden, which touch, their outline and their area. */
import type { BoxXywh, Point, Polygon } from '../../../contracts/geometry.ts';
import type { GroundSample } from '../../domain/scene.ts';
import { unionBox } from '../../geometry/box.ts';
import { type GroundMap, squareMetres } from '../../geometry/ground-plane.ts';
import { clamp } from '../../geometry/numbers.ts';
import { HIDE_MARGIN, MAX_CORNERS } from './tuning.ts';

export type Cells = {
  readonly cols: number;
  readonly rows: number;
  readonly bounds: BoxXywh;
};

/** The grid of a sample, over the bounding box of the ground's polygon in shares of the frame. */
export function cellsOf(sample: GroundSample, ground: Polygon): Cells {
  const bounds = unionBox(ground.map(([x, y]) => [x, y, 0, 0])) ?? [0, 0, 1, 1];
  return { cols: sample.cols, rows: sample.rows, bounds };
}

/** A corner of the grid, in shares of the frame. */
function corner({ cols, rows, bounds }: Cells, col: number, row: number): Point {
  return [clamp(bounds[0] + (bounds[2] * col) / cols, 0, 1), clamp(bounds[1] + (bounds[3] * row) / rows, 0, 1)];
}

function isUnder(x: number, y: number, boxes: readonly BoxXywh[]): boolean {
  return boxes.some(
    ([left, top, w, h]) =>
      x >= left - HIDE_MARGIN * w &&
      x <= left + (1 + HIDE_MARGIN) * w &&
      y >= top - HIDE_MARGIN * h &&
      y <= top + (1 + HIDE_MARGIN) * h,
  );
}

/** For each cell whether a box hides its middle. */
export function hiddenCells(cells: Cells, boxes: readonly BoxXywh[]): boolean[] {
  return Array.from({ length: cells.cols * cells.rows }, (_, cell) => {
    const [x, y] = corner(cells, (cell % cells.cols) + 0.5, Math.floor(cell / cells.cols) + 0.5);
    return isUnder(x, y, boxes);
  });
}

/** The same for the cells around the patch, `[x, y, r, g, b]` each. */
export function hiddenAround(around: readonly number[], boxes: readonly BoxXywh[]): boolean[] {
  return Array.from({ length: around.length / 5 }, (_, i) =>
    isUnder(around[5 * i] as number, around[5 * i + 1] as number, boxes),
  );
}

/** Columns and rows between a cell and those that touch it. */
const touching = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
];
/** What was spilt lies in lobes: a cell aslant, or the next but one along the road, which the view does not foreshorten. */
const near = [-2, -1, 0, 1, 2].flatMap((x) => [-1, 0, 1].map((y) => [x, y]));

/** A cell's neighbours within that reach, itself among them where the reach has no step; rows may lie outside the grid. */
export function reached(cell: number, cols: number, reach: readonly (readonly number[])[]): number[] {
  return reach.flatMap(([x = 0, y = 0]) => {
    const col = (cell % cols) + x;
    return col >= 0 && col < cols ? [cell + x + y * cols] : [];
  });
}

/** Largest patch of touching cells. */
export const largestPatch = (cells: readonly number[], cols: number) => largestOf(cells, cols, touching);

/** Largest heap of cells that lie near each other, with little between them. */
export const largestHeap = (cells: readonly number[], cols: number) => largestOf(cells, cols, near);

function largestOf(cells: readonly number[], cols: number, reach: readonly (readonly number[])[]): number[] {
  const left = new Set(cells);
  let best: number[] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const patch = [start];
    for (const cell of patch) {
      for (const next of reached(cell, cols, reach)) if (left.delete(next)) patch.push(next);
    }
    if (patch.length > best.length) best = patch;
  }
  return best;
}

/** Edges of a patch's outside, each from a corner of the grid to the next, the patch on the right hand. */
function outerEdges(patch: ReadonlySet<number>, cols: number): Map<string, [number, number][]> {
  const edges = new Map<string, [number, number][]>();
  const add = (from: [number, number], to: [number, number]) =>
    edges.set(String(from), [...(edges.get(String(from)) ?? []), to]);
  for (const cell of patch) {
    const col = cell % cols;
    const row = Math.floor(cell / cols);
    if (!patch.has(cell - cols)) add([col, row], [col + 1, row]);
    if (col === cols - 1 || !patch.has(cell + 1)) add([col + 1, row], [col + 1, row + 1]);
    if (!patch.has(cell + cols)) add([col + 1, row + 1], [col, row + 1]);
    if (col === 0 || !patch.has(cell - 1)) add([col, row + 1], [col, row]);
  }
  return edges;
}

/** The outline around a patch of touching cells, corners only; holes are left out. */
export function outlineOf(patch: readonly number[], cells: Cells): Point[] {
  const edges = outerEdges(new Set(patch), cells.cols);
  const first = Math.min(...patch);
  const start: [number, number] = [first % cells.cols, Math.floor(first / cells.cols)];
  const corners: [number, number][] = [];
  let here = start;
  let way = '1,0';
  do {
    const options = edges.get(String(here)) ?? [];
    // Where two cells touch by a corner alone there are two ways on: turning right stays with this cell.
    const [dx, dy] = way.split(',').map(Number) as [number, number];
    const right: [number, number] = [here[0] - dy, here[1] + dx];
    const next = options.find((to) => String(to) === String(right)) ?? options[0];
    if (!next) break;
    edges.set(
      String(here),
      options.filter((to) => to !== next),
    );
    const step = `${next[0] - here[0]},${next[1] - here[1]}`;
    if (step !== way || corners.length === 0) corners.push(here);
    way = step;
    here = next;
  } while (String(here) !== String(start));
  const every = Math.ceil(corners.length / MAX_CORNERS);
  return corners.filter((_, i) => i % every === 0).map(([col, row]) => corner(cells, col, row));
}

/** Area of the cells on the ground, m²; null where the ground is not measured or a cell lies beyond the horizon. */
export function areaOf(patch: readonly number[], cells: Cells, map: GroundMap | null): number | null {
  if (!map) return null;
  let sum = 0;
  for (const cell of patch) {
    const col = cell % cells.cols;
    const row = Math.floor(cell / cells.cols);
    const quad = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ].map(([x, y]) => corner(cells, col + (x as number), row + (y as number)));
    const one = squareMetres(map, quad);
    if (one === null) return null;
    sum += one;
  }
  return sum;
}
