import { expect, it } from 'vitest';
import type { ModelInput } from '../domain/frame.ts';
import { placeImage } from './place-image.ts';

const input = (more: Partial<ModelInput>): ModelInput => ({
  width: 4,
  height: 4,
  pixelFormat: 'rgb24',
  resize: 'letterbox',
  align: 'center',
  pad: 9,
  ...more,
});
const image = { width: 2, height: 1, rgb: Uint8Array.from([0, 100, 200, 100, 200, 0]) };
const channel = (pixels: Uint8Array, c: number) => Array.from({ length: 16 }, (_, i) => pixels[i * 3 + c]);

it('is bilinear between pixel centres, with a border of the pad', () => {
  // Scaled to 4 × 2 from row 1: shares 0, 0.25, 0.75, 1 of the second pixel.
  const row = [0, 25, 75, 100];
  expect(channel(placeImage(image, input({})), 0)).toEqual([9, 9, 9, 9, ...row, ...row, 9, 9, 9, 9]);
  expect(channel(placeImage(image, input({ align: 'top-left' })), 0)).toEqual([...row, ...row, ...Array(8).fill(9)]);
  expect(channel(placeImage(image, input({ resize: 'stretch' })), 0)).toEqual([...row, ...row, ...row, ...row]);
});

it('delivers each layout that a model may ask for', () => {
  const same = { width: 2, height: 1 };
  expect([...placeImage(image, input({ ...same, pixelFormat: 'rgb24' }))]).toEqual([0, 100, 200, 100, 200, 0]);
  expect([...placeImage(image, input({ ...same, pixelFormat: 'bgr24' }))]).toEqual([200, 100, 0, 0, 200, 100]);
  expect([...placeImage(image, input({ ...same, pixelFormat: 'gbrp' }))]).toEqual([100, 200, 200, 0, 0, 100]);
});
