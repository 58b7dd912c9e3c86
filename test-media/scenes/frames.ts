// Frames out of rendered clips, with their labels, to score boxes without a card's thresholds: `tsx test-media/scenes/frames.ts CLIPS OUT [--every 5]`, each fifth frame by default.
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parseTruth } from '../../evaluation/truth.ts';

const run = promisify(execFile);

type Wanted = { readonly clips: string; readonly out: string; readonly every: number };

/** Lines of labels.jsonl, as `dataset.ts` writes them. */
async function framesOf(name: string, { clips, out, every }: Wanted): Promise<string[]> {
  const file = join(clips, name);
  const { clip, boxes, scene } = parseTruth(JSON.parse(await readFile(file, 'utf8')), file);
  if (boxes === undefined) return [];
  const lines = (await readFile(join(clips, boxes), 'utf8')).split('\n').filter(Boolean);
  const id = basename(clip, '.mp4');
  const chosen = ['-vf', `select=not(mod(n\\,${every}))`, '-fps_mode', 'passthrough', '-q:v', '2'];
  await run('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    '-i',
    join(clips, clip),
    ...chosen,
    join(out, `${id}-%04d.jpg`),
  ]);
  return lines.flatMap((line, n) => {
    if (n % every !== 0) return [];
    const frame = `${id}-${String(n / every + 1).padStart(4, '0')}.jpg`;
    const { objects } = JSON.parse(line) as { objects: unknown[] };
    return [JSON.stringify({ file: frame, story: 'clip', ...scene, objects })];
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { every: { type: 'string' } } });
  const [clips, out] = positionals;
  const every = Number(values.every ?? 5);
  if (!clips || !out || !Number.isInteger(every) || every < 1) throw new Error('frames.ts CLIPS OUT [--every FRAMES]');
  await mkdir(out, { recursive: true });
  const labels: string[] = [];
  for (const name of (await readdir(clips)).filter((file) => file.endsWith('.truth.json')).sort())
    labels.push(...(await framesOf(name, { clips, out, every })));
  await writeFile(join(out, 'labels.jsonl'), `${labels.join('\n')}\n`);
}

await main();
