/** Parts of the picture: the cells of a zone or of an order, what is asked of each, and how a part is forgotten. Pure. */
import { cellCentre, MEMORY_CELLS, type MemoryLight, type MemoryOrder } from '../../contracts/camera-memory.ts';
import type { Polygon } from '../../contracts/geometry.ts';
import { inPolygon } from '../geometry/polygon.ts';
import { perCell } from './cells.ts';
import { type LayerRows, layersOf, type MemoryState, rowsOf } from './memory-state.ts';
import { USUAL_SCORE } from './tuning.ts';

export type MemoryZone = {
  readonly id: string;
  readonly polygon: Polygon;
  /** Mean score that the zone's rule asks for; null where no bar is raised. */
  readonly score: number | null;
};

type Reset = Extract<MemoryOrder, { command: 'memory-reset' }>;

/** The score asked for in each cell: the least of the zones over it. */
export function usualScores(zones: readonly MemoryZone[]): Float64Array {
  return perCell().map((_, cell) => {
    const over = zones.flatMap(({ polygon, score }) =>
      score !== null && inPolygon(cellCentre(cell), polygon) ? [score] : [],
    );
    return over.length > 0 ? Math.min(...over) : USUAL_SCORE;
  });
}

/** Cells that an order means; a zone that the camera lacks has none. */
export function partCells({ zone, cells }: Pick<Reset, 'zone' | 'cells'>, zones: readonly MemoryZone[]): Set<number> {
  const all = cells ?? [...Array(MEMORY_CELLS).keys()];
  if (zone === undefined) return new Set(all);
  const polygon = zones.find(({ id }) => id === zone)?.polygon;
  return new Set(polygon ? all.filter((cell) => inPolygon(cellCentre(cell), polygon)) : []);
}

/** Forgets these cells. @returns what they held. @param light null for both */
export function forgetPart(state: MemoryState, cells: ReadonlySet<number>, light: MemoryLight | null): LayerRows[] {
  return layersOf(state).flatMap(({ light: of, layer }) => {
    if (light !== null && of !== light) return [];
    const rows = rowsOf(layer, cells);
    for (const cell of cells) layer.clear(cell);
    return rows.length > 0 ? [{ light: of, thing: layer.thing, cells: rows }] : [];
  });
}
