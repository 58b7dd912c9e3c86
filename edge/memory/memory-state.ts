/** All that a camera remembers, and its form on disk: sparse, bounded by the grid, with a version of its own. */
import {
  MEMORY_CELLS,
  type MemoryLight,
  type MemoryThing,
  memoryLights,
  memoryThings,
} from '../../contracts/camera-memory.ts';
import { roundTo } from '../geometry/numbers.ts';
import { type CounterName, counterNames, createLayer, type Layer } from './layer.ts';
import { MAX_WORDS, MIN_WEIGHT } from './tuning.ts';

const VERSION = 1;

/** Seconds watched in one light: faded, and of this day. */
export type Watched = { total: number; today: number };
/** One cell's numbers: cell, the counters in their order, seconds of this day, 1 where an event began on it. */
export type CellRow = readonly number[];
export type LayerRows = {
  readonly light: MemoryLight;
  readonly thing: MemoryThing;
  readonly cells: readonly CellRow[];
};
/** What a person's word on a case did, so that it can be taken back. */
export type SpokenWord = {
  readonly case: string;
  readonly counter: Extract<CounterName, 'rejected' | 'confirmed'>;
  readonly at: number;
  readonly places: readonly {
    readonly light: MemoryLight;
    readonly thing: MemoryThing;
    readonly cells: readonly number[];
  }[];
};

export type MemoryState = {
  /** ms since the epoch, camera time; null before the first inference. */
  since: number | null;
  at: number | null;
  /** Number of the local day that is being counted. */
  day: number | null;
  heldBack: number;
  watched: Record<MemoryLight, Watched>;
  words: SpokenWord[];
  /** Orders of late, by id. */
  done: string[];
  /** What the last reset took. */
  forgotten: { readonly at: number; readonly layers: readonly LayerRows[] } | null;
  readonly layers: Map<string, Layer>;
};

const keyOf = (light: MemoryLight, thing: MemoryThing) => `${light}/${thing}`;

/** Nothing is known. */
export function emptyMemory(): MemoryState {
  return {
    ...{ since: null, at: null, day: null, heldBack: 0, words: [], done: [], forgotten: null, layers: new Map() },
    watched: { day: { total: 0, today: 0 }, night: { total: 0, today: 0 } },
  };
}

/** The layer of a thing in a light, or undefined where nothing was counted yet. */
export function knownLayer(state: MemoryState, light: MemoryLight, thing: MemoryThing): Layer | undefined {
  return state.layers.get(keyOf(light, thing));
}

/** The layer of a thing in a light, made when it is first needed. */
export function layerOf(state: MemoryState, light: MemoryLight, thing: MemoryThing): Layer {
  const key = keyOf(light, thing);
  const known = state.layers.get(key);
  if (known) return known;
  const made = createLayer(thing);
  state.layers.set(key, made);
  return made;
}

/** Layers that are there, in the written order. */
export function layersOf(state: MemoryState): { readonly light: MemoryLight; readonly layer: Layer }[] {
  return memoryLights.flatMap((light) =>
    memoryThings.flatMap((thing) => {
      const layer = state.layers.get(keyOf(light, thing));
      return layer ? [{ light, layer }] : [];
    }),
  );
}

function rowOf({ counters, today, eventToday }: Layer, cell: number): CellRow | null {
  const values = counterNames.map((name) => roundTo(counters[name][cell] as number, 3));
  const seconds = roundTo(today[cell] as number, 1);
  if (seconds < MIN_WEIGHT && values.every((value) => value < MIN_WEIGHT)) return null;
  return [cell, ...values, seconds, eventToday[cell] as number];
}

/** The cells of one layer that hold anything. @param cells default: all */
export function rowsOf(layer: Layer, cells?: Iterable<number>): CellRow[] {
  return [...(cells ?? Array(MEMORY_CELLS).keys())].flatMap((cell) => {
    const row = rowOf(layer, cell);
    return row ? [row] : [];
  });
}

/** Adds what was kept to what is there. */
export function addRows(layer: Layer, rows: readonly CellRow[]): void {
  for (const [cell = 0, ...values] of rows) {
    for (const [i, name] of counterNames.entries()) (layer.counters[name][cell] as number) += values[i] ?? 0;
    (layer.today[cell] as number) += values[counterNames.length] ?? 0;
    if (values[counterNames.length + 1]) layer.eventToday[cell] = 1;
  }
}

/** JSON that `readMemory` reads. @param fingerprint of the camera and model that it is of */
export function writeMemory(state: MemoryState, fingerprint: string): string {
  const { layers: _, ...rest } = state;
  const layers = layersOf(state).map(({ light, layer }) => ({ light, thing: layer.thing, cells: rowsOf(layer) }));
  return JSON.stringify({ version: VERSION, fingerprint, ...rest, words: state.words.slice(-MAX_WORDS), layers });
}

/** Null for nothing saved, another camera's or model's, or a form that this program does not know. */
export function readMemory(json: string | null, fingerprint: string): MemoryState | null {
  if (json === null) return null;
  const saved = JSON.parse(json) as Omit<MemoryState, 'layers'> & {
    readonly version: number;
    readonly fingerprint: string;
    readonly layers: readonly LayerRows[];
  };
  if (saved.version !== VERSION || saved.fingerprint !== fingerprint) return null;
  const { since, at, day, heldBack, watched, words, done, forgotten } = saved;
  const state: MemoryState = { ...emptyMemory(), since, at, day, heldBack, watched, words, done, forgotten };
  for (const { light, thing, cells } of saved.layers) addRows(layerOf(state, light, thing), cells);
  return state;
}
