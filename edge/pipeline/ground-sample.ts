/** Mean colours of a zone's ground, cell by cell: what a rule compares to see new material on the road. Pure. */
import type { Polygon } from '../../contracts/geometry.ts';
import type { FullPicture } from '../domain/frame.ts';
import type { GroundSample } from '../domain/scene.ts';
import { inPolygon } from '../geometry/polygon.ts';

/** Cells across the whole frame's width; a ground polygon gets its share. Cells are square in pixels. */
const CELLS_ACROSS = 64;
const MOST_CELLS = 48;
/** Samples along each side of a cell. */
const SAMPLES = 4;

const gains = {
  bt601: { rv: 1.402, gu: 0.344136, gv: 0.714136, bu: 1.772 },
  bt709: { rv: 1.5748, gu: 0.187324, gv: 0.468124, bu: 1.8556 },
} as const;

type Grid = {
  readonly cols: number;
  readonly rows: number;
  /** For each cell inside the polygon: its number, then the y and x pixels of its samples. */
  readonly cells: readonly { readonly index: number; readonly xs: readonly number[]; readonly ys: readonly number[] }[];
};

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

function gridOf(polygon: Polygon, width: number, height: number): Grid {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const cols = clamp(Math.ceil((right - left) * CELLS_ACROSS), 4, MOST_CELLS);
  const rows = clamp(Math.ceil((bottom - top) * CELLS_ACROSS * (height / width)), 4, MOST_CELLS);
  const pixels = (from: number, to: number, i: number, n: number, size: number) =>
    Array.from({ length: SAMPLES }, (_, s) =>
      clamp(Math.floor((from + ((i + (s + 0.5) / SAMPLES) / n) * (to - from)) * size), 0, size - 1),
    );
  const cells: { index: number; xs: number[]; ys: number[] }[] = [];
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const center: [number, number] = [
        left + ((col + 0.5) / cols) * (right - left),
        top + ((row + 0.5) / rows) * (bottom - top),
      ];
      if (!inPolygon(center, polygon)) continue;
      cells.push({
        index: row * cols + col,
        xs: pixels(left, right, col, cols, width),
        ys: pixels(top, bottom, row, rows, height),
      });
    }
  }
  return { cols, rows, cells };
}

/** Mean of Y, U and V first, then one conversion a cell: colour is linear in them. */
function sample(grid: Grid, picture: FullPicture): GroundSample {
  const { width, height, i420 } = picture;
  const half = (width + 1) >> 1;
  const uPlane = width * height;
  const vPlane = uPlane + half * ((height + 1) >> 1);
  const limited = picture.range !== 'full';
  const gain = gains[picture.matrix ?? 'bt601'];
  const rgb = new Array<number>(grid.cols * grid.rows * 3).fill(-1);
  const count = SAMPLES * SAMPLES;
  for (const { index, xs, ys } of grid.cells) {
    let ySum = 0;
    let uSum = 0;
    let vSum = 0;
    for (const y of ys) {
      const chromaRow = (y >> 1) * half;
      for (const x of xs) {
        ySum += i420[y * width + x] ?? 0;
        uSum += i420[uPlane + chromaRow + (x >> 1)] ?? 0;
        vSum += i420[vPlane + chromaRow + (x >> 1)] ?? 0;
      }
    }
    const level = limited ? (ySum / count - 16) * (255 / 219) : ySum / count;
    const chroma = limited ? 255 / 224 : 1;
    const u = (uSum / count - 128) * chroma;
    const v = (vSum / count - 128) * chroma;
    rgb[index * 3] = Math.round(clamp(level + gain.rv * v, 0, 255));
    rgb[index * 3 + 1] = Math.round(clamp(level - gain.gu * u - gain.gv * v, 0, 255));
    rgb[index * 3 + 2] = Math.round(clamp(level + gain.bu * u, 0, 255));
  }
  return { cols: grid.cols, rows: grid.rows, rgb };
}

export type GroundSampler = (picture: FullPicture) => Readonly<Record<string, GroundSample>> | undefined;

/** Samples the ground of each zone that has one; undefined where none has. Grids are made anew when the size changes. */
export function createGroundSampler(
  zones: readonly { readonly id: string; readonly ground?: Polygon }[],
): GroundSampler {
  const drawn = zones.flatMap(({ id, ground }) => (ground ? [{ id, ground }] : []));
  let grids: { readonly id: string; readonly grid: Grid }[] = [];
  let size = '';
  return (picture) => {
    if (drawn.length === 0) return undefined;
    const now = `${picture.width}x${picture.height}`;
    if (now !== size) {
      grids = drawn.map(({ id, ground }) => ({ id, grid: gridOf(ground, picture.width, picture.height) }));
      size = now;
    }
    return Object.fromEntries(grids.map(({ id, grid }) => [id, sample(grid, picture)]));
  };
}
