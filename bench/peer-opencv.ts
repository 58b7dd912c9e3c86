/** PEER: a busy 1080p camera at 5 fps, the product against the script that a user would write with OpenCV. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../platform/paths.ts';
import { runCost } from './cost/run-cost.ts';
import { interleave } from './interleave.ts';
import { CLIP_SECONDS, full, openMedia } from './media.ts';
import type { BenchOptions } from './options.ts';
import { replayCost } from './replay-cost.ts';
import { type BenchRow, measuredRow } from './row.ts';
import { runsOf } from './runs-of.ts';

const ROUNDS = 3;
const SHORT = 1;
const LONG = 4;
const SECONDS = (LONG - SHORT) * CLIP_SECONDS;
const FPS = 5;
const LIMIT = 0.25;
/** As wide as our own models' input, and one that cv2.dnn loads. */
const PEER_MODEL = { name: 'yolox-nano', file: 'yolox_nano_416.onnx' };
const FIGURE = `CPU of a busy 1080p camera at ${FPS} fps, the product over a user’s OpenCV script`;

function findPython(): string | null {
  for (const python of ['python3', '/usr/bin/python3']) {
    try {
      execFileSync(python, ['-c', 'import cv2, numpy'], { stdio: 'ignore' });
      return python;
    } catch {
      // The next one may have it.
    }
  }
  return null;
}

function skipped(why: string): BenchRow[] {
  process.stderr.write(`PEER IS SKIPPED: ${why}\n`);
  const note = `SKIPPED: ${why}`;
  return [
    {
      id: 'PEER',
      figure: FIGURE,
      value: Number.NaN,
      unit: '',
      ceiling: null,
      ratio: null,
      aim: `≤ ${LIMIT} ×`,
      met: null,
      note,
    },
  ];
}

/** PEER of docs/bench.md: a script with OpenCV and ByteTrack on the same clip. */
export async function run({ own }: BenchOptions): Promise<BenchRow[]> {
  const python = findPython();
  if (!python) return skipped('Python with OpenCV is not here (apt: python3-opencv)');
  const model = join(own.dir, 'models', PEER_MODEL.name, PEER_MODEL.file);
  if (!existsSync(model)) return skipped(`kerbwatch models pull ${PEER_MODEL.name} --from DIR|URL brings its model`);
  const script = join(packageRoot(), 'bench', 'peer', 'user_script.py');
  const media = await openMedia();
  const clips = { short: media.clip('busy', full, SHORT), long: media.clip('busy', full, LONG) };
  const peer = (clip: string) => runCost({ command: python, args: [script, clip, model, String(FPS)] });
  try {
    const results = await interleave<number>(
      [
        {
          name: 'a user’s OpenCV script',
          run: async () => {
            const short = await peer(clips.short);
            return ((await peer(clips.long)).cpuSeconds - short.cpuSeconds) / SECONDS;
          },
        },
        {
          name: own.name,
          run: async () =>
            (await replayCost(own, { ...clips, model: own.defaultModel, cadence: FPS })).cpuSeconds / SECONDS,
        },
      ],
      ROUNDS,
    );
    return [
      measuredRow({
        id: 'PEER',
        figure: FIGURE,
        unit: 'CPU-s a second',
        ...runsOf(results)((cost) => cost, `OpenCV capture, cv2.dnn with ${PEER_MODEL.name}, tracker by overlap`),
        aim: `≤ ${LIMIT} ×`,
        met: ({ ratio }) => ratio !== null && ratio <= LIMIT,
        note: `ours with ${own.defaultModel}, also 416 wide; the shipped scene`,
      }),
    ];
  } finally {
    media.close();
  }
}
