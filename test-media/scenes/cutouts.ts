/** Renders cut-outs to paste into real frames, each a thing with alpha and its shadow: `tsx test-media/scenes/cutouts.ts --focus stalls|carts|trucks|bikes|people|umbrellas|lorries|decoys --first SEED --count N --views V --out DIR`; continues where it stopped. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchScenes, type SceneBrowser } from './browser.ts';
import { type CutoutRequest, cutoutFocuses } from './types.ts';

const seedsPerBrowser = 300;

async function doneFiles(labels: string): Promise<Set<string>> {
  const text = await readFile(labels, 'utf8').catch(() => '');
  const lines = text.split('\n').filter(Boolean);
  return new Set(lines.map((line) => (JSON.parse(line) as { group: string }).group));
}

async function renderGroup(browser: SceneBrowser, request: CutoutRequest, out: string, labels: string): Promise<void> {
  const { seed, focus } = request;
  const lines: string[] = [];
  for (const [view, { png, ...cutout }] of (await browser.cutouts(request)).entries()) {
    const file = `${focus}-${seed}-${view}.png`;
    await writeFile(join(out, file), Buffer.from(png, 'base64'));
    lines.push(`${JSON.stringify({ group: `${focus}-${seed}`, file, focus, ...cutout })}\n`);
  }
  await appendFile(labels, lines.join(''));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      focus: { type: 'string' },
      first: { type: 'string' },
      count: { type: 'string' },
      views: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const focus = cutoutFocuses.find((name) => name === values.focus);
  if (!focus) throw new Error(`--focus is one of ${cutoutFocuses.join(', ')}`);
  const first = Number(values.first ?? 1);
  const count = Number(values.count ?? 100);
  const views = Number(values.views ?? 3);
  const out = values.out ?? 'models/training/data/cutouts';
  await mkdir(out, { recursive: true });
  const labels = join(out, 'labels.jsonl');
  const done = await doneFiles(labels);
  const seeds = Array.from({ length: count }, (_, i) => first + i).filter((seed) => !done.has(`${focus}-${seed}`));
  while (seeds.length > 0) {
    const browser = await launchScenes({ width: 64, height: 64 });
    try {
      for (const seed of seeds.splice(0, seedsPerBrowser))
        await renderGroup(browser, { seed, focus, views }, out, labels);
    } finally {
      await browser.close();
    }
  }
}

await main();
