/** How fast a model is on this machine. */
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { modelInputOf } from '../detectors/fill-tensor.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import { placementOf } from '../domain/placement.ts';
import { roundTo } from '../geometry/numbers.ts';
import type { LicenceAnswer } from '../models/licence.ts';
import { readModel } from '../models/load-model.ts';
import { type ModelSession, openSession, runtimeMessage } from './session.ts';

/** Of many runs, ms. */
export type Times = { readonly min: number; readonly median: number; readonly p95: number };
export type Timing = {
  readonly threads: number;
  /** Pixels in, boxes out. */
  readonly frameMs: Times;
  /** What of it JavaScript does before the graph runs: pixels into the input. */
  readonly preprocessMs: Times;
  /** What of it JavaScript does after: boxes out of the outputs. */
  readonly decodeMs: Times;
};

const WARM_UP = 5;

function timesOf(values: readonly number[]): Times {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => roundTo(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0, 3);
  return { min: at(0), median: at(0.5), p95: at(0.95) };
}

async function timeSession(session: ModelSession, spec: ModelSpec, frames: number): Promise<Omit<Timing, 'threads'>> {
  const input = modelInputOf(spec.input);
  const { width, height } = input;
  const pixels = new Uint8Array(3 * width * height).map((_, i) => (i * 7919) % 256);
  const placement = placementOf(input, width, height);
  const [whole, before, after]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < frames + WARM_UP; i++) {
    const start = performance.now();
    session.steps.fill(pixels);
    const filled = performance.now();
    const outputs = await session.steps.infer();
    const inferred = performance.now();
    session.steps.decode(outputs, placement);
    const end = performance.now();
    if (i < WARM_UP) continue;
    whole.push(end - start);
    before.push(filled - start);
    after.push(end - inferred);
  }
  return { frameMs: timesOf(whole), preprocessMs: timesOf(before), decodeMs: timesOf(after) };
}

/** Times of a frame with so many threads inside the runtime. Throws EDGE_MODEL_*. */
export async function measureModel(
  modelDir: string,
  options: LicenceAnswer & { readonly threads: readonly number[]; readonly frames?: number },
): Promise<Timing[]> {
  const { spec, bytes } = await readModel(modelDir, options);
  const timings: Timing[] = [];
  for (const threads of options.threads) {
    const session = await openSession(spec, new Uint8Array(bytes).slice(), threads).catch((cause: unknown) => {
      throw new AppError('EDGE_MODEL_LOAD', `${join(modelDir, spec.file)}: ${runtimeMessage(cause)}`, { cause });
    });
    try {
      timings.push({ threads, ...(await timeSession(session, spec, options.frames ?? 50)) });
    } finally {
      await session.close();
    }
  }
  return timings;
}
