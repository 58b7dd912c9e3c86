/** P3: processor time of a busy 1080p camera at 5 fps, against FFmpeg decoding it plus bare runs of the model. */
import { join } from 'node:path';
import { openBareModel } from './bare-inference.ts';
import { runCost } from './cost/run-cost.ts';
import { interleave } from './interleave.ts';
import { type BenchPicture, CLIP_SECONDS, full, type Media, openMedia } from './media.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { type LineRun, replayCost } from './replay-cost.ts';
import { type BenchRow, measuredRow } from './row.ts';

const ROUNDS = 3;
const SHORT = 1;
const LONG = 4;
const SECONDS = (LONG - SHORT) * CLIP_SECONDS;
const FPS = 5;
const BARE_MS = 2000;
const LIMIT = 1.05;

type Cost = { readonly decoding: number; readonly inference: number; readonly line: LineRun | null };

async function measure(options: BenchOptions, media: Media, picture: BenchPicture, what: string): Promise<BenchRow> {
  const clips = { short: media.clip(picture, full, SHORT), long: media.clip(picture, full, LONG) };
  const model = options.own.defaultModel;
  const bare = await openBareModel(join(options.own.dir, 'models', model), media, clips.short);
  const decode = (clip: string) => runCost({ command: media.ffmpeg.path, args: media.decoding(['-i', clip], false) });
  const ceiling = async (): Promise<Cost> => {
    const short = await decode(clips.short);
    const decoding = (await decode(clips.long)).cpuSeconds - short.cpuSeconds;
    return { decoding, inference: (await bare.run(BARE_MS)).cpuSeconds, line: null };
  };
  try {
    const [bounds = [], ...lines] = await interleave<Cost>(
      [
        { name: `${what}: FFmpeg decoding, bare ONNX Runtime`, run: ceiling },
        ...checkoutsOf(options).map((checkout) => ({
          name: `${what}: ${checkout.name}`,
          run: async () => {
            const line = await replayCost(checkout, { ...clips, model, cadence: FPS });
            return { decoding: 0, inference: 0, line };
          },
        })),
      ],
      ROUNDS,
    );
    return busyRow({ what, model, bounds, lines: lines.map((runs) => runs.flatMap(({ line }) => line ?? [])) });
  } finally {
    await bare.close();
  }
}

type Runs = {
  readonly what: string;
  readonly model: string;
  readonly bounds: readonly Cost[];
  readonly lines: readonly (readonly LineRun[])[];
};

function busyRow({ what, model, bounds, lines: [ours = [], others] }: Runs): BenchRow {
  const cpu = (runs: readonly LineRun[]) => runs.map((run) => run.cpuSeconds / SECONDS);
  /** What the inferences of these very runs would cost alone, and the decoding. */
  const ceilings = (runs: readonly LineRun[]) =>
    runs.map((run, round) => {
      const bound = bounds[round] as Cost;
      return (bound.decoding + run.inferred * bound.inference) / SECONDS;
    });
  const decoding = (bounds[0] as Cost).decoding / SECONDS;
  return measuredRow({
    id: 'P3',
    figure: `CPU of a busy 1080p camera at ${FPS} fps, ${what}`,
    unit: 'CPU-s a second',
    values: cpu(ours),
    ceiling: { what: 'FFmpeg child decoding it + bare inference of the frames passed', values: ceilings(ours) },
    against: others ? { values: cpu(others), ceilings: ceilings(others) } : null,
    aim: `≤ ${LIMIT} ×`,
    met: ({ ratio }) => ratio !== null && ratio <= LIMIT,
    note: `${ours[0]?.frames} frames, ${ours[0]?.inferred} inferences of ${model}; decoding alone ${decoding.toFixed(3)}`,
  });
}

/** P3 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const media = await openMedia();
  try {
    return [
      await measure(options, media, 'busy', 'a shipped scene'),
      await measure(options, media, 'busy-pattern', 'a pattern'),
    ];
  } finally {
    media.close();
  }
}
