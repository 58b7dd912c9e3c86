/** Mean colours of a zone's ground, cell by cell: what a rule compares to see new material on the road. Pure. */
import type { Polygon } from '../../contracts/geometry.ts';
import type { FullPicture } from '../domain/frame.ts';
import type { GroundSample } from '../domain/scene.ts';
import { chromaGains } from '../domain/yuv.ts';
import { clamp } from '../geometry/numbers.ts';
import { inPolygon } from '../geometry/polygon.ts';

/** Cells across the whole frame's width; a ground polygon gets its share. Cells are square in pixels. */
const CELLS_ACROSS = 64;
const MAX_CELLS = 48;
/** Samples along each side of a cell. */
const SAMPLES = 4;

/** Cells around the bounding box on each side: they show whether the light has changed or the road. */
const RING = 2;

/** Pixels of one cell's samples. */
type Cell = { readonly xs: readonly number[]; readonly ys: readonly number[] };
type Grid = {
  readonly cols: number;
  readonly rows: number;
  /** Each cell inside the polygon with its number. */
  readonly cells: readonly (Cell & { readonly index: number })[];
  /** Cells around it with their middle, in shares of the frame. */
  readonly around: readonly (Cell & { readonly x: number; readonly y: number })[];
};

/** One axis of a grid: `count` cells from `from` to `to`, shares of `size` pixels. */
function axisOf(from: number, to: number, count: number, size: number) {
  const share = (cell: number) => from + (cell / count) * (to - from);
  return {
    share,
    pixels: (cell: number) =>
      Array.from({ length: SAMPLES }, (_, s) =>
        clamp(Math.floor(share(cell + (s + 0.5) / SAMPLES) * size), 0, size - 1),
      ),
  };
}

function gridOf(polygon: Polygon, width: number, height: number): Grid {
  const xs = polygon.map(([x]) => x);
  const ys = polygon.map(([, y]) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const cols = clamp(Math.ceil((right - left) * CELLS_ACROSS), 4, MAX_CELLS);
  const rows = clamp(Math.ceil((bottom - top) * CELLS_ACROSS * (height / width)), 4, MAX_CELLS);
  const across = axisOf(left, right, cols, width);
  const down = axisOf(top, bottom, rows, height);
  const cells: Grid['cells'][number][] = [];
  const around: Grid['around'][number][] = [];
  for (let row = -RING; row < rows + RING; row++) {
    for (let col = -RING; col < cols + RING; col++) {
      const [x, y] = [across.share(col + 0.5), down.share(row + 0.5)];
      const cell = { xs: across.pixels(col), ys: down.pixels(row) };
      const within = row >= 0 && row < rows && col >= 0 && col < cols;
      if (within && inPolygon([x, y], polygon)) cells.push({ ...cell, index: row * cols + col });
      else if (!within && x > 0 && x < 1 && y > 0 && y < 1) around.push({ ...cell, x, y });
    }
  }
  return { cols, rows, cells, around };
}

/** Reads cells of one picture; the result of `read` lies in `out` until the next. */
function createReader({ width, height, i420, range, matrix }: FullPicture) {
  const half = (width + 1) >> 1;
  const uPlane = width * height;
  const vPlane = uPlane + half * ((height + 1) >> 1);
  const limited = range !== 'full';
  const gain = chromaGains[matrix ?? 'bt601'];
  const chroma = limited ? 255 / 224 : 1;
  const contrast = limited ? 255 / 219 : 1;
  const count = SAMPLES * SAMPLES;
  const out = { red: 0, green: 0, blue: 0, texture: 0 };
  /** Mean of Y, U and V first, then one conversion a cell: colour is linear in them. */
  function read({ xs, ys }: Cell): typeof out {
    let ySum = 0;
    let ySquares = 0;
    let uSum = 0;
    let vSum = 0;
    for (const y of ys) {
      const chromaRow = (y >> 1) * half;
      for (const x of xs) {
        const luma = i420[y * width + x] ?? 0;
        ySum += luma;
        ySquares += luma * luma;
        uSum += i420[uPlane + chromaRow + (x >> 1)] ?? 0;
        vSum += i420[vPlane + chromaRow + (x >> 1)] ?? 0;
      }
    }
    const level = (ySum / count - (limited ? 16 : 0)) * contrast;
    const u = (uSum / count - 128) * chroma;
    const v = (vSum / count - 128) * chroma;
    out.red = Math.round(clamp(level + gain.rv * v, 0, 255));
    out.green = Math.round(clamp(level - gain.gu * u - gain.gv * v, 0, 255));
    out.blue = Math.round(clamp(level + gain.bu * u, 0, 255));
    out.texture = Math.round(10 * contrast * Math.sqrt(Math.max(0, ySquares / count - (ySum / count) ** 2))) / 10;
    return out;
  }
  return read;
}

function sample(grid: Grid, picture: FullPicture): GroundSample {
  const read = createReader(picture);
  const rgb = new Array<number>(grid.cols * grid.rows * 3).fill(-1);
  const texture = new Array<number>(grid.cols * grid.rows).fill(-1);
  for (const cell of grid.cells) {
    const { red, green, blue, texture: spread } = read(cell);
    rgb[cell.index * 3] = red;
    rgb[cell.index * 3 + 1] = green;
    rgb[cell.index * 3 + 2] = blue;
    texture[cell.index] = spread;
  }
  const around = new Array<number>(grid.around.length * 5);
  grid.around.forEach((cell, i) => {
    const { red, green, blue } = read(cell);
    around[5 * i] = cell.x;
    around[5 * i + 1] = cell.y;
    around[5 * i + 2] = red;
    around[5 * i + 3] = green;
    around[5 * i + 4] = blue;
  });
  return { cols: grid.cols, rows: grid.rows, rgb, texture, around };
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

/** How often the ground is sampled while what may change it is about, and while it is not, ms of camera time. */
const BUSY_MS = 180;
const QUIET_MS = 1000;

/** The same at its own pace: between two samples a frame costs nothing and nothing is allocated. */
export function createPacedGroundSampler(zones: Parameters<typeof createGroundSampler>[0]) {
  const read = createGroundSampler(zones);
  const none = zones.every(({ ground }) => !ground);
  let lastAt = Number.NEGATIVE_INFINITY;
  return (picture: FullPicture, at: number, busy: boolean): ReturnType<GroundSampler> => {
    if (none || (at >= lastAt && at - lastAt < (busy ? BUSY_MS : QUIET_MS))) return undefined;
    lastAt = at;
    return read(picture);
  };
}
