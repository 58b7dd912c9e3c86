import { expect, it } from 'vitest';
import type { FullPicture, ModelInput } from '../domain/frame.ts';
import { yuvGains } from '../domain/yuv.ts';
import { placeImage } from '../images/place-image.ts';
import { pixelsOfRegion, placeRegion } from './place-region.ts';

const input = (more: Partial<ModelInput> = {}): ModelInput => ({
  width: 40,
  height: 24,
  pixelFormat: 'rgb24',
  resize: 'letterbox',
  align: 'center',
  pad: 9,
  ...more,
});

/** Brightness in steps, colour flat, nothing beyond 0 or 255: in which order it is stretched and converted does not matter then. */
function picture(width: number, height: number, more: Partial<FullPicture> = {}): FullPicture {
  const half = ((width + 1) >> 1) * ((height + 1) >> 1);
  const i420 = new Uint8Array(width * height + 2 * half).fill(90);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) i420[y * width + x] = 110 + ((x * 2 + y * 3) % 80);
  i420.fill(150, width * height + half);
  return { width, height, i420, ...more };
}

function toRgb(full: FullPicture): Uint8ClampedArray {
  const { width, height, i420 } = full;
  const { yGain, yOffset, rv, gu, gv, bu } = yuvGains(full);
  const half = (width + 1) >> 1;
  const rgb = new Uint8ClampedArray(width * height * 3);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const chroma = width * height + (y >> 1) * half + (x >> 1);
    const u = (i420[chroma] as number) - 128;
    const v = (i420[chroma + half * ((height + 1) >> 1)] as number) - 128;
    const level = ((i420[at] as number) - yOffset) * yGain + 32_768;
    rgb.set([(level + rv * v) >> 16, (level - gu * u - gv * v) >> 16, (level + bu * u) >> 16], at * 3);
  }
  return rgb;
}

/** The same by way of the whole picture in RGB. */
function theLongWay(full: FullPicture, region: ReturnType<typeof pixelsOfRegion>, model: ModelInput): Uint8Array {
  const rgb = toRgb(full);
  const part = new Uint8Array(region.width * region.height * 3);
  for (let y = 0; y < region.height; y++) {
    const from = ((region.y + y) * full.width + region.x) * 3;
    part.set(rgb.subarray(from, from + region.width * 3), y * region.width * 3);
  }
  return placeImage({ width: region.width, height: region.height, rgb: part }, model);
}

it.each([
  ['limited range', {}, {}],
  ['full range, BT.709', { range: 'full', matrix: 'bt709' }, {}],
  ['BGR', {}, { pixelFormat: 'bgr24' }],
  ['planes, stretched', {}, { pixelFormat: 'gbrp', resize: 'stretch' }],
  ['in the corner', {}, { align: 'top-left' }],
] as const)('%s: the same as cutting it out of the converted picture', (_, more, layout) => {
  const full = picture(161, 91, more);
  const model = input(layout);
  const region = pixelsOfRegion([0.3, 0.2, 0.4, 0.5], full);
  const out = new Uint8ClampedArray(3 * model.width * model.height).fill(1);
  placeRegion(full, region, model, out);
  const wanted = theLongWay(full, region, model);
  const worst = out.reduce((most, value, i) => Math.max(most, Math.abs(value - (wanted[i] ?? 0))), 0);
  expect(worst).toBeLessThanOrEqual(1);
});

it('takes colour from where it is', () => {
  const full = picture(8, 4);
  // The lower right quarter is red.
  for (const [x, y] of [
    [2, 1],
    [3, 1],
  ] as const)
    full.i420[32 + 8 + y * 4 + x] = 240;
  const model = input({ width: 8, height: 4, resize: 'stretch' });
  const out = new Uint8ClampedArray(3 * 32);
  placeRegion(full, pixelsOfRegion([0, 0, 1, 1], full), model, out);
  const red = (x: number, y: number) => (out[(y * 8 + x) * 3] ?? 0) - (out[(y * 8 + x) * 3 + 1] ?? 0);
  expect([red(5, 2) > 100, red(2, 2) > 100, red(5, 1) > 100]).toEqual([true, false, false]);
});

it('a region stays within the picture and is never empty', () => {
  const size = { width: 100, height: 50 };
  expect(pixelsOfRegion([-0.5, 0.9, 2, 2], size)).toEqual({ x: 0, y: 45, width: 100, height: 5 });
  expect(pixelsOfRegion([1, 1, 0, 0], size)).toEqual({ x: 99, y: 49, width: 1, height: 1 });
});
