/** The pixels of a face made coarse, before anything is encoded. Pure. */
import type { BoxXywh } from '../../contracts/geometry.ts';

/** Share of a person's box, from the top, in which the head is. */
const HEAD = 0.2;
/** A face must not be more than this many blocks wide, however near it is. */
const BLOCKS = 4;
const MIN_BLOCK = 4;

/** Makes the heads of these persons coarse, in place. Boxes as shares of the picture. */
export function coarsenHeads(rgb: Uint8ClampedArray, width: number, height: number, persons: readonly BoxXywh[]): void {
  for (const [bx, by, bw, bh] of persons) {
    const left = Math.max(0, Math.floor(bx * width));
    const right = Math.min(width, Math.ceil((bx + bw) * width));
    const top = Math.max(0, Math.floor(by * height));
    const bottom = Math.min(height, Math.ceil((by + bh * HEAD) * height));
    const block = Math.max(MIN_BLOCK, Math.ceil((right - left) / BLOCKS));
    for (let y = top; y < bottom; y += block) {
      for (let x = left; x < right; x += block) {
        paintMean(rgb, width, x, y, Math.min(right, x + block), Math.min(bottom, y + block));
      }
    }
  }
}

function paintMean(rgb: Uint8ClampedArray, width: number, x0: number, y0: number, x1: number, y1: number): void {
  const count = (x1 - x0) * (y1 - y0);
  for (let channel = 0; channel < 3; channel++) {
    let sum = 0;
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += rgb[(y * width + x) * 3 + channel] as number;
    const mean = sum / count;
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) rgb[(y * width + x) * 3 + channel] = mean;
  }
}
