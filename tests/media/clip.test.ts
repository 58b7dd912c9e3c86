/// <reference lib="dom" />
/** Clips: what a browser shows of them, the same bytes each time, and nobody held up while they are made. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { chromium as browsers } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { encodeClip } from '../../edge/media/encode-clip.ts';
import { chromium, needs } from '../needs.ts';

/** Frames of one colour each; the colour says which one it is. */
async function jpegs(count: number, width = 640, height = 361): Promise<Buffer[]> {
  const made: Promise<Buffer>[] = [];
  for (let i = 0; i < count; i++) {
    const background = i < count / 2 ? { r: 220, g: 30, b: 30 } : { r: 30, g: 30, b: 220 };
    const picture = sharp({ create: { width, height, channels: 3, background } });
    made.push(picture.jpeg({ quality: 85 }).toBuffer());
  }
  return Promise.all(made);
}

/** The names of the boxes at the top of an MP4. */
function boxesOf(clip: Uint8Array): string[] {
  const bytes = Buffer.from(clip);
  const names: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at))
    names.push(bytes.toString('latin1', at + 4, at + 8));
  return names;
}

test('the description stands in front; the same bytes, also while others are made', async () => {
  const frames = await jpegs(20);
  const alone = await encodeClip(frames, 5);
  const names = boxesOf(alone);
  expect(names.indexOf('moov')).toBeLessThan(names.indexOf('mdat'));
  const other = await jpegs(20, 320, 180);
  const [one, two, three] = await Promise.all([encodeClip(frames, 5), encodeClip(other, 5), encodeClip(frames, 5)]);
  expect(Buffer.from(one).equals(alone)).toBe(true);
  expect(Buffer.from(three).equals(alone)).toBe(true);
  expect(Buffer.from(two).equals(alone)).toBe(false);
});

test('others have their turn while a clip is made', async () => {
  const frames = await jpegs(100);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await encodeClip(frames, 5);
  delay.disable();
  expect(delay.count).toBeGreaterThan(50);
  expect(delay.percentile(90) / 1e6).toBeLessThan(50);
});

test('frames that are none are refused, and nothing at all too', async () => {
  await expect(encodeClip([Buffer.from('no picture')], 5)).rejects.toThrow('picture');
  await expect(encodeClip([], 5)).rejects.toThrow();
  const [good] = await jpegs(1);
  await expect(encodeClip([good as Buffer, (good as Buffer).subarray(0, 40)], 5)).rejects.toThrow('picture');
});

type Seen = { readonly size: number[]; readonly duration: number; readonly colours: number[][] };
/** In the page: what it shows at two instants. */
const LOOK = `async (source) => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = source;
  const happened = (name) => new Promise((done) => video.addEventListener(name, done, { once: true }));
  await happened('loadeddata');
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext('2d');
  const colours = [];
  for (const second of [0.5, 3.5]) {
    // Sought is not shown: on a busy machine the last picture stays for a moment.
    const shown = new Promise((done) => video.requestVideoFrameCallback(done));
    video.currentTime = second;
    await shown;
    context.drawImage(video, 0, 0);
    colours.push([...context.getImageData(100, 100, 1, 1).data.slice(0, 3)]);
  }
  return { size: [video.videoWidth, video.videoHeight], duration: video.duration, colours };
}`;

test.skipIf(!needs('chromium'))('a browser plays it, in its colours', async () => {
  const clip = Buffer.from(await encodeClip(await jpegs(20), 5));
  const browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const source = `data:video/mp4;base64,${clip.toString('base64')}`;
    const seen: Seen = await page.evaluate(`(${LOOK})(${JSON.stringify(source)})`);
    expect(seen.size).toEqual([640, 360]);
    expect(seen.duration).toBeCloseTo(4, 1);
    const wanted = [
      [220, 30, 30],
      [30, 30, 220],
    ];
    for (const [i, colour] of seen.colours.entries()) {
      for (const [c, level] of colour.entries()) expect(Math.abs(level - (wanted[i]?.[c] ?? 0))).toBeLessThan(12);
    }
  } finally {
    await browser.close();
  }
});
