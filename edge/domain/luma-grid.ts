/** Mean brightness of square cells of a model's pixels: what the change detector and the camera's health compare. Pure. */
import type { ModelInput, Placement } from './frame.ts';

/** Side of a cell, px of the model's input. */
export const CELL = 8;
/** Every second pixel of every second row: a quarter of the work, and noise still averages over 16 samples. */
const STEP = 2;
const SAMPLES = (CELL / STEP) ** 2;

export type LumaGrid = {
  readonly cols: number;
  readonly rows: number;
  /** Fills `out` (rows·cols values, 0–255). Allocates nothing. */
  readonly read: (pixels: Uint8Array, out: Float32Array) => void;
};

export type GridInput = Pick<ModelInput, 'width' | 'height' | 'pixelFormat'> & {
  /** Where the picture lies; else the whole input counts, border included. */
  readonly area?: Placement;
};

/** Green stands for brightness: it weighs most in it, and the first plane or the middle byte is found without sums. */
export function createLumaGrid(input: GridInput): LumaGrid {
  const { width, height, pixelFormat } = input;
  const area = input.area ?? { offsetX: 0, offsetY: 0, scaledWidth: width, scaledHeight: height };
  const cols = Math.max(1, Math.floor(area.scaledWidth / CELL));
  const rows = Math.max(1, Math.floor(area.scaledHeight / CELL));
  const pixelStride = pixelFormat === 'gbrp' ? 1 : 3;
  const rowStride = width * pixelStride;
  const origin = (area.offsetY * width + area.offsetX) * pixelStride + (pixelFormat === 'gbrp' ? 0 : 1);
  const cellStride = CELL * pixelStride;
  const sampleStride = STEP * pixelStride;
  return {
    cols,
    rows,
    read(pixels, out) {
      for (let row = 0; row < rows; row++) {
        const top = origin + row * CELL * rowStride;
        for (let col = 0; col < cols; col++) {
          let sum = 0;
          const left = top + col * cellStride;
          for (let y = 0; y < CELL; y += STEP) {
            const from = left + y * rowStride;
            for (let at = from; at < from + cellStride; at += sampleStride) sum += pixels[at] as number;
          }
          out[row * cols + col] = sum / SAMPLES;
        }
      }
    },
  };
}
