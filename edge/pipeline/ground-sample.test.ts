import { expect, test } from 'vitest';
import type { FullPicture } from '../domain/frame.ts';
import { createGroundSampler } from './ground-sample.ts';

/** Left half black, right half one grey level, no colour. */
function picture(level: number, range: 'limited' | 'full', width = 64, height = 32): FullPicture {
  const i420 = new Uint8Array(width * height * 1.5).fill(128);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) i420[y * width + x] = x < width / 2 ? (range === 'full' ? 0 : 16) : level;
  }
  return { width, height, i420, range };
}
const square: [number, number][] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

test('nothing is sampled where no ground is drawn', () => {
  expect(createGroundSampler([{ id: 'a' }])(picture(128, 'full'))).toBeUndefined();
});

test.each([
  ['full', 200, 200],
  ['limited', 235, 255],
  ['limited', 16, 0],
] as const)('levels of %s range: %i is grey %i', (range, level, grey) => {
  const sample = createGroundSampler([{ id: 'g', ground: square }])(picture(level, range))?.g;
  const right = (sample?.cols ?? 0) - 1;
  expect(sample?.rgb.slice(right * 3, right * 3 + 3)).toEqual([grey, grey, grey]);
  expect(sample?.rgb.slice(0, 3)).toEqual([0, 0, 0]);
});

test('cells outside the polygon hold -1, and there are as many as the grid says', () => {
  const triangle: [number, number][] = [
    [0, 0],
    [1, 0],
    [0, 1],
  ];
  const sample = createGroundSampler([{ id: 'g', ground: triangle }])(picture(100, 'full'))?.g;
  expect(sample?.rgb).toHaveLength((sample?.cols ?? 0) * (sample?.rows ?? 0) * 3);
  expect(sample?.rgb[0]).toBe(0);
  expect(sample?.rgb.at(-1)).toBe(-1);
});
