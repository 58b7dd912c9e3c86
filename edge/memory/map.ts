/** What a camera remembers as people are shown it. Pure. */
import {
  MAX_TOLD_CELLS,
  MEMORY_CELLS,
  type MemoryCell,
  type MemoryLayer,
  type MemoryMap,
} from '../../contracts/camera-memory.ts';
import { clamp, roundTo } from '../geometry/numbers.ts';
import type { BarLimits } from './bar.ts';
import type { Layer } from './layer.ts';
import { layersOf, type MemoryState, type Watched } from './memory-state.ts';
import { MIN_WEIGHT } from './tuning.ts';

/** Shares below this are a walker's. */
const MIN_SHOWN_SHARE = 0.005;
const instant = (at: number | null) => (at === null ? null : new Date(at).toISOString());

function cellOf({ counters, today, bars }: Layer, cell: number, watched: number): MemoryCell | null {
  const { seen, days, dwells, events, rejected, confirmed } = counters;
  const share = watched > 0 ? clamp(((seen[cell] as number) + (today[cell] as number)) / watched, 0, 1) : 0;
  const weights = [days, dwells, events, rejected, confirmed].map((of) => of[cell] as number);
  if (share < MIN_SHOWN_SHARE && weights.every((weight) => weight < MIN_WEIGHT)) return null;
  const [stood = 0, left = 0, began = 0, refused = 0, upheld = 0] = weights.map((weight) => roundTo(weight, 2));
  return {
    ...{ cell, share: roundTo(share, 3), days: stood, dwells: left, events: began },
    ...{ rejected: refused, confirmed: upheld, bar: roundTo(bars[cell] as number, 3) },
  };
}

const weightOf = ({ bar, rejected, confirmed, share }: MemoryCell) => (bar + rejected + confirmed > 0 ? 2 : 0) + share;

function mostTelling(cells: readonly MemoryCell[]): MemoryCell[] {
  if (cells.length <= MAX_TOLD_CELLS) return [...cells];
  const first = [...cells].sort((a, b) => weightOf(b) - weightOf(a) || a.cell - b.cell).slice(0, MAX_TOLD_CELLS);
  return first.sort((a, b) => a.cell - b.cell);
}

function layerView(light: MemoryLayer['light'], layer: Layer, { total, today }: Watched): MemoryLayer {
  const cells = Array.from({ length: MEMORY_CELLS }, (_, cell) => cellOf(layer, cell, total + today) ?? []).flat();
  return { light, thing: layer.thing, watchedHours: roundTo((total + today) / 3600, 2), cells: mostTelling(cells) };
}

/** @param raised cells with a raised bar, as computed last */
export function mapOf(
  state: MemoryState,
  enabled: boolean,
  raised: number,
  { minDays, sureScore }: BarLimits,
): MemoryMap {
  const { forgotten } = state;
  return {
    ...{ enabled, at: instant(state.at), since: instant(state.since), minDays, sureScore },
    ...{ raised, heldBack: state.heldBack },
    forgotten: forgotten && {
      at: new Date(forgotten.at).toISOString(),
      cells: new Set(forgotten.layers.flatMap(({ cells }) => cells.map(([cell]) => cell))).size,
    },
    layers: layersOf(state).map(({ light, layer }) => layerView(light, layer, state.watched[light])),
  };
}
