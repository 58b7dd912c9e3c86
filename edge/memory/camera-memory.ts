/**
 * Camera memory: where the detector of one camera draws boxes and nothing ever happens, by thing, day and night apart.
 * Persistent false shapes raise the score that is asked for there. Deterministic: all time is the camera's.
 */
import { type MemoryLight, type MemoryMap, type MemoryOrder, memoryLights } from '../../contracts/camera-memory.ts';
import type { EventObject } from '../../contracts/event.ts';
import type { Location } from '../../contracts/geometry.ts';
import type { Detection, Track } from '../domain/detection.ts';
import type { BarLimits } from './bar.ts';
import { eachCell, footCell, thingOf } from './cells.ts';
import type { Layer } from './layer.ts';
import { lightAt } from './light.ts';
import { mapOf } from './map.ts';
import {
  addRows,
  emptyMemory,
  knownLayer,
  layerOf,
  layersOf,
  type MemoryState,
  readMemory,
  writeMemory,
} from './memory-state.ts';
import { forgetPart, type MemoryZone, partCells, usualScores } from './parts.ts';
import { MAX_DONE, MAX_STEP_MS, MIN_COUNTED_SCORE, MIN_KEPT_SECONDS, MOVED_MS } from './tuning.ts';
import { takeDecision } from './words.ts';

export type MemoryOptions = BarLimits & {
  readonly enabled: boolean;
  readonly halfLifeDays: number;
  /** Where the camera stands, or null. */
  readonly location: Location | null;
  readonly utcOffsetMinutes: number;
  readonly zones: readonly MemoryZone[];
  /** Of the camera's picture and its model: what was learnt of another is not this one's. */
  readonly fingerprint: string;
};

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A minute's counts are nothing; a person's word is. */
function isWorthKeeping({ watched, words, done, forgotten }: MemoryState): boolean {
  const seconds = memoryLights.reduce((sum, light) => sum + watched[light].total + watched[light].today, 0);
  return seconds >= MIN_KEPT_SECONDS || words.length + done.length > 0 || forgotten !== null;
}

export type CameraMemory = ReturnType<typeof createCameraMemory>;

