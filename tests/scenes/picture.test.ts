/** What the renderer promises of its pictures, seen in a real browser. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchScenes, type SceneBrowser } from '../../test-media/scenes/browser.ts';
import type { FrameLabel, SceneSpec, Weather } from '../../test-media/scenes/types.ts';
import { needs } from '../needs.ts';

const size = { width: 640, height: 360 };
const overcast: Weather = { light: 'overcast', rain: false, fog: false };

/** A loaded truck leaves a site under an even sky, which throws no shadows, before a camera without faults. */
function gate(weather: Weather): SceneSpec {
  const pass = { at: 11, way: 1, direction: 'outbound', load: 'loaded', cover: 'covered' } as const;
  const lens = { noise: 0, blur: 0, dirt: 0, shake: 0, clock: null, steps: [] };
  return { story: 'gate', seed: 41, options: { duration: 20, weather, lens, passes: [pass] } };
}

function truckOf(objects: readonly FrameLabel[]): FrameLabel {
  const truck = objects.find(({ class: name }) => name === 'muck_truck');
  if (!truck) throw new Error('no truck is seen');
  return truck;
}

/** Mean grey levels by which the ground before a thing differs between two pictures. */
async function changeBefore(box: readonly number[], pictures: readonly Buffer[]): Promise<number> {
  const [x, y, w, h] = box as [number, number, number, number];
  const area = {
    left: Math.round((x + w * 0.25) * size.width),
    top: Math.round((y + h + 0.015) * size.height),
    width: Math.round(w * 0.5 * size.width),
    height: Math.round(0.06 * size.height),
  };
  const [a, b] = await Promise.all(
    pictures.map((picture) => sharp(picture).extract(area).greyscale().raw().toBuffer()),
  );
  if (!a || !b) throw new Error('two pictures are compared');
  return a.reduce((sum, level, i) => sum + Math.abs(level - (b[i] as number)), 0) / a.length;
}

describe.skipIf(!needs('chromium'))('pictures of scenes', () => {
  let browser: SceneBrowser;
  beforeAll(async () => {
    browser = await launchScenes(size);
  }, 60_000);
  afterAll(() => browser.close());

  test('the same seed gives the same picture and labels in another browser, whatever was drawn before', async () => {
    await browser.open(gate({ ...overcast, rain: true, wet: true }));
    await browser.frame(4);
    const first = await browser.frame(11);
    const other = await launchScenes(size);
    try {
      await other.open(gate({ ...overcast, rain: true, wet: true }));
      const second = await other.frame(11);
      expect(second.objects).toEqual(first.objects);
      expect(second.jpeg.equals(first.jpeg)).toBe(true);
    } finally {
      await other.close();
    }
  }, 120_000);

  test('wet ground mirrors a truck, dry ground does not', async () => {
    const changes: number[] = [];
    for (const wet of [false, true]) {
      await browser.open(gate({ ...overcast, wet }));
      const empty = await browser.frame(0);
      const { jpeg, objects } = await browser.frame(10);
      changes.push(await changeBefore(truckOf(objects).box, [empty.jpeg, jpeg]));
    }
    const [dry, wet] = changes as [number, number];
    expect(dry).toBeLessThan(2);
    expect(wet).toBeGreaterThan(2 * dry + 4);
  }, 120_000);
});
