/** What P2 and P3 share: a 1080p camera as a clip, the whole edge line on it, and processor time of all that ran. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CameraConfig } from '../edge/config.ts';
import type { Detector } from '../edge/domain/detector.ts';
import { createInference } from '../edge/inference/index.ts';
import { sessionOptions } from '../edge/inference/session.ts';
import { type Replay, replayClip } from '../edge/replay.ts';
import { type Ffmpeg, findFfmpeg } from '../platform/find-ffmpeg.ts';
import { createLog } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';

const MODEL = join(packageRoot(), 'models', 'kerb-s');
/** Fields 14 to 17 of /proc/self/stat: user and system ticks of this process and of the children that have ended. */
const TICKS_A_SECOND = 100;

/** CPU seconds of this process, all its threads, and its children that have ended. */
export function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / TICKS_A_SECOND;
}

/** CPU seconds of `work`. */
export async function costOf<T>(work: () => Promise<T> | T): Promise<{ seconds: number; result: T }> {
  const before = cpuSeconds();
  const result = await work();
  return { seconds: cpuSeconds() - before, result };
}

export type CameraBench = {
  readonly folder: string;
  readonly ffmpeg: Ffmpeg;
  /** A 1080p25 clip, a keyframe each 2 s, about 3 Mb/s, of this FFmpeg picture source, played `times` times over. */
  readonly clip: (source: string, seconds: number, times: number) => string;
  /** The whole edge line on a clip. */
  readonly line: (clip: string, cadence: 'keyframes' | number, forcedLookSeconds: number) => Promise<Replay>;
  /** FFmpeg decoding on one thread into nothing. */
  readonly decode: (clip: string, options: readonly string[]) => void;
  /** CPU seconds of one bare run of the model. */
  readonly bareInference: () => Promise<number>;
  readonly close: () => Promise<void>;
};

export async function openCameraBench(): Promise<CameraBench> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const ffmpeg = await findFfmpeg();
  const log = createLog({ level: 'error' });
  const inference = createInference({ workers: 1, log });
  const detector: Detector = await inference.loadDetector(MODEL);
  const run = (args: readonly string[]) => execFileSync(ffmpeg.path, ['-v', 'error', '-nostdin', '-y', ...args]);
  return {
    folder,
    ffmpeg,
    clip(source, seconds, times) {
      const [once, whole] = [join(folder, 'once.mp4'), join(folder, 'whole.mp4')];
      const coding = ['-c:v', 'libx264', '-preset', 'superfast', '-b:v', '3M', '-g', '50', '-pix_fmt', 'yuv420p'];
      run(['-f', 'lavfi', '-i', source, '-t', String(seconds), '-r', '25', ...coding, once]);
      run(['-stream_loop', String(times - 1), '-i', once, '-c', 'copy', whole]);
      return whole;
    },
    line(clip, cadence, forcedLookSeconds) {
      const polygon: [number, number][] = [
        [0.05, 0.3],
        [0.95, 0.3],
        [0.95, 0.95],
        [0.05, 0.95],
      ];
      const camera: CameraConfig = {
        id: 'bench',
        kind: 'street',
        source: { url: clip, cadence },
        zones: [{ id: 'kerb', kind: 'road-stall', polygon }],
        gate: { forcedLookSeconds },
      };
      return replayClip({ clip, camera, node: 'bench', modelDir: MODEL, detector, log });
    },
    decode: (clip, options) => {
      run(['-threads', '1', ...options, '-i', clip, '-map', '0:v:0', '-f', 'null', '-']);
    },
    async bareInference() {
      const session = await InferenceSession.create(join(MODEL, 'model.onnx'), sessionOptions);
      const feeds: Record<string, Tensor> = {};
      for (const input of session.inputMetadata) {
        if (!input.isTensor) continue;
        const shape = input.shape.map((side) => (typeof side === 'number' && side > 0 ? side : 1));
        const count = shape.reduce((product, side) => product * side, 1);
        const data = input.type === 'uint8' ? new Uint8Array(count) : new Float32Array(count);
        feeds[input.name] =
          input.type === 'uint8'
            ? new Tensor('uint8', data as Uint8Array, shape)
            : new Tensor('float32', data as Float32Array, shape);
      }
      const runs = 100;
      await session.run(feeds);
      const { seconds } = await costOf(async () => {
        for (let i = 0; i < runs; i++) await session.run(feeds);
      });
      await session.release();
      return seconds / runs;
    },
    async close() {
      await detector.close();
      await inference.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
