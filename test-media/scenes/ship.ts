/** Renders the shipped clips: `tsx test-media/scenes/ship.ts [--only a,b] [--preview DIR] [--out DIR]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { launchScenes, type SceneBrowser } from './browser.ts';
import { renderClip } from './render.ts';
import { type ShippedClip, shippedClips } from './shipped.ts';
import type { Encoding } from './types.ts';

const fps = 5;
/** H.264 alone: every browser and every FFmpeg can read it. The rate keeps the folder small. */
const encoding: Encoding = { codec: 'h264', gopSeconds: 2, bitsPerPixel: 0.17 };

/** A few stills of a clip, to check before its minutes are spent. */
async function preview(browser: SceneBrowser, clip: ShippedClip, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { zones, violations } = await browser.open(clip.spec);
  const duration = clip.spec.options?.duration ?? 60;
  for (let i = 0; i < 9; i++) {
    const t = Math.round(3 + (i * (duration - 4)) / 8);
    const { jpeg, objects } = await browser.frame(t);
    await writeFile(join(folder, `${clip.name}-${String(t).padStart(2, '0')}.jpg`), jpeg);
    await writeFile(
      join(folder, `${clip.name}-${String(t).padStart(2, '0')}.json`),
      JSON.stringify({ t, objects, zones, violations }),
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, preview: { type: 'string' }, out: { type: 'string' } },
  });
  const wanted = values.only?.split(',');
  const clips = shippedClips.filter((clip) => !wanted || wanted.includes(clip.name));
  const size = values.preview ? { width: 480, height: 270 } : { width: 768, height: 432 };
  const { path: ffmpeg } = await findFfmpeg();
  const out = values.out ?? 'test-media/clips';
  const browser = await launchScenes(size);
  try {
    for (const { name, cameraId, spec, ...rest } of clips) {
      if (values.preview) await preview(browser, { name, cameraId, spec, ...rest }, values.preview);
      else await renderClip(browser, { name, spec, cameraId, fps, size, encoding, ffmpeg, out });
      process.stdout.write(`${name}\n`);
    }
  } finally {
    await browser.close();
  }
}

await main();
