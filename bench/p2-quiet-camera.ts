/** P2: processor time of a quiet 1080p camera at keyframe cadence, against FFmpeg decoding its keyframes alone. */
import { runCost } from './cost/run-cost.ts';
import { interleave } from './interleave.ts';
import { type BenchPicture, CLIP_SECONDS, full, type Media, openMedia } from './media.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { replayCost } from './replay-cost.ts';
import { type BenchRow, measuredRow } from './row.ts';
import { runsOf } from './runs-of.ts';

const ROUNDS = 5;
const SHORT = 3;
const LONG = 33;
const SECONDS = (LONG - SHORT) * CLIP_SECONDS;
const LIMIT = 0.9;

/** CPU seconds of a second, decoding alone: a long run less a short one, as the product is measured. */
async function decodingCost(media: Media, clips: { short: string; long: string }) {
  const cost = (clip: string) =>
    runCost({ command: media.ffmpeg.path, args: media.decoding(['-i', clip], true) }).then((ran) => ran.cpuSeconds);
  const short = await cost(clips.short);
  return { cpuSeconds: ((await cost(clips.long)) - short) / SECONDS, frames: 0, inferred: 0 };
}

async function measure(options: BenchOptions, media: Media, picture: BenchPicture, what: string): Promise<BenchRow> {
  const clips = { short: media.clip(picture, full, SHORT), long: media.clip(picture, full, LONG) };
  const model = options.own.defaultModel;
  const results = await interleave(
    [
      { name: `${what}: FFmpeg decoding`, run: () => decodingCost(media, clips) },
      ...checkoutsOf(options).map((checkout) => ({
        name: `${what}: ${checkout.name}`,
        run: async () => {
          const ran = await replayCost(checkout, { ...clips, model, cadence: 'keyframes' });
          return { ...ran, cpuSeconds: ran.cpuSeconds / SECONDS };
        },
      })),
    ],
    ROUNDS,
  );
  const ours = results[1]?.[0];
  return measuredRow({
    id: 'P2',
    figure: `CPU of a quiet 1080p camera, keyframes each 2 s, ${what}`,
    unit: 'CPU-s a second',
    ...runsOf(results)((cost) => cost.cpuSeconds, 'FFmpeg child decoding its keyframes'),
    aim: `≤ ${LIMIT} ×`,
    met: ({ ratio }) => ratio !== null && ratio <= LIMIT,
    note: `${ours?.frames} keyframes, ${ours?.inferred} inferences of ${model}`,
  });
}

/** P2 of docs/bench.md. */
export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const media = await openMedia();
  try {
    return [
      await measure(options, media, 'quiet', 'a street at rest'),
      await measure(options, media, 'quiet-pattern', 'a pattern at rest'),
    ];
  } finally {
    media.close();
  }
}
