/** What cut-outs promise: alpha where the label says, a shadow beside it, nothing else. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchScenes, type SceneBrowser } from '../../test-media/scenes/browser.ts';
import { cutoutFocuses, type DrawnCutout } from '../../test-media/scenes/types.ts';
import { needs } from '../needs.ts';

/** Alpha of the upper half (the thing) or of the lower (its shadow). */
async function alphaOf({ png, size: [width, height] }: DrawnCutout, half: 'thing' | 'shadow'): Promise<Buffer> {
  const top = half === 'thing' ? 0 : height;
  return sharp(Buffer.from(png, 'base64')).extract({ left: 0, top, width, height }).extractChannel(3).raw().toBuffer();
}

/** Bounds of what is mostly covered, [x0, y0, x1, y1], px. */
function boundsOf(alpha: Buffer, width: number): [number, number, number, number] {
  const box: [number, number, number, number] = [1e9, 1e9, -1, -1];
  for (const [n, level] of alpha.entries()) {
    if (level < 128) continue;
    const [x, y] = [n % width, Math.floor(n / width)];
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x + 1);
    box[3] = Math.max(box[3], y + 1);
  }
  return box;
}

/** Bounds of all labels, px. */
function labelled({ objects, size: [width, height] }: DrawnCutout): [number, number, number, number] {
  const of = (pick: (box: readonly number[]) => number) => objects.map(({ box }) => pick(box));
  return [
    Math.min(...of(([x = 0]) => x)) * width,
    Math.min(...of(([, y = 0]) => y)) * height,
    Math.max(...of(([x = 0, , w = 0]) => x + w)) * width,
    Math.max(...of(([, y = 0, , h = 0]) => y + h)) * height,
  ];
}

describe.skipIf(!needs('chromium'))('cut-outs', () => {
  let browser: SceneBrowser;
  beforeAll(async () => {
    browser = await launchScenes({ width: 64, height: 64 });
  }, 60_000);
  afterAll(() => browser.close());

  test('alpha ends where the labels end, and everything is inside the picture', async () => {
    for (const focus of ['stalls', 'carts', 'trucks', 'bikes'] as const)
      for (const cutout of await browser.cutouts({ seed: 5, focus, views: 2 })) {
        const found = boundsOf(await alphaOf(cutout, 'thing'), cutout.size[0]);
        for (const [k, edge] of labelled(cutout).entries())
          expect(Math.abs(edge - (found[k] ?? 0)), `${focus}, edge ${k}`).toBeLessThan(5);
        for (const { box } of cutout.objects) {
          expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
          expect(Math.max(box[0] + box[2], box[1] + box[3])).toBeLessThan(1.01);
        }
      }
  }, 60_000);

  test('beside a thing there is a shadow, soft and black, and both halves are mostly empty', async () => {
    for (const cutout of await browser.cutouts({ seed: 9, focus: 'stalls', views: 3 })) {
      const [thing, shadow] = [await alphaOf(cutout, 'thing'), await alphaOf(cutout, 'shadow')];
      const share = (alpha: Buffer, least: number) => alpha.filter((level) => level >= least).length / alpha.length;
      expect(share(shadow, 20)).toBeGreaterThan(0.03);
      expect(share(shadow, 254)).toBeLessThan(0.02);
      expect(share(thing, 128)).toBeGreaterThan(0.1);
      expect(share(thing, 1)).toBeLessThan(0.95);
    }
  }, 60_000);

  test('trucks go through every state of their beds, and a seed names its pictures', async () => {
    const states = new Set<string>();
    for (let seed = 16; seed < 24; seed++)
      for (const { objects } of await browser.cutouts({ seed, focus: 'trucks', views: 2 }))
        for (const { class: name, load, cover } of objects) if (name === 'muck_truck') states.add(`${load} ${cover}`);
    for (const state of ['loaded covered', 'loaded uncovered', 'loaded partly', 'empty uncovered'])
      expect(states).toContain(state);
    const wanted = { seed: 3, focus: 'carts', views: 1 } as const;
    expect(await browser.cutouts(wanted)).toEqual(await browser.cutouts(wanted));
  }, 60_000);

  test('every sort is drawn, decoys without a class that they could be taken for', async () => {
    for (const focus of cutoutFocuses) {
      const cutouts = await browser.cutouts({ seed: 2, focus, views: 1 });
      expect(cutouts.length, focus).toBe(1);
      const names = cutouts.flatMap(({ objects }) => objects.map(({ class: name }) => name));
      if (focus === 'decoys') expect(names.every((name) => name === 'person' || name === 'umbrella')).toBe(true);
      else expect(names.length, focus).toBeGreaterThan(0);
    }
  }, 60_000);
});
