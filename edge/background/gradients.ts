/** Steps of the logarithm of brightness between neighbouring blocks: what stays when light and contrast change. Pure. */
import type { GridInput } from '../domain/luma-grid.ts';
import { BLOCKS_ACROSS, DARK_LEVELS, GRADIENT_UNITS } from './tuning.ts';

/** Filled anew by each `read`. */
export type Gradients = {
  readonly cols: number;
  readonly rows: number;
  /** Central differences to the right and down, `GRADIENT_UNITS` to a factor of e; 0 along the border. */
  readonly x: Int16Array;
  readonly y: Int16Array;
  /** Mean brightness, and mean difference of red and blue from green, grey levels. */
  mean: number;
  chroma: number;
};

/** First and last pixel of each of `count` blocks of one axis, at least one pixel each. */
function spans(count: number, offset: number, size: number): Int32Array {
  const edges = new Int32Array(count + 1);
  for (let i = 0; i <= count; i++) edges[i] = offset + Math.round((i / count) * size);
  return edges;
}

/** Blocks of a picture that is `width` by `height`. */
export function gridSize(width: number, height: number): { readonly cols: number; readonly rows: number } {
  return { cols: BLOCKS_ACROSS, rows: Math.max(3, Math.round((BLOCKS_ACROSS * height) / width)) };
}

/**
 * A multiplicative change of light (shade, exposure, lamps far away) leaves the differences of the logarithm as they are.
 *
 * @param input the model's pixels and where the picture lies in them; green stands for brightness, as in `createLumaGrid`
 */
export function createGradientReader(input: GridInput): {
  readonly gradients: Gradients;
  /** Allocates nothing. */
  readonly read: (pixels: Uint8Array) => Gradients;
} {
  const { width, height, pixelFormat } = input;
  const area = input.area ?? { offsetX: 0, offsetY: 0, scaledWidth: width, scaledHeight: height };
  const { cols, rows } = gridSize(area.scaledWidth, area.scaledHeight);
  const xs = spans(cols, area.offsetX, area.scaledWidth);
  const ys = spans(rows, area.offsetY, area.scaledHeight);
  const planar = pixelFormat === 'gbrp';
  const stride = planar ? 1 : 3;
  const green = planar ? 0 : 1;
  const [first, second] = planar ? [width * height, 2 * width * height] : [0, 2];
  const levels = new Float32Array(cols * rows);
  const gradients: Gradients = {
    cols,
    rows,
    x: new Int16Array(cols * rows),
    y: new Int16Array(cols * rows),
    mean: 0,
    chroma: 0,
  };

  function readLevels(pixels: Uint8Array): void {
    let total = 0;
    let chroma = 0;
    for (let row = 0; row < rows; row++) {
      const top = ys[row] as number;
      const bottom = Math.max(top + 1, ys[row + 1] as number);
      for (let col = 0; col < cols; col++) {
        const left = xs[col] as number;
        const right = Math.max(left + 1, xs[col + 1] as number);
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          const line = y * width;
          for (let x = left; x < right; x++) sum += pixels[(line + x) * stride + green] as number;
        }
        const level = sum / ((bottom - top) * (right - left));
        total += level;
        const corner = (top * width + left) * stride;
        const g = pixels[corner + green] as number;
        chroma += Math.abs((pixels[corner + first] as number) - g) + Math.abs((pixels[corner + second] as number) - g);
        levels[row * cols + col] = GRADIENT_UNITS * Math.log(level + DARK_LEVELS);
      }
    }
    gradients.mean = total / levels.length;
    gradients.chroma = chroma / (2 * levels.length);
  }

  return {
    gradients,
    read(pixels) {
      readLevels(pixels);
      for (let row = 1; row < rows - 1; row++) {
        for (let col = 1; col < cols - 1; col++) {
          const at = row * cols + col;
          gradients.x[at] = (levels[at + 1] as number) - (levels[at - 1] as number);
          gradients.y[at] = (levels[at + cols] as number) - (levels[at - cols] as number);
        }
      }
      return gradients;
    },
  };
}
