/** What one more second of a camera costs the product: a long replay less a short one, each a process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchCamera, Checkout } from './checkout.ts';
import { type RunCost, runCost } from './cost/run-cost.ts';
import { wideZone } from './media.ts';

export type LineRun = {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Frames that went through the line, and those that were inferred. */
  readonly frames: number;
  readonly inferred: number;
};

export type ReplayOrder = Pick<BenchCamera, 'cadence' | 'gate'> & {
  readonly model: string;
  readonly short: string;
  readonly long: string;
};

/** The line that `replay` ends with on stderr; builds of all ages print it. */
export function parseReplay(err: string): { frames: number; inferred: number } {
  const found = /(\d+) frames, (\d+) looked at by the model/.exec(err);
  if (!found) throw new Error(`replay did not say how many frames it saw: ${err.slice(-500)}`);
  return { frames: Number(found[1]), inferred: Number(found[2]) };
}

/** Long less short. Start, loading of the model and the end fall out, and most of the warm-up. */
export async function replayCost(checkout: Checkout, order: ReplayOrder): Promise<LineRun> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const { cadence, gate, model } = order;
  const once = async (clip: string): Promise<RunCost & { frames: number; inferred: number }> => {
    const camera: BenchCamera = {
      id: 'bench',
      zones: [wideZone],
      url: clip,
      cadence,
      ...(gate === false ? { gate } : {}),
    };
    const node = { folder, cameras: [camera], model, mqtt: 'mqtt://127.0.0.1:9', evidence: 'http://127.0.0.1:9' };
    const args = ['replay', clip, '--config', checkout.configure(node), '--camera', camera.id];
    const cost = await runCost(checkout.program(args));
    return { ...cost, ...parseReplay(cost.err) };
  };
  try {
    const short = await once(order.short);
    const long = await once(order.long);
    return {
      cpuSeconds: long.cpuSeconds - short.cpuSeconds,
      wallSeconds: long.wallSeconds - short.wallSeconds,
      frames: long.frames - short.frames,
      inferred: long.inferred - short.inferred,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
