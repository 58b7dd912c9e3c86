/** Frames out of rendered clips, with their labels, to score boxes without a card's thresholds: `tsx test-media/scenes/frames.ts CLIPS OUT [--every 5]`, each fifth frame by default. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parseBoxes, parseTruth } from '../../evaluation/truth/truth.ts';
import { type Ffmpeg, findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { timingArguments } from './timing-arguments.ts';

const run = promisify(execFile);

/** Lines of labels.jsonl, as `dataset.ts` writes them. */
async function framesOf(truthFile: string, ffmpeg: Ffmpeg, out: string, every: number): Promise<string[]> {
  const truth = parseTruth(JSON.parse(await readFile(truthFile, 'utf8')), truthFile);
  if (truth.boxes === undefined) return [];
  const boxes = join(truthFile, '..', truth.boxes);
  const frames = parseBoxes(await readFile(boxes, 'utf8'), boxes);
  const id = basename(truth.clip, '.mp4');
  const input = ['-v', 'error', '-nostdin', '-y', '-i', join(truthFile, '..', truth.clip)];
  const chosen = ['-vf', `select=not(mod(n\\,${every}))`, ...timingArguments(ffmpeg.libavcodec), '-q:v', '2'];
  await run(ffmpeg.path, [...input, ...chosen, join(out, `${id}-%04d.jpg`)]);
  return frames.flatMap(({ objects }, n) => {
    if (n % every !== 0) return [];
    const frame = `${id}-${String(n / every + 1).padStart(4, '0')}.jpg`;
    return [JSON.stringify({ file: frame, story: 'clip', ...truth.scene, objects })];
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { every: { type: 'string' } } });
  const [clips, out] = positionals;
  const every = Number(values.every ?? 5);
  if (!clips || !out || !Number.isInteger(every) || every < 1) throw new Error('frames.ts CLIPS OUT [--every FRAMES]');
  await mkdir(out, { recursive: true });
  const ffmpeg = await findFfmpeg();
  const labels: string[] = [];
  const truths = (await readdir(clips)).filter((name) => name.endsWith('.truth.json')).sort();
  for (const name of truths) labels.push(...(await framesOf(join(clips, name), ffmpeg, out, every)));
  await writeFile(join(out, 'labels.jsonl'), `${labels.join('\n')}\n`);
}

await main();