/** @param saved what `save` gave, or null */
export function createCameraMemory(options: MemoryOptions, saved: string | null) {
  const { enabled, halfLifeDays } = options;
  const base = usualScores(options.zones);
  let state: MemoryState = readMemory(saved, options.fingerprint) ?? emptyMemory();
  /** Of the inference before; null after unknown time. */
  let lastAt: number | null = null;
  let movedSince: number | null = null;
  let light: MemoryLight = 'day';
  let lightUntil = Number.NEGATIVE_INFINITY;
  let raised = 0;
  let changed = false;
  // Made once: a closure for each box would be one for each inference.
  const counting = { layer: null as Layer | null, at: 0, seconds: 0 };
  const countCell = (cell: number) => counting.layer?.see(cell, counting.at, counting.seconds);

  const lightOf = (at: number) => lightAt(at, options.location, options.utcOffsetMinutes);
  const dayOf = (at: number) => Math.floor((at + options.utcOffsetMinutes * MINUTE_MS) / DAY_MS);
  const fade = (days: number) => 2 ** (-days / halfLifeDays);

  function raise(): void {
    raised = layersOf(state).reduce((sum, { layer }) => sum + layer.raise(base, options), 0);
    changed = true;
  }
  raise();
  changed = false;

  function lightNow(at: number): MemoryLight {
    if (at < lightUntil && at >= lightUntil - MINUTE_MS) return light;
    light = lightOf(at);
    lightUntil = at + MINUTE_MS;
    return light;
  }

  function endDays(day: number, at: number): void {
    const passed = day - (state.day ?? day);
    state.day = day;
    // Set back by a clock: the day goes on under another number.
    if (passed <= 0) return;
    const keep = fade(passed);
    for (const { light: of, layer } of layersOf(state)) layer.roll(state.watched[of].today, keep, at);
    for (const of of memoryLights) {
      const watched = state.watched[of];
      watched.total = watched.total * keep + watched.today;
      watched.today = 0;
    }
    raise();
  }

  function count(at: number, detections: readonly Detection[]): void {
    const seconds = lastAt === null || at <= lastAt || at - lastAt > MAX_STEP_MS ? 0 : (at - lastAt) / 1000;
    lastAt = at;
    const now = lightNow(at);
    state.since ??= at;
    state.at = at;
    state.watched[now].today += seconds;
    counting.at = at;
    counting.seconds = seconds;
    for (const layer of state.layers.values()) layer.begin();
    for (const detection of detections) {
      const thing = thingOf(detection.concept);
      if (!thing || detection.score < MIN_COUNTED_SCORE) continue;
      counting.layer = layerOf(state, now, thing);
      eachCell(detection.box, countCell);
    }
    changed = true;
  }

  /** @returns true when the camera has looked elsewhere for so long that all it knew was of another place */
  function hasMoved(at: number, moved: boolean): boolean {
    if (!moved) movedSince = null;
    else movedSince ??= at;
    if (movedSince === null || at - movedSince < MOVED_MS || state.since === null) return false;
    state = emptyMemory();
    raise();
    return true;
  }

  function carryOut(order: Exclude<MemoryOrder, { command: 'memory-show' }>, at: number): void {
    if (order.command === 'memory-reset') {
      const layers = forgetPart(state, partCells(order, options.zones), order.light ?? null);
      if (layers.length > 0) state.forgotten = { at, layers };
    } else if (order.command === 'memory-restore') {
      for (const { light: of, thing, cells } of state.forgotten?.layers ?? [])
        addRows(layerOf(state, of, thing), cells);
      state.forgotten = null;
    } else {
      const fadeSince = (then: number) => fade(Math.max(0, dayOf(at) - dayOf(then)));
      takeDecision(state, order, at, { lightOf, fadeSince });
    }
    raise();
  }

  return {
    /**
     * Counts what an inference saw. Nothing is allocated once a layer is there.
     *
     * @param detections of this inference, or null where there was none
     * @param watched the place can be seen and the time is sure; else this is unknown time
     * @returns true when the memory began anew, as the camera has moved
     */
    observe(at: number, detections: readonly Detection[] | null, watched: boolean, moved: boolean): boolean {
      if (!enabled) return false;
      const begun = hasMoved(at, moved);
      if (!watched) lastAt = null;
      else if (detections) {
        if (dayOf(at) !== state.day) endDays(dayOf(at), at);
        count(at, detections);
      }
      return begun;
    },
    /** Where more is asked of a track, it says so. The same array where nothing is. */
    withBars(tracks: readonly Track[], at: number): readonly Track[] {
      if (!enabled || raised === 0) return tracks;
      const now = lightNow(at);
      let asked: Track[] | null = null;
      for (const [i, track] of tracks.entries()) {
        const thing = thingOf(track.concept);
        const bar = thing ? (knownLayer(state, now, thing)?.bars[footCell(track.box)] ?? 0) : 0;
        if (bar === 0) continue;
        asked ??= [...tracks];
        asked[i] = { ...track, bar };
      }
      return asked ?? tracks;
    },
    /** An event began with these things. */
    eventBegan(at: number, objects: readonly EventObject[]): void {
      if (!enabled) return;
      const now = lightNow(at);
      for (const { class: concept, box } of objects) {
        const thing = thingOf(concept);
        if (thing) eachCell(box as EventObject['box'], layerOf(state, now, thing).event);
      }
      changed = true;
    },
    /** Events that only a raised bar held back. */
    heldBack(events: number): void {
      state.heldBack += events;
      if (events > 0) changed = true;
    },
    /** Does as ordered, once for each id, and gives the map as it is then. @param at ms, the node's time */
    order(order: MemoryOrder & { readonly requestId?: string }, at: number): MemoryMap {
      const { requestId } = order;
      if (order.command !== 'memory-show' && !(requestId && state.done.includes(requestId))) {
        carryOut(order, at);
        if (requestId) state.done = [...state.done, requestId].slice(-MAX_DONE);
      }
      return mapOf(state, enabled, raised, options);
    },
    /** Time that belongs to another clock. */
    pause(): void {
      lastAt = null;
    },
    raised: (): number => (enabled ? raised : 0),
    /** JSON to be given again, where anything has changed since it was asked last; else null. */
    save(): string | null {
      if (!changed || !isWorthKeeping(state)) return null;
      changed = false;
      return writeMemory(state, options.fingerprint);
    },
    /** What was saved did not get to the disk. */
    unsaved(): void {
      changed = true;
    },
  };
}
