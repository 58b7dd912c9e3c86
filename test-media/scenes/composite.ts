/** Lays rendered things into the frames of a real camera: under its light, behind what passes before them, with its noise. */
import type { FrameLabel } from './types.ts';

/** Frames of a video without sound, rgb24, all of one size. */
export interface RealFootage {
  width: number;
  height: number;
  frames: Buffer[];
}

/** What does not move in the footage, and how much its pixels flicker. */
export interface StillStreet {
  still: Uint8Array;
  /** Sigma of the noise, grey levels. */
  noise: number;
}

/** Difference to the still picture from which on something passes, grey levels. */
const passes = 30;
/** Passing things of fewer pixels are noise. */
const smallest = 30;
const most = 31;

/** The median of each pixel over the footage. */
export function backdropOf({ frames, width, height }: RealFootage): StillStreet {
  const step = Math.max(1, Math.floor(frames.length / most));
  const chosen = frames.filter((_, i) => i % step === 0);
  const still = new Uint8Array(width * height * 3);
  const column = new Uint8Array(chosen.length);
  const off = new Uint32Array(256);
  for (let i = 0; i < still.length; i++) {
    for (let k = 0; k < chosen.length; k++) column[k] = chosen[k]?.[i] ?? 0;
    column.sort();
    const middle = column[chosen.length >> 1] ?? 0;
    still[i] = middle;
    const one = Math.abs((chosen[i % chosen.length]?.[i] ?? 0) - middle);
    off[one] = (off[one] ?? 0) + 1;
  }
  let [seen, median] = [0, 0];
  while (seen < still.length / 2) seen += off[median++] ?? still.length;
  return { still, noise: Math.max(0, median - 1) / 0.6745 };
}

/** The lowest row of the passing thing that covers a pixel, or -1 where nothing passes. */
export function passersFeet(frame: Uint8Array, { still }: StillStreet, width: number, height: number): Int16Array {
  const feet = new Int16Array(width * height).fill(-1);
  const moving = new Uint8Array(width * height);
  for (let n = 0, i = 0; n < moving.length; n++, i += 3) {
    const change = (k: number) => Math.abs((frame[i + k] ?? 0) - (still[i + k] ?? 0));
    if (Math.max(change(0), change(1), change(2)) > passes) moving[n] = 1;
  }
  const found: number[] = [];
  for (let start = 0; start < moving.length; start++) {
    if (moving[start] !== 1) continue;
    found.length = 0;
    found.push(start);
    moving[start] = 2;
    for (let k = 0; k < found.length; k++) spread(found[k] ?? 0, moving, found, width, height);
    if (found.length < smallest) continue;
    const foot = Math.floor(lowest(found) / width);
    for (const n of found) feet[n] = foot;
  }
  return feet;
}

/** The last in reading order, which is in the lowest row. */
function lowest(found: readonly number[]): number {
  let low = 0;
  for (const n of found) if (n > low) low = n;
  return low;
}

/** Two pixels far, so that a car whose paint is like the road stays one thing. */
function spread(n: number, moving: Uint8Array, found: number[], width: number, height: number): void {
  const [x, y] = [n % width, Math.floor(n / width)];
  for (let dy = -2; dy <= 2; dy++)
    for (let dx = -2; dx <= 2; dx++) {
      const [px, py] = [x + dx, y + dy];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      const other = py * width + px;
      if (moving[other] !== 1) continue;
      moving[other] = 2;
      found.push(other);
    }
}

/** Gains by channel that put a thing lit by the renderer's even light under the light of a place: its mean colour there against a road by day, the colour itself by half. */
export function gainsAt(still: Uint8Array, width: number, height: number, [u, v]: readonly [number, number]): number[] {
  const sum = [0, 0, 0];
  let count = 0;
  const [reachX, reachY] = [width * 0.2, height * 0.12];
  for (let y = Math.max(0, Math.round(v * height - reachY)); y < Math.min(height, v * height + reachY); y++)
    for (let x = Math.max(0, Math.round(u * width - reachX)); x < Math.min(width, u * width + reachX); x++, count++)
      for (const k of [0, 1, 2]) sum[k] = (sum[k] ?? 0) + (still[(y * width + x) * 3 + k] ?? 0);
  const mean = sum.map((value) => value / Math.max(1, count));
  const grey = mean.reduce((a, b) => a + b, 0) / 3;
  return mean.map((value) => Math.min(1.15, Math.max(0.2, grey / 112)) * (0.5 + (0.5 * value) / Math.max(1, grey)));
}

/** Row on which each pixel's thing stands: of the smallest labelled box that holds it. */
function feetOf(objects: readonly FrameLabel[], width: number, height: number): Int16Array {
  const feet = new Int16Array(width * height).fill(height);
  const large = [...objects].sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]);
  for (const { box } of large) {
    const [x0, y0] = [Math.max(0, Math.floor(box[0] * width)), Math.max(0, Math.floor(box[1] * height))];
    const [x1, y1] = [Math.min(width, (box[0] + box[2]) * width), Math.min(height, (box[1] + box[3]) * height)];
    for (let y = y0; y < y1; y++) feet.fill(Math.round(y1), y * width + x0, y * width + Math.ceil(x1));
  }
  return feet;
}

export interface DrawnLayers {
  /** RGBA, straight alpha. */
  things: Uint8Array;
  shadows: Uint8Array;
  objects: readonly FrameLabel[];
}

/** A frame with the things in it: shadows first, then what nothing nearer of the video covers. `grain` gives numbers of a unit's spread. */
export function composed(
  frame: Uint8Array,
  layers: DrawnLayers,
  {
    width,
    height,
    backdrop,
    gains,
    grain,
  }: { width: number; height: number; backdrop: StillStreet; gains: readonly number[]; grain: () => number },
): Buffer {
  const out = Buffer.from(frame);
  const passing = passersFeet(frame, backdrop, width, height);
  const own = feetOf(layers.objects, width, height);
  for (let n = 0, i = 0, j = 0; n < own.length; n++, i += 3, j += 4) {
    const [dark, alpha] = [(layers.shadows[j + 3] ?? 0) / 255, (layers.things[j + 3] ?? 0) / 255];
    if (dark === 0 && alpha === 0) continue;
    const foot = passing[n] ?? -1;
    const lit = foot < 0 ? 1 - dark : 1;
    const cover = foot > (own[n] ?? height) ? 0 : alpha;
    const noise = cover > 0 ? grain() * backdrop.noise : 0;
    for (let k = 0; k < 3; k++) {
      const thing = (layers.things[j + k] ?? 0) * (gains[k] ?? 1) + noise;
      const value = (out[i + k] ?? 0) * lit * (1 - cover) + thing * cover;
      out[i + k] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  return out;
}
