/** Renders labelled training frames: `tsx test-media/scenes/dataset.ts --first SEED --count SCENES --views N --out DIR [--focus gate|camera|decoys|still|trucks|sheets|traffic|pavement|planters] [--light infrared] [--rain]`; continues where it stopped. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchScenes, type SceneBrowser } from './browser.ts';
import { numbers } from './numbers.ts';
import { type FrameFocus, frameFocuses, lights, planFrame, rained, relit } from './plan.ts';
import type { Weather } from './types.ts';

const size = { width: 640, height: 360 };
/** A browser holds on to what its scenes leave behind; a new one now and then costs less. */
const scenesPerBrowser = 250;

interface Wanted {
  first: number;
  count: number;
  views: number;
  out: string;
  focus?: FrameFocus;
  light?: Weather['light'];
  rain: boolean;
}

async function doneSeeds(labels: string): Promise<Set<number>> {
  const text = await readFile(labels, 'utf8').catch(() => '');
  return new Set(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { seed: number }).seed),
  );
}

/** Several pictures of one scene: a still one is arranged anew for each, a story is seen at other moments. */
async function renderScene(browser: SceneBrowser, seed: number, wanted: Wanted, labels: string): Promise<void> {
  const planned = planFrame(seed, wanted.focus);
  const lit = wanted.light ? relit(planned, wanted.light) : planned;
  const { spec, t } = wanted.rain ? rained(lit) : lit;
  const opened = await browser.open(spec);
  const next = numbers(seed + 7);
  const weather = opened.weather ?? spec.options?.weather;
  const lines: string[] = [];
  for (let view = 0; view < wanted.views; view++) {
    // A truck is near the gate for a few seconds only; everything else may be drawn at any time.
    const apart = spec.story === 'gate' ? (next() - 0.5) * 6 : (next() - 0.5) * 80;
    const moment = view === 0 ? t : Math.min(Math.max(0, t + apart), spec.options?.duration ?? 3);
    const { jpeg, objects } = await browser.frame(moment, 0.9, Math.floor(next() * 2 ** 31));
    const file = `${seed}-${view}.jpg`;
    await writeFile(join(wanted.out, file), jpeg);
    const sky = weather && {
      light: weather.light,
      weather: weather.rain ? 'rain' : weather.fog ? 'fog' : weather.wet ? 'wet' : 'dry',
    };
    lines.push(
      JSON.stringify({ seed, file, story: spec.story, world: spec.options?.world ?? spec.story, ...sky, objects }),
    );
  }
  await appendFile(labels, `${lines.join('\n')}\n`);
}

async function renderFrames(seeds: number[], wanted: Wanted, labels: string): Promise<void> {
  const browser = await launchScenes(size);
  try {
    for (const seed of seeds) await renderScene(browser, seed, wanted, labels);
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      first: { type: 'string' },
      count: { type: 'string' },
      views: { type: 'string' },
      out: { type: 'string' },
      focus: { type: 'string' },
      light: { type: 'string' },
      rain: { type: 'boolean' },
    },
  });
  const focus = frameFocuses.find((name) => name === values.focus);
  if (values.focus !== undefined && !focus) throw new Error(`--focus is one of ${frameFocuses.join(', ')}`);
  const light = lights.find((name) => name === values.light);
  if (values.light !== undefined && !light) throw new Error(`--light is one of ${[...new Set(lights)].join(', ')}`);
  const wanted: Wanted = {
    first: Number(values.first ?? 100000),
    count: Number(values.count ?? 1500),
    views: Number(values.views ?? 6),
    out: values.out ?? 'models/training/data/train',
    rain: values.rain ?? false,
    ...(focus && { focus }),
    ...(light && { light }),
  };
  const labels = join(wanted.out, 'labels.jsonl');
  await mkdir(wanted.out, { recursive: true });
  const done = await doneSeeds(labels);
  const seeds = Array.from({ length: wanted.count }, (_, i) => wanted.first + i).filter((seed) => !done.has(seed));
  while (seeds.length > 0) await renderFrames(seeds.splice(0, scenesPerBrowser), wanted, labels);
}

await main();
