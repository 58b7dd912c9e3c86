/** FFmpeg children that decode the keyframes of a fleet's streams and do nothing else: what decoding alone costs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchCamera } from '../checkout.ts';
import { costOf, cpuOf } from '../cost/tree-cost.ts';
import type { Media } from '../media.ts';

export type BareDecoders = { readonly cpuPerSecond: number; readonly pssMiB: number };

/** A server that many clients ask in one second is slow to answer all. */
const BETWEEN_STARTS_MS = 100;
/** FFmpeg reads a stream for five seconds before it begins. */
const SETTLE_MS = 12_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function inputOf({ url, loop }: BenchCamera): string[] {
  if (url.startsWith('rtsp:')) return ['-rtsp_transport', 'tcp', '-i', url];
  return ['-re', ...(loop ? ['-stream_loop', '-1'] : []), '-i', url];
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** One FFmpeg a camera that decodes keyframes and does nothing with them: the ceiling of a fleet. */
export async function runBareDecoders(
  cameras: readonly BenchCamera[],
  media: Media,
  seconds: number,
): Promise<BareDecoders> {
  const children: ChildProcess[] = [];
  try {
    for (const camera of cameras) {
      children.push(spawn(media.ffmpeg.path, media.decoding(inputOf(camera), true), { stdio: 'ignore' }));
      await pause(BETWEEN_STARTS_MS);
    }
    await pause(SETTLE_MS);
    const pids = children.flatMap(({ pid }) => pid ?? []);
    const [cpu, began] = [cpuOf(pids), performance.now()];
    await pause(seconds * 1000);
    const over = (performance.now() - began) / 1000;
    const cost = costOf(pids);
    if (cost.processes < cameras.length) {
      throw new Error(`${cameras.length - cost.processes} of ${cameras.length} bare decoders have ended`);
    }
    return { cpuPerSecond: (cost.cpuSeconds - cpu) / over, pssMiB: cost.pssMiB };
  } finally {
    await Promise.all(children.map(stop));
  }
}
