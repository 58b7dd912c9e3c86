/** A still image as the source would deliver a frame: resized bilinearly, placed, in the layout that the model asks for. */
import type { ModelInput } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import { clamp } from '../geometry/numbers.ts';

export type RgbImage = {
  readonly width: number;
  readonly height: number;
  /** Interleaved R, G, B. */
  readonly rgb: Uint8Array;
};

type Axis = { readonly low: Int32Array; readonly high: Int32Array; readonly share: Float64Array };

/** For each target pixel the two source pixels beside its centre; no anti-aliasing, as the models were trained. */
function axisOf(from: number, to: number): Axis {
  const axis = { low: new Int32Array(to), high: new Int32Array(to), share: new Float64Array(to) };
  for (let i = 0; i < to; i++) {
    const at = clamp(((i + 0.5) * from) / to - 0.5, 0, from - 1);
    const low = Math.floor(at);
    axis.low[i] = low;
    axis.high[i] = Math.min(from - 1, low + 1);
    axis.share[i] = at - low;
  }
  return axis;
}

/** Where channel c (0 = R) of pixel i goes. */
function layoutOf(input: ModelInput): { readonly step: number; readonly channelAt: readonly [number, number, number] } {
  const area = input.width * input.height;
  if (input.pixelFormat === 'gbrp') return { step: 1, channelAt: [2 * area, 0, area] };
  return { step: 3, channelAt: input.pixelFormat === 'rgb24' ? [0, 1, 2] : [2, 1, 0] };
}

/** Pixels of `image` for a model with that input. */
export function placeImage(image: RgbImage, input: ModelInput): Uint8Array {
  const out = new Uint8Array(3 * input.width * input.height).fill(input.pad);
  const place = placementOf(input, image.width, image.height);
  const xs = axisOf(image.width, place.scaledWidth);
  const ys = axisOf(image.height, place.scaledHeight);
  const { step, channelAt } = layoutOf(input);
  const { rgb } = image;
  for (let y = 0; y < place.scaledHeight; y++) {
    const top = (ys.low[y] as number) * image.width;
    const bottom = (ys.high[y] as number) * image.width;
    const fy = ys.share[y] as number;
    for (let x = 0; x < place.scaledWidth; x++) {
      const left = xs.low[x] as number;
      const right = xs.high[x] as number;
      const fx = xs.share[x] as number;
      const at = ((y + place.offsetY) * input.width + x + place.offsetX) * step;
      for (let c = 0; c < 3; c++) {
        const above = (rgb[(top + left) * 3 + c] as number) * (1 - fx) + (rgb[(top + right) * 3 + c] as number) * fx;
        const below =
          (rgb[(bottom + left) * 3 + c] as number) * (1 - fx) + (rgb[(bottom + right) * 3 + c] as number) * fx;
        out[at + (channelAt[c] as number)] = Math.round(above * (1 - fy) + below * fy);
      }
    }
  }
  return out;
}
