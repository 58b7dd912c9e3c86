/** ONNX Runtime and nothing else: the model on pixels of real frames, one session, one thread, again and again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createFill, sessionOptions } from '../edge/inference/session.ts';
import { readCard, specOf } from '../edge/models/read-card.ts';
import type { Media } from './media.ts';

export type BareRun = {
  /** CPU seconds of one run. */
  readonly cpuSeconds: number;
  readonly framesPerSecond: number;
};

export type BareModel = {
  /** Runs for about so long, ms. */
  readonly run: (ms: number) => Promise<BareRun>;
  readonly close: () => Promise<void>;
};

const PICTURES = 8;
const WARM_UP = 10;

/** Frames of `clip` at the model's size, one each two seconds. */
function picturesOf(media: Media, clip: string, width: number, height: number): Uint8Array[] {
  const filter = `fps=0.5,scale=${width}:${height}`;
  const raw = ['-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'];
  const bytes = execFileSync(
    media.ffmpeg.path,
    ['-v', 'error', '-nostdin', '-i', clip, '-vf', filter, '-frames:v', String(PICTURES), ...raw],
    { maxBuffer: 1 << 26 },
  );
  const size = 3 * width * height;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/**
 * A model in ONNX Runtime with nothing around it: one thread, pictures of `clip` filled in beforehand. Its time is
 * the ceiling of ours.
 */
export async function openBareModel(modelDir: string, media: Media, clip: string): Promise<BareModel> {
  const { file, input } = specOf(await readCard(modelDir));
  const { width, height, layout } = input;
  const session = await InferenceSession.create(readFileSync(join(modelDir, file)), sessionOptions);
  const feeds = picturesOf(media, clip, width, height).map((pixels) => {
    const data = input.type === 'uint8' ? new Uint8Array(pixels.length) : new Float32Array(pixels.length);
    createFill(input, data)(pixels);
    const dims = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
    return { [input.name]: new Tensor(input.type, data, dims) };
  });
  const runOne = (at: number) => session.run(feeds[at % feeds.length] as Record<string, Tensor>);
  for (let i = 0; i < WARM_UP; i++) await runOne(i);
  return {
    async run(ms) {
      const cpu = process.cpuUsage();
      const began = performance.now();
      let frames = 0;
      while (performance.now() - began < ms) await runOne(frames++);
      const { user, system } = process.cpuUsage(cpu);
      return {
        cpuSeconds: (user + system) / 1e6 / frames,
        framesPerSecond: (frames * 1000) / (performance.now() - began),
      };
    },
    close: () => session.release(),
  };
}
