/**
 * Background model of a fixed camera: what each block of its picture looks like while nothing passes, and since when.
 *
 * An appearance that holds becomes the block's; the one before is remembered, so that what leaves uncovers the street and
 * not something new. Light that changes everywhere at once brings nothing, and day and night have appearances of their own.
 * Pure: its state is its own, time comes with the frame, nothing is allocated for a frame.
 */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { GridInput } from '../domain/luma-grid.ts';
import type { BackgroundMap } from '../domain/scene.ts';
import {
  type Appearances,
  AT_BASE,
  copyBlock,
  createAppearances,
  follow,
  isFaint,
  isFlat,
  NEW,
  OFF_BASE,
  similarity,
} from './appearances.ts';
import { createGradientReader, type Gradients } from './gradients.ts';
import { createLightWatch, type Light } from './light.ts';
import {
  BASE_MS,
  LOOKS_PER_HOLD,
  MAX_LOOK_MS,
  MAX_SIGHT_GAPS,
  MIN_LIGHT_SHARE,
  MIN_LOOK_MS,
  MIN_SAME,
  MIN_SIGHTS,
} from './tuning.ts';

/** States of a block in a `BackgroundMap`. */
export const UNKNOWN = 0;
export const SETTLED = 1;
export const DIFFERS = 2;
export const FLAT_BLOCK = 3;
export const RENEWED = 4;

/** What is known in each light; arrays of the same model. */
export type Lights = Readonly<Record<Light, Appearances>>;

const MAX_COUNT = 255;
const seconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000));

/** Marks the blocks that boxes cover, shares of the frame. */
function markCovered(covered: Uint8Array, boxes: readonly BoxXywh[], cols: number, rows: number): void {
  covered.fill(0);
  for (const [x, y, w, h] of boxes) {
    const left = Math.max(0, Math.floor(x * cols - 0.5));
    const right = Math.min(cols - 1, Math.floor((x + w) * cols + 0.5));
    const top = Math.max(0, Math.floor(y * rows - 0.5));
    const bottom = Math.min(rows - 1, Math.floor((y + h) * rows + 0.5));
    for (let row = top; row <= bottom; row++) covered.fill(1, row * cols + left, row * cols + right + 1);
  }
}

/**
 * @param options.holdMs how long an appearance must hold before it is the block's, ms of camera time
 * @param options.known what an earlier model knew; taken over, where it had as many blocks
 */
