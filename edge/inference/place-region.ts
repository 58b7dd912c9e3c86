/** A part of the full picture as the source would deliver a frame of it: only that part is read, nothing is allocated but tables. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { FullPicture, ModelInput, Placement } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import { yuvGains } from '../domain/yuv.ts';
import { clamp } from '../geometry/numbers.ts';

/** A part of the picture in whole pixels. */
export type PixelRegion = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/**
 * The region's pixels, within the picture, at least one.
 * @param region shares of the picture
 * @example pixelsOfRegion([0.5, 0, 0.5, 1], { width: 640, height: 360 }) // { x: 320, y: 0, width: 320, height: 360 }
 */
export function pixelsOfRegion([x, y, w, h]: BoxXywh, picture: Pick<FullPicture, 'width' | 'height'>): PixelRegion {
  const left = clamp(Math.round(x * picture.width), 0, picture.width - 1);
  const top = clamp(Math.round(y * picture.height), 0, picture.height - 1);
  const right = clamp(Math.round((x + w) * picture.width), left + 1, picture.width);
  const bottom = clamp(Math.round((y + h) * picture.height), top + 1, picture.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const SHIFT = 8;
const UNIT = 1 << SHIFT;

/** For each target pixel the source pixel before its centre, and the share of the next one in 1/256. */
type Axis = { readonly low: Int32Array; readonly high: Int32Array; readonly share: Int32Array };

function axisOf(start: number, from: number, to: number): Axis {
  const axis = { low: new Int32Array(to), high: new Int32Array(to), share: new Int32Array(to) };
  for (let i = 0; i < to; i++) {
    const at = clamp(((i + 0.5) * from) / to - 0.5, 0, from - 1);
    const low = Math.floor(at);
    axis.low[i] = start + low;
    axis.high[i] = start + Math.min(from - 1, low + 1);
    axis.share[i] = Math.round((at - low) * UNIT);
  }
  return axis;
}

/** Where R, G and B of pixel 0 go, and how far pixels lie apart. */
function layoutOf({ width, height, pixelFormat }: ModelInput) {
  const area = width * height;
  if (pixelFormat === 'gbrp') return { step: 1, r: 2 * area, g: 0, b: area };
  return pixelFormat === 'rgb24' ? { step: 3, r: 0, g: 1, b: 2 } : { step: 3, r: 2, g: 1, b: 0 };
}

/**
 * Writes a region into `out` (3 × width × height bytes of the input), bilinear in brightness, nearest in colour, which
 * the camera has at half the size anyway.
 * @returns where the region lies in the input
 */
export function placeRegion(
  picture: FullPicture,
  region: PixelRegion,
  input: ModelInput,
  out: Uint8ClampedArray,
): Placement {
  const place = placementOf(input, region.width, region.height);
  if (place.scaledWidth < input.width || place.scaledHeight < input.height) out.fill(input.pad);
  const { i420, width, height } = picture;
  const { yGain, yOffset, rv, gu, gv, bu } = yuvGains(picture);
  const xs = axisOf(region.x, region.width, place.scaledWidth);
  const ys = axisOf(region.y, region.height, place.scaledHeight);
  const half = (width + 1) >> 1;
  const uPlane = width * height;
  const vPlane = uPlane + half * ((height + 1) >> 1);
  const { step, r, g, b } = layoutOf(input);
  for (let y = 0; y < place.scaledHeight; y++) {
    const top = (ys.low[y] as number) * width;
    const bottom = (ys.high[y] as number) * width;
    const fy = ys.share[y] as number;
    const chromaRow = ((fy < UNIT / 2 ? (ys.low[y] as number) : (ys.high[y] as number)) >> 1) * half;
    let at = ((y + place.offsetY) * input.width + place.offsetX) * step;
    for (let x = 0; x < place.scaledWidth; x++, at += step) {
      const left = xs.low[x] as number;
      const right = xs.high[x] as number;
      const fx = xs.share[x] as number;
      const above = (i420[top + left] as number) * (UNIT - fx) + (i420[top + right] as number) * fx;
      const below = (i420[bottom + left] as number) * (UNIT - fx) + (i420[bottom + right] as number) * fx;
      // In eighths of a level, so that the product with the gain stays within 32 bits.
      const luma = (above * (UNIT - fy) + below * fy) >> (2 * SHIFT - 3);
      const c = chromaRow + ((fx < UNIT / 2 ? left : right) >> 1);
      const u = (i420[uPlane + c] as number) - 128;
      const v = (i420[vPlane + c] as number) - 128;
      const level = (((luma - yOffset * 8) * yGain) >> 3) + 32_768;
      out[at + r] = (level + rv * v) >> 16;
      out[at + g] = (level - gu * u - gv * v) >> 16;
      out[at + b] = (level + bu * u) >> 16;
    }
  }
  return place;
}
