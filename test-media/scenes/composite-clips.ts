/** Renders composite clips, violations in front of real street video, for event recall on real pixels: `tsx test-media/scenes/composite-clips.ts --videos DIR --out DIR [--only NAME,…] [--seed N]`. The clips carry their videos' terms and are never committed. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { launchScenes, type SceneBrowser } from './browser.ts';
import { backdropOf, composed, gainsAt, type RealFootage } from './composite.ts';
import { numbers } from './numbers.ts';
import { lawful, passesAt, violating } from './passes.ts';
import { clipTruth } from './render.ts';
import type { RealView, SceneSpec, StoryName, StoryOptions, Weather } from './types.ts';

const run = promisify(execFile);
const fps = 5;
const size = { width: 352, height: 288 };
/** Drawn larger and made smaller, which smooths edges as a lens does. */
const drawn = { width: 704, height: 576 };

interface Place {
  name: string;
  /** Videos of one camera, by what their names begin with. */
  videos: string;
  view: RealView;
}

/** Views of the three cameras, read off their pictures: a car is 1.8 m wide, a bus 4.4 m tall. */
const places: readonly Place[] = [
  {
    name: 'junction',
    videos: '09747',
    view: { fov: 34, aspect: 4 / 3, horizon: 0.1, height: 9, at: [0.36, 0.8], heading: 0.25 },
  },
  {
    name: 'lane',
    videos: '09800',
    view: { fov: 34, aspect: 4 / 3, horizon: 0.08, height: 9, at: [0.76, 0.8], heading: -1.15 },
  },
  {
    name: 'bridge',
    videos: '06710',
    view: { fov: 34, aspect: 4 / 3, horizon: 0.07, height: 10, at: [0.42, 0.8], heading: 0.1 },
  },
];

/** Hours of the day whose videos are used, the ones for trucks with room on the road: camera 06710 looks at a wall by day. */
const hours: Record<string, readonly string[]> = {
  '09747': ['18', '09', '12', '03'],
  '09800': ['03', '09', '12', '18'],
  '06710': ['02', '05', '14', '21'],
};

const weatherAt = (hour: string): Weather => ({
  light: Number(hour) > 10 && Number(hour) < 14 ? 'day' : 'overcast',
  rain: false,
  fog: false,
});

interface Story {
  name: string;
  story: StoryName;
  options: (next: () => number) => Partial<StoryOptions> & { duration: number };
}

const stories: readonly Story[] = [
  { name: 'stall', story: 'street', options: () => ({ duration: 44, stalls: 1 }) },
  { name: 'stalls', story: 'street', options: () => ({ duration: 44, stalls: 2, leaves: false }) },
  { name: 'bikes', story: 'bike', options: () => ({ duration: 46, place: 'walkway', left: 6, inBay: 0 }) },
  {
    name: 'truck',
    story: 'gate',
    options: (next) => ({ duration: 46, passes: passesAt(next, [12, 30], [violating, lawful]) }),
  },
];

/** The video's frames at the clip's rate, without the half second with which some begin in grey. */
async function footageOf(ffmpeg: string, file: string): Promise<RealFootage> {
  const filter = `fps=${fps},scale=${size.width}:${size.height}`;
  const { stdout } = await run(
    ffmpeg,
    ['-v', 'error', '-nostdin', '-ss', '0.4', '-i', file, '-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { encoding: 'buffer', maxBuffer: 1 << 29 },
  );
  const bytes = size.width * size.height * 3;
  const frames = Array.from({ length: Math.floor(stdout.length / bytes) }, (_, i) =>
    stdout.subarray(i * bytes, (i + 1) * bytes),
  );
  return { ...size, frames };
}

function encoder(ffmpeg: string, file: string) {
  const input = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'rgb24',
    '-s',
    `${size.width}x${size.height}`,
    '-framerate',
    String(fps),
  ];
  const codec = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '24', '-bf', '0', '-g', String(fps * 4)];
  const arguments_ = ['-v', 'error', '-nostats', '-y', ...input, '-i', '-', ...codec, '-pix_fmt', 'yuv420p', file];
  return spawn(ffmpeg, arguments_, { stdio: ['pipe', 'inherit', 'inherit'] });
}

/** Sum of three even numbers: near enough to normal ones. */
const grainOf = (seed: number) => {
  const next = numbers(seed);
  return () => (next() + next() + next() - 1.5) * 2;
};

interface Order {
  browser: SceneBrowser;
  ffmpeg: string;
  name: string;
  spec: SceneSpec & { real: RealView };
  footage: RealFootage;
  out: string;
  /** A word for the truth's scene. */
  world: string;
}

async function renderComposite({ browser, ffmpeg, name, spec, footage, out, world }: Order): Promise<void> {
  const scene = await browser.open(spec);
  const backdrop = backdropOf(footage);
  const gains = gainsAt(backdrop.still, size.width, size.height, spec.real.at);
  const way = { ...size, backdrop, gains, grain: grainOf(spec.seed) };
  const program = encoder(ffmpeg, join(out, `${name}.mp4`));
  const finished = once(program, 'close');
  const count = Math.round((spec.options?.duration ?? 1) * fps);
  for (let i = 0; i < count; i++) {
    const frame = footage.frames[i % footage.frames.length] as Buffer;
    const { things, shadows, objects } = await browser.layers(i / fps, [size.width, size.height]);
    if (!program.stdin.write(composed(frame, { things, shadows, objects }, way))) await once(program.stdin, 'drain');
  }
  program.stdin.end();
  const [code] = (await finished) as [number];
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${name}.mp4`);
  const truth = clipTruth({ name, spec, fps, cameraId: name }, scene);
  const named = { ...truth, scene: { ...truth.scene, world, composite: true } };
  await writeFile(join(out, `${name}.truth.json`), `${JSON.stringify(named, null, 2)}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      videos: { type: 'string' },
      out: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const { videos, out } = values;
  if (!videos || !out) throw new Error('composite-clips.ts --videos DIR --out DIR [--only NAME,…] [--seed N]');
  await mkdir(out, { recursive: true });
  const { path: ffmpeg } = await findFfmpeg();
  const files = (await readdir(videos)).sort();
  const browser = await launchScenes({ ...drawn, layers: true });
  let seed = Number(values.seed ?? 7000);
  try {
    for (const place of places)
      for (const [i, hour] of (hours[place.videos] ?? []).entries()) {
        seed++;
        const { name: kind, story, options } = stories[(i + places.indexOf(place)) % stories.length] as Story;
        const name = `real-${place.name}-${kind}-${hour}`;
        const file = files.find((one) => one.startsWith(`${place.videos}-${hour}`));
        if (!file || (values.only && !values.only.split(',').includes(name))) continue;
        const chosen = { weather: weatherAt(hour), negatives: [], ...options(numbers(seed)) };
        const spec = { story, seed, options: chosen, real: place.view };
        const footage = await footageOf(ffmpeg, join(videos, file));
        await renderComposite({ browser, ffmpeg, name, spec, footage, out, world: `real-${place.name}` });
        process.stdout.write(`${name}\n`);
      }
  } finally {
    await browser.close();
  }
}

await main();
