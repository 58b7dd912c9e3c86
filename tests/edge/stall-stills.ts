/** Stills of stall-day held against the clip itself: the right picture, with heads coarse where persons are and nowhere else. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { type DemoClip, loadClips } from '../../demo/clips.ts';
import { parseBoxes } from '../../evaluation/truth/truth.ts';

const BLOCK = 8;

export type ShownStill = { readonly rgb: Buffer; readonly width: number; readonly height: number };

export function stallDay(): DemoClip {
  const clip = loadClips().find(({ file }) => file.endsWith('stall-day.mp4'));
  if (!clip) throw new Error('stall-day is not among the clips');
  return clip;
}

export async function readStill(path: string): Promise<ShownStill> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  return { rgb: data, width: info.width, height: info.height };
}

let truth: readonly (readonly BoxXywh[])[] | null = null;

/** Where persons really are in picture n, whether a model sees them or not. */
export function truePersons(n: number): readonly BoxXywh[] {
  truth ??= parseBoxes(
    readFileSync(stallDay().file.replace(/\.mp4$/, '.boxes.jsonl'), 'utf8'),
    stallDay().truth.clip,
  ).map(({ objects }) => objects.filter((one) => one.class === 'person').map(({ box }) => box));
  const persons = truth[n];
  if (!persons) throw new Error(`the clip has no picture ${n}`);
  return persons;
}

/** Picture n as the clip itself has it; `coded`: with the detail that so many pixels hold. */
function original(n: number, width: number, height: number, coded: string): Buffer {
  const filter = `select=eq(n\\,${n}),scale=${coded},scale=${width}:${height}:out_color_matrix=bt601:flags=bicubic,format=rgb24`;
  const out = ['-vf', filter, '-frames:v', '1', '-f', 'rawvideo', 'pipe:1'];
  return execFileSync('ffmpeg', ['-v', 'error', '-i', stallDay().file, ...out], { maxBuffer: 1 << 26 });
}

/** Mean differences of blocks of pixels, and where their middle is as shares of the picture. */
function differences(
  { rgb, width, height }: ShownStill,
  n: number,
  coded: string,
): { x: number; y: number; by: number }[] {
  const right = original(n, width, height, coded);
  const blocks: { x: number; y: number; by: number }[] = [];
  for (let y = 0; y + BLOCK <= height; y += BLOCK) {
    for (let x = 0; x + BLOCK <= width; x += BLOCK) {
      let sum = 0;
      for (let row = y; row < y + BLOCK; row++)
        for (let i = 3 * (row * width + x); i < 3 * (row * width + x + BLOCK); i++)
          sum += Math.abs((rgb[i] as number) - (right[i] as number));
      blocks.push({ x: (x + BLOCK / 2) / width, y: (y + BLOCK / 2) / height, by: sum / (3 * BLOCK * BLOCK) });
    }
  }
  return blocks;
}

/**
 * The still is the clip's picture n, but for the heads of those who are in it: by the truth of that picture, as what a
 * model says of a far zone may be of an earlier one. `above`: only the picture's part above this share of its height is
 * looked at.
 */
export function expectPictureAndHeads(
  still: ShownStill,
  n: number,
  { coded = `${still.width}:${still.height}`, above = 1 } = {},
): void {
  const margin = BLOCK / still.height;
  const persons = truePersons(n);
  const isHead = ({ x, y }: { x: number; y: number }) =>
    persons.some(
      ([left, top, w, h]) =>
        x > left - w / 4 - margin && x < left + 1.25 * w + margin && y > top - h / 8 - margin && y < top + h / 2,
    );
  expect(persons.length).toBeGreaterThan(0);
  const blocks = differences(still, n, coded).filter(({ y }) => y < above);
  const elsewhere = blocks.filter((block) => !isHead(block));
  expect(elsewhere.reduce((sum, { by }) => sum + by, 0) / elsewhere.length, 'the picture').toBeLessThan(5);
  expect(Math.max(...elsewhere.map(({ by }) => by)), 'coarse in the wrong place').toBeLessThan(30);
  expect(Math.max(...blocks.filter(isHead).map(({ by }) => by)), 'heads').toBeGreaterThan(15);
}
