/** `kerbwatch track`: the tracker alone, MOTChallenge text in and out. */
import type { Command } from 'commander';

type Options = { detections: string; out?: string; fps: string; json?: boolean };

async function readDetections(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const { AppError } = await import('../../platform/app-error.ts');
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AppError('TRACK_FORMAT', `${path} cannot be read`, { cause });
  }
}

/** The result goes beside what it was made from, never over it. */
async function writeTracks(path: string, text: string, from: string): Promise<void> {
  const { resolve } = await import('node:path');
  const { AppError } = await import('../../platform/app-error.ts');
  const { writeResult } = await import('../support/write-result.ts');
  if (resolve(path) === resolve(from)) throw new AppError('CLI_WRITE', `--out ${path} is the file of the detections`);
  await writeResult('--out', path, text);
}

const MAX_FPS = 1000;

async function track(options: Options): Promise<void> {
  const { AppError } = await import('../../platform/app-error.ts');
  const { formatMot, parseMot } = await import('../../evaluation/truth/mot-file.ts');
  const { trackRows } = await import('../../evaluation/run/track-file.ts');
  const fps = Number(options.fps);
  if (!(fps > 0 && fps <= MAX_FPS)) {
    throw new AppError('CFG_INVALID', `--fps ${options.fps} is not a number above 0, ${MAX_FPS} at most`);
  }
  const parsed = parseMot(await readDetections(options.detections));
  if ('fault' in parsed) {
    throw new AppError('TRACK_FORMAT', `${options.detections}, line ${parsed.fault.line}: ${parsed.fault.message}`);
  }
  const rows = trackRows(parsed.rows, fps);
  const text = rows.map((row) => `${formatMot(row)}\n`).join('');
  if (options.out) await writeTracks(options.out, text, options.detections);
  const summary = {
    detections: parsed.rows.length,
    boxes: rows.length,
    tracks: new Set(rows.map((row) => row.id)).size,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else if (options.out) process.stdout.write(`${summary.boxes} boxes of ${summary.tracks} tracks: ${options.out}\n`);
  else process.stdout.write(text);
}

export function registerTrack(program: Command): void {
  program
    .command('track')
    .description('give detections an identity, with the tracker that cameras run: MOTChallenge text in and out')
    .requiredOption('--detections <file>', 'det.txt: frame,id,x,y,w,h,score,… in pixels')
    .option('--out <file>', 'write the result here (default: stdout)')
    .option('--fps <number>', 'frames a second of the sequence', '25')
    .option('--json', 'print a summary as JSON on stdout')
    .action(track);
}
