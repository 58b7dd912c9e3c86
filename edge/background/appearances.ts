/** What each block of a picture has looked like in one light: as it is, as it was before, and of late. Pure. */
import type { Gradients } from './gradients.ts';
import { FAINT, FLAT_ENERGY, FOLLOW_GAIN, GRADIENT_UNITS } from './tuning.ts';

/** Gradients of all blocks. */
export type Appearance = { readonly x: Int16Array; readonly y: Int16Array };

/** All arrays hold one value a block. Seconds are of camera time; 0 = since the first sight of the block. */
export type Appearances = {
  /** What the block looks like now that nothing passes, and since when. */
  readonly ref: Appearance;
  readonly refSince: Uint32Array;
  /** Since when anything is known of it: before, it was hidden or never held. */
  readonly knownSince: Uint32Array;
  /** What it looked like before that: the street itself. */
  readonly base: Appearance;
  readonly baseSince: Uint32Array;
  /** 1 = `ref` is known; 2 = and it is another one than `base`. */
  readonly known: Uint8Array;
  /** The newest sights, since when they agree with each other, how many there were, and the last of them. */
  readonly recent: Appearance;
  readonly recentSince: Uint32Array;
  readonly sights: Uint8Array;
  /** 1 = these sights began when the light of the whole picture had changed. */
  readonly relit: Uint8Array;
};

export const NEW = 0;
export const AT_BASE = 1;
export const OFF_BASE = 2;

const appearance = (count: number): Appearance => ({ x: new Int16Array(count), y: new Int16Array(count) });

export function createAppearances(count: number): Appearances {
  return {
    ref: appearance(count),
    refSince: new Uint32Array(count),
    knownSince: new Uint32Array(count),
    base: appearance(count),
    baseSince: new Uint32Array(count),
    known: new Uint8Array(count),
    recent: appearance(count),
    recentSince: new Uint32Array(count),
    sights: new Uint8Array(count),
    relit: new Uint8Array(count),
  };
}

/** FLAT_ENERGY in the squares of the integers that gradients are kept in. */
export const FLAT = FLAT_ENERGY * GRADIENT_UNITS ** 2;

/**
 * How alike two appearances are around a block (3 × 3 blocks): structural similarity (Wang et al. 2004) of gradients. 1 = the
 * same, 0 = nothing in common; two flat patches are alike.
 */
export function similarity(a: Appearance, b: Appearance, at: number, cols: number): number {
  let both = 0;
  let energy = 0;
  for (let row = at - cols; row <= at + cols; row += cols) {
    for (let i = row - 1; i <= row + 1; i++) {
      const ax = a.x[i] as number;
      const ay = a.y[i] as number;
      const bx = b.x[i] as number;
      const by = b.y[i] as number;
      both += ax * bx + ay * by;
      energy += ax * ax + ay * ay + bx * bx + by * by;
    }
  }
  return (2 * both + FLAT) / (energy + FLAT);
}

/** Whether neither of two appearances has structure around a block: then nothing can be told from it. */
export function isFlat(a: Appearance, b: Appearance, at: number, cols: number): boolean {
  let mine = 0;
  let theirs = 0;
  for (let row = at - cols; row <= at + cols; row += cols) {
    for (let i = row - 1; i <= row + 1; i++) {
      mine += (a.x[i] as number) ** 2 + (a.y[i] as number) ** 2;
      theirs += (b.x[i] as number) ** 2 + (b.y[i] as number) ** 2;
    }
  }
  return mine < FLAT && theirs < FLAT;
}

/** Whether a block has too little structure to prove that it is as it was: faint paint would be followed into another. */
export function isFaint(what: Appearance, at: number, cols: number): boolean {
  let energy = 0;
  for (let row = at - cols; row <= at + cols; row += cols) {
    for (let i = row - 1; i <= row + 1; i++) energy += (what.x[i] as number) ** 2 + (what.y[i] as number) ** 2;
  }
  return energy < FAINT * FLAT;
}

export function copyBlock(from: Appearance, into: Appearance, at: number): void {
  into.x[at] = from.x[at] as number;
  into.y[at] = from.y[at] as number;
}

/** Moves an appearance towards what is seen, by `FOLLOW_GAIN`. */
export function follow(what: Appearance, seen: Gradients, at: number): void {
  const { x, y } = what;
  x[at] = (x[at] as number) + Math.round(FOLLOW_GAIN * ((seen.x[at] as number) - (x[at] as number)));
  y[at] = (y[at] as number) + Math.round(FOLLOW_GAIN * ((seen.y[at] as number) - (y[at] as number)));
}
