/** The grid over the picture: which cell a foot stands in, and which cells it may mean while the box jitters. Pure. */
import { MEMORY_CELLS, MEMORY_COLS, MEMORY_ROWS, type MemoryThing } from '../../contracts/camera-memory.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { JITTER_HEIGHTS, JITTER_WIDTHS } from './tuning.ts';

/** Each thing is one group of the detector's concepts. */
const thingOfConcept: Readonly<Record<string, MemoryThing>> = {
  stall: 'stall',
  cart: 'stall',
  bicycle: 'bicycle',
  motorcycle: 'bicycle',
  muck_truck: 'muck_truck',
};

/** Null for what is not remembered. */
export const thingOf = (concept: string): MemoryThing | null => thingOfConcept[concept] ?? null;

const within = (n: number, size: number) => (n < 0 ? 0 : n >= size ? size - 1 : n);
const colOf = (x: number) => within(Math.floor(x * MEMORY_COLS), MEMORY_COLS);
const rowOf = (y: number) => within(Math.floor(y * MEMORY_ROWS), MEMORY_ROWS);

/** The cell of a box's foot point; one beyond the picture's edge stands in the last cell before it. */
export function footCell(box: BoxXywh): number {
  return rowOf(box[1] + box[3]) * MEMORY_COLS + colOf(box[0] + box[2] / 2);
}

/** Calls back for each cell that the foot may mean: a jittering foot on an edge must not halve what is counted. */
export function eachCell(box: BoxXywh, visit: (cell: number) => void): void {
  const x = box[0] + box[2] / 2;
  const y = box[1] + box[3];
  const right = colOf(x + JITTER_WIDTHS * box[2]);
  const bottom = rowOf(y + JITTER_HEIGHTS * box[3]);
  for (let row = rowOf(y - JITTER_HEIGHTS * box[3]); row <= bottom; row++) {
    for (let col = colOf(x - JITTER_WIDTHS * box[2]); col <= right; col++) visit(row * MEMORY_COLS + col);
  }
}

/** One number for each cell. */
export const perCell = (): Float64Array => new Float64Array(MEMORY_CELLS);
