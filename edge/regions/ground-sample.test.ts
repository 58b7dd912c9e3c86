import { expect, test } from 'vitest';
import type { FullPicture } from '../domain/frame.ts';
import { createGroundSampler, createPacedGroundSampler } from './ground-sample.ts';

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

test('contrast inside a cell, and the cells around a patch with where they are', () => {
  const middle: [number, number][] = [
    [0.6, 0.25],
    [0.9, 0.25],
    [0.9, 0.75],
    [0.6, 0.75],
  ];
  const even = createGroundSampler([{ id: 'g', ground: middle }])(picture(120, 'full'))?.g;
  expect(new Set(even?.texture)).toEqual(new Set([0]));
  const around = even?.around ?? [];
  const cells = Array.from({ length: around.length / 5 }, (_, i) => around.slice(5 * i, 5 * i + 5));
  expect(cells.length).toBe(((even?.cols ?? 0) + 4) * ((even?.rows ?? 0) + 4) - (even?.cols ?? 0) * (even?.rows ?? 0));
  for (const [x = 0, y = 0, ...rgb] of cells) {
    expect(x < 0.6 || x > 0.9 || y < 0.25 || y > 0.75).toBe(true);
    expect(rgb).toEqual([120, 120, 120]);
  }
  const striped = picture(120, 'full', 640, 320);
  striped.i420.forEach((_, i) => {
    if (i < 640 * 320 && i % 2 === 0) striped.i420[i] = 60;
  });
  const rough = createGroundSampler([{ id: 'g', ground: middle }])(striped)?.g;
  expect(Math.max(...(rough?.texture ?? []))).toBeGreaterThan(20);
});

test('while no truck is about, a second passes between samples; with one, every frame at five a second has its own', () => {
  const paced = createPacedGroundSampler([{ id: 'g', ground: square }]);
  const taken = (truckAbout: boolean, from: number) =>
    Array.from({ length: 25 }, (_, i) => paced(picture(100, 'full'), from + 40 * i, truckAbout)).filter(Boolean).length;
  expect(taken(false, 0)).toBe(1);
  expect(taken(true, 10_000)).toBe(5);
  // A clock that steps back does not stop it.
  expect(taken(false, 0)).toBe(1);
  const none = createPacedGroundSampler([{ id: 'a' }]);
  expect(none(picture(100, 'full'), 0, true)).toBeUndefined();
});
