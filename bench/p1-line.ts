/** P1: the whole line with the gate off, on one inference thread, against a bare ONNX Runtime loop of the same model. */
import { join } from 'node:path';
import { openBareModel } from './bare-inference.ts';
import type { Checkout } from './checkout.ts';
import { interleave } from './interleave.ts';
import { type Media, openMedia, type Size } from './media.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { type LineRun, replayCost } from './replay-cost.ts';
import { type BenchRow, measuredRow } from './row.ts';
import { runsOf } from './runs-of.ts';

const ROUNDS = 3;
const BARE_MS = 4000;
const AIM = 0.95;
/** A sub-stream, every frame of it inferred. */
const stream: Size = { width: 640, height: 360, fps: 10, bitrate: '400k' };
const SHORT = 1;
const LONG = 6;

type Figure = { readonly framesPerSecond: number; readonly cpuSeconds: number };

async function lineOf(checkout: Checkout, media: Media, model: string): Promise<Figure> {
  const [short, long] = [media.clip('busy', stream, SHORT), media.clip('busy', stream, LONG)];
  const run: LineRun = await replayCost(checkout, { model, short, long, cadence: stream.fps, gate: false });
  return { framesPerSecond: run.inferred / run.wallSeconds, cpuSeconds: run.cpuSeconds / run.inferred };
}

/** P1 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const media = await openMedia();
  const { own } = options;
  const model = own.defaultModel;
  const bare = await openBareModel(join(own.dir, 'models', model), media, media.clip('busy', stream, SHORT));
  try {
    const results = await interleave<Figure>(
      [
        { name: 'bare ONNX Runtime', run: () => bare.run(BARE_MS) },
        ...checkoutsOf(options).map((each) => ({ name: each.name, run: () => lineOf(each, media, model) })),
      ],
      ROUNDS,
    );
    const of = runsOf(results);
    const note = `${model}, 640×360 at 10 frames a second; start and model loading excluded`;
    return [
      measuredRow({
        id: 'P1',
        figure: 'whole line, gate off, one inference thread',
        unit: 'frames/s',
        ...of((figure) => figure.framesPerSecond, 'bare ONNX Runtime, one thread'),
        aim: `≥ ${AIM}`,
        met: ({ ratio }) => ratio !== null && ratio >= AIM,
        note,
      }),
      measuredRow({
        id: 'P1',
        figure: 'whole line, CPU of a frame',
        unit: 'CPU-s',
        ...of((figure) => figure.cpuSeconds, 'bare ONNX Runtime, one thread'),
        aim: '—',
        met: () => null,
        note,
      }),
    ];
  } finally {
    await bare.close();
    media.close();
  }
}