export function createBackgroundModel(
  options: GridInput & { readonly holdMs: number; readonly known?: Lights | null },
) {
  const { holdMs } = options;
  const { gradients, read } = createGradientReader(options);
  const { cols, rows } = gradients;
  const count = cols * rows;
  const lookMs = Math.min(MAX_LOOK_MS, Math.max(MIN_LOOK_MS, holdMs / LOOKS_PER_HOLD));
  const lights: Lights =
    options.known?.day.known.length === count
      ? options.known
      : { day: createAppearances(count), night: createAppearances(count) };
  const lightAt = createLightWatch(holdMs);
  const covered = new Uint8Array(count);
  const alike = new Float32Array(count);
  const alikeRecent = new Float32Array(count);
  const wasAlike = new Uint8Array(count);
  const states = new Uint8Array(count);
  const since = new Uint32Array(count);
  const knownSince = new Uint32Array(count);
  const map: { -readonly [K in keyof BackgroundMap]: BackgroundMap[K] } = {
    ...{ cols, rows, states, since, knownSince },
    now: lights.day.ref,
    before: lights.day.base,
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let light: Light | null = null;

  /**
   * Similarity of each block with its appearance and with its newest sights, before any of them is changed: neighbours
   * count. Whether so many differ at once that it must be the light.
   */
  function compare(now: Appearances, seen: Gradients): boolean {
    let structured = 0;
    let changed = 0;
    for (let row = 1; row < rows - 1; row++) {
      for (let at = row * cols + 1; at < row * cols + cols - 1; at++) {
        if (covered[at] === 1) continue;
        alikeRecent[at] = similarity(seen, now.recent, at, cols);
        if (now.known[at] === NEW) continue;
        const same = similarity(seen, now.ref, at, cols);
        wasAlike[at] = (alike[at] as number) >= MIN_SAME ? 1 : 0;
        alike[at] = same;
        if (isFlat(seen, now.ref, at, cols)) continue;
        structured++;
        if (same < MIN_SAME) changed++;
      }
    }
    return structured > 0 && changed >= MIN_LIGHT_SHARE * structured;
  }

  /** The newest sights: they go on, or begin anew where something else is seen or too much time has passed. */
  function remember(
    now: Appearances,
    seen: Gradients,
    at: number,
    second: number,
    anew: boolean,
    relit: boolean,
  ): void {
    const sights = now.sights[at] as number;
    if (!anew && sights > 0 && (alikeRecent[at] as number) >= MIN_SAME) {
      follow(now.recent, seen, at);
      if (sights < MAX_COUNT) now.sights[at] = sights + 1;
      return;
    }
    copyBlock(seen, now.recent, at);
    now.recentSince[at] = second;
    now.sights[at] = 1;
    // Only what showed its own appearance a look ago can be the same thing in another light.
    now.relit[at] = relit && wasAlike[at] === 1 ? 1 : 0;
  }

  const holds = (now: Appearances, at: number, second: number): boolean =>
    (now.sights[at] as number) >= MIN_SIGHTS && 1000 * (second - (now.recentSince[at] as number)) >= holdMs;

  /** The block's first appearance in this light; what the other light knew of it stays true. */
  function begin(now: Appearances, other: Appearances, at: number): void {
    const known = other.known[at] !== NEW;
    copyBlock(now.recent, now.ref, at);
    copyBlock(now.recent, now.base, at);
    now.refSince[at] = known ? (other.refSince[at] as number) : 0;
    now.baseSince[at] = now.refSince[at] as number;
    now.knownSince[at] = known ? (other.knownSince[at] as number) : (now.recentSince[at] as number);
    now.known[at] = AT_BASE;
  }

  function replace(now: Appearances, at: number): void {
    if (now.relit[at] === 1) {
      // The same thing in another light.
      copyBlock(now.recent, now.ref, at);
      if (now.known[at] === AT_BASE) copyBlock(now.recent, now.base, at);
      return;
    }
    const known = now.known[at] === OFF_BASE && similarity(now.recent, now.base, at, cols) >= MIN_SAME;
    // What comes back to where it once arrived arrives again; the street that comes back was always there.
    const back = known && now.baseSince[at] === 0;
    if (now.known[at] === AT_BASE || (known && !back)) {
      copyBlock(now.ref, now.base, at);
      now.baseSince[at] = now.refSince[at] as number;
    }
    copyBlock(now.recent, now.ref, at);
    now.refSince[at] = back ? 0 : (now.recentSince[at] as number);
    now.known[at] = back ? AT_BASE : OFF_BASE;
  }

  function stepBlock(now: Appearances, other: Appearances, at: number, second: number): void {
    if (now.known[at] === NEW) {
      if (holds(now, at, second)) begin(now, other, at);
      return;
    }
    if ((alike[at] as number) >= MIN_SAME) {
      follow(now.ref, gradients, at);
      const old = 1000 * (second - (now.refSince[at] as number)) >= BASE_MS;
      if (now.known[at] === OFF_BASE && old) now.known[at] = AT_BASE;
    } else if (holds(now, at, second)) {
      replace(now, at);
      alike[at] = 1;
    }
  }

  function report(now: Appearances, at: number): void {
    since[at] = now.refSince[at] as number;
    knownSince[at] = now.knownSince[at] as number;
    if (now.known[at] === NEW) states[at] = UNKNOWN;
    else if ((alike[at] as number) < MIN_SAME) states[at] = DIFFERS;
    else if (now.known[at] === OFF_BASE) states[at] = isFlat(now.ref, now.base, at, cols) ? FLAT_BLOCK : RENEWED;
    else states[at] = isFaint(now.ref, at, cols) ? FLAT_BLOCK : SETTLED;
  }

  function look(seen: Gradients, at: number, elapsed: number): void {
    const before = light;
    light = lightAt(seen.mean, seen.chroma, at);
    const now = lights[light];
    const other = lights[light === 'day' ? 'night' : 'day'];
    map.now = now.ref;
    map.before = now.base;
    const anew = before !== light || elapsed < 0 || elapsed > MAX_SIGHT_GAPS * Math.max(lookMs, holdMs / MIN_SIGHTS);
    const second = seconds(at);
    const relit = compare(now, seen);
    for (let row = 1; row < rows - 1; row++) {
      for (let block = row * cols + 1; block < row * cols + cols - 1; block++) {
        if (covered[block] === 1) continue;
        remember(now, seen, block, second, anew, relit);
        stepBlock(now, other, block, second);
        report(now, block);
      }
    }
  }

  return {
    /**
     * Every frame in which the place can be seen; most cost nothing.
     * @param at ms of camera time
     * @param hiding boxes of what hides the place and does not belong to it, shares of the frame
     * @returns whether the map is newer than before
     */
    observe(pixels: Uint8Array, at: number, hiding: () => readonly BoxXywh[]): boolean {
      const elapsed = at - lookedAt;
      if (elapsed >= 0 && elapsed < lookMs) return false;
      lookedAt = at;
      markCovered(covered, hiding(), cols, rows);
      look(read(pixels), at, elapsed);
      return true;
    },
    /** What is known of each block; the same object each time, filled anew. */
    map: (): BackgroundMap => map,
    lights: (): Lights => lights,
  };
}

export type BackgroundModel = ReturnType<typeof createBackgroundModel>;
