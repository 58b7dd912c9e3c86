/** New material on the road behind a truck: the ground before against the ground after, in colour and not in light. */
import type { Point, Polygon } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { GroundSample } from '../../domain/scene.ts';
import { intersection, unionBox } from '../../geometry/box.ts';

/** Deviation of a channel's ratio from the mean ratio: shadow and water darken all channels alike, soil does not. */
const CHROMA = 0.09;
/** Least share of the ground's cells, and least number, that must have changed together. */
const LEAST_SHARE = 0.04;
const LEAST_CELLS = 4;

export function boundsOf(polygon: Polygon) {
  return unionBox(polygon.map(([x, y]) => [x, y, 0, 0]));
}

/** Nothing that moves stands on the ground patch. */
export function isClear(ground: Polygon, tracks: readonly Track[]): boolean {
  const bounds = boundsOf(ground);
  return bounds !== null && !tracks.some((track) => intersection(track.box, bounds) > 0);
}

function changedCell(before: GroundSample, now: GroundSample, cell: number): boolean {
  const ratios: number[] = [];
  for (let channel = 0; channel < 3; channel++) {
    const old = before.rgb[cell * 3 + channel] ?? -1;
    const fresh = now.rgb[cell * 3 + channel] ?? -1;
    if (old < 0 || fresh < 0) return false;
    ratios.push((fresh + 8) / (old + 8));
  }
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / 3;
  return ratios.some((ratio) => Math.abs(ratio / mean - 1) > CHROMA);
}

/** Cells whose colour is another than before. */
export function changedCells(before: GroundSample, now: GroundSample): number[] {
  if (before.cols !== now.cols || before.rows !== now.rows) return [];
  return Array.from({ length: now.cols * now.rows }, (_, cell) => cell).filter((cell) =>
    changedCell(before, now, cell),
  );
}

/** Largest patch of touching cells. */
function largestPatch(cells: readonly number[], cols: number): number[] {
  const left = new Set(cells);
  let best: number[] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const patch = [start];
    for (const cell of patch) {
      const col = cell % cols;
      const around = [cell - cols, cell + cols, ...(col > 0 ? [cell - 1] : []), ...(col < cols - 1 ? [cell + 1] : [])];
      for (const next of around) if (left.delete(next)) patch.push(next);
    }
    if (patch.length > best.length) best = patch;
  }
  return best;
}

/** Outline of a patch that is large enough to be material, else null. */
export function patchOutline(cells: readonly number[], sample: GroundSample, ground: Polygon): Point[] | null {
  const patch = largestPatch(cells, sample.cols);
  const inside = sample.rgb.filter((value, i) => i % 3 === 0 && value >= 0).length;
  const bounds = boundsOf(ground);
  if (!bounds || patch.length < Math.max(LEAST_CELLS, LEAST_SHARE * inside)) return null;
  const cols = patch.map((cell) => cell % sample.cols);
  const rows = patch.map((cell) => Math.floor(cell / sample.cols));
  const x = (col: number) => Math.min(1, Math.max(0, bounds[0] + (bounds[2] * col) / sample.cols));
  const y = (row: number) => Math.min(1, Math.max(0, bounds[1] + (bounds[3] * row) / sample.rows));
  const [x0, x1] = [x(Math.min(...cols)), x(Math.max(...cols) + 1)];
  const [y0, y1] = [y(Math.min(...rows)), y(Math.max(...rows) + 1)];
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
