// Renders labelled training frames: `tsx test-media/scenes/dataset.ts --first SEED --count N --out DIR [--focus gate]`; continues where it stopped.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchScenes } from './browser.ts';
import { planFrame } from './plan.ts';

const size = { width: 512, height: 288 };
const scenesPerBrowser = 400;

async function doneSeeds(labels: string): Promise<Set<number>> {
  const text = await readFile(labels, 'utf8').catch(() => '');
  return new Set(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { seed: number }).seed),
  );
}

async function renderFrames(seeds: number[], out: string, labels: string, focus?: string): Promise<void> {
  const browser = await launchScenes(size);
  try {
    for (const seed of seeds) {
      const { spec, t } = planFrame(seed, focus);
      await browser.open(spec);
      const { jpeg, objects } = await browser.frame(t, 0.93);
      await writeFile(join(out, `${seed}.jpg`), jpeg);
      await appendFile(labels, `${JSON.stringify({ seed, story: spec.story, objects })}\n`);
    }
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      first: { type: 'string' },
      count: { type: 'string' },
      out: { type: 'string' },
      focus: { type: 'string' },
    },
  });
  const first = Number(values.first ?? 100000);
  const count = Number(values.count ?? 3000);
  const out = values.out ?? 'models/training/data/train';
  const labels = join(out, 'labels.jsonl');
  await mkdir(out, { recursive: true });
  const done = await doneSeeds(labels);
  const seeds = Array.from({ length: count }, (_, i) => first + i).filter((seed) => !done.has(seed));
  while (seeds.length > 0) await renderFrames(seeds.splice(0, scenesPerBrowser), out, labels, values.focus);
}

await main();
