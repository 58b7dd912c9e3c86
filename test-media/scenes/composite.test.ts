/** Rendered things in real frames, on footage made for it: a square that passes over a flat street. */
import { expect, test } from 'vitest';
import { backdropOf, composed, type DrawnLayers, gainsAt, passersFeet, type RealFootage } from './composite.ts';

const [width, height] = [60, 40];
const road = 112;

/** A street of one grey with a bright square of 10 px whose lowest row is `foot`, at these columns. */
function footage(columns: readonly number[], foot: number): RealFootage {
  const frames = columns.map((left) => {
    const frame = Buffer.alloc(width * height * 3, road);
    for (let y = foot - 9; y <= foot; y++) frame.fill(230, (y * width + left) * 3, (y * width + left + 10) * 3);
    return frame;
  });
  return { width, height, frames };
}

/** A thing that fills columns 20 to 39 and rows 10 to 24, with a shadow of a half on the rows below it. */
function layers(): DrawnLayers {
  const [things, shadows] = [new Uint8Array(width * height * 4), new Uint8Array(width * height * 4)];
  for (let y = 10; y < 30; y++)
    for (let x = 20; x < 40; x++) {
      const at = (y * width + x) * 4;
      if (y < 25) things.set([200, 40, 40, 255], at);
      else shadows[at + 3] = 128;
    }
  const box: [number, number, number, number] = [20 / width, 10 / height, 20 / width, 15 / height];
  return { things, shadows, objects: [{ class: 'stall', box, visible: 1 }] };
}

const walk = [0, 5, 10, 15, 25, 30, 45, 50, 50];
const pixel = (frame: Buffer, x: number, y: number) => [
  ...frame.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

function composedAt(foot: number): Buffer {
  const real = footage(walk, foot);
  const backdrop = backdropOf(real);
  const gains = gainsAt(backdrop.still, width, height, [0.5, 0.5]);
  const [, , , , frame] = real.frames;
  return composed(frame as Buffer, layers(), { width, height, backdrop, gains, grain: () => 0 });
}

test('what passes is not part of the still picture, and its feet are found', () => {
  const real = footage(walk, 30);
  const backdrop = backdropOf(real);
  expect([...new Set(backdrop.still)]).toEqual([road]);
  const feet = passersFeet(real.frames[4] as Buffer, backdrop, width, height);
  expect(feet[25 * width + 30]).toBe(30);
  expect(feet[25 * width + 10]).toBe(-1);
});

test('who passes nearer than the thing hides it; who passes behind it is hidden', () => {
  expect(pixel(composedAt(30), 30, 23)).toEqual([230, 230, 230]);
  expect(pixel(composedAt(18), 30, 15)).toEqual([200, 40, 40]);
});

test('a shadow darkens the street and not who walks before it; the rest of the frame stays', () => {
  const out = composedAt(18);
  expect(pixel(out, 22, 27)).toEqual([56, 56, 56]);
  expect(pixel(out, 5, 5)).toEqual([road, road, road]);
  expect(pixel(composedAt(30), 30, 27)).toEqual([230, 230, 230]);
});

test('things are as dark and as coloured as the place: the thing of an orange night is dim and orange', () => {
  const still = new Uint8Array(width * height * 3);
  for (let i = 0; i < still.length; i += 3) still.set([56, 34, 12], i);
  const [red = 0, green = 0, blue = 0] = gainsAt(still, width, height, [0.5, 0.5]);
  expect(red).toBeGreaterThan(green);
  expect(green).toBeGreaterThan(blue);
  expect(red).toBeLessThan(0.6);
  expect(gainsAt(new Uint8Array(still.length).fill(road), width, height, [0.5, 0.5])).toEqual([1, 1, 1]);
});
