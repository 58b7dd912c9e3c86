/** What is shown of a camera's memory: one light and one thing at a time. Pure. */
import {
  cellCentre,
  MEMORY_COLS,
  type MemoryCell,
  type MemoryLayer,
  type MemoryLight,
  type MemoryMap,
  type MemoryThing,
} from '../../../../contracts/camera-memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';

export type Shown = { readonly light: MemoryLight; readonly thing: MemoryThing };

/** The layer of a light and thing, or undefined where nothing is remembered. */
export function layerIn(map: MemoryMap, { light, thing }: Shown): MemoryLayer | undefined {
  return map.layers.find((layer) => layer.light === light && layer.thing === thing);
}

const raisedIn = ({ cells }: MemoryLayer) => cells.filter(({ bar }) => bar > 0).length;

/** What to show first: where the most is asked, else stalls by day. */
export function firstShown(map: MemoryMap): Shown {
  const [first] = [...map.layers].sort((a, b) => raisedIn(b) - raisedIn(a));
  return first !== undefined && raisedIn(first) > 0 ? first : { light: 'day', thing: 'stall' };
}

/** Raised ones first, then those where boxes stood longest. */
export function tellingFirst(cells: readonly MemoryCell[]): MemoryCell[] {
  return [...cells].sort((a, b) => b.bar - a.bar || b.share - a.share || a.cell - b.cell);
}

/** Row and column as people count, from 1. */
export const rowAndColumn = (cell: number) => ({
  row: Math.floor(cell / MEMORY_COLS) + 1,
  col: (cell % MEMORY_COLS) + 1,
});

/** Even-odd rule, as the node has it. */
function isWithin([px, py]: readonly [number, number], polygon: ZoneConfig['polygon']): boolean {
  let inside = false;
  polygon.forEach(([x1, y1], i) => {
    const [x0, y0] = polygon.at(i - 1) ?? [0, 0];
    if (y0 > py !== y1 > py && px < ((x1 - x0) * (py - y0)) / (y1 - y0) + x0) inside = !inside;
  });
  return inside;
}

/** Zones that the middle of a cell lies in. */
export function zonesAt(cell: number, zones: readonly ZoneConfig[]): ZoneConfig[] {
  return zones.filter(({ polygon }) => isWithin(cellCentre(cell), polygon));
}
