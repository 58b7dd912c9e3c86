/** P1: frames a second through the whole edge line with the gate off, against a bare ONNX Runtime loop of the same model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { loadClips } from '../demo/clips.ts';
import { createInference } from '../edge/inference/index.ts';
import { readCard } from '../edge/inference/read-card.ts';
import { sessionOptions } from '../edge/inference/session.ts';
import { replayClip } from '../edge/replay.ts';
import { createLog } from '../platform/log.ts';
import { packageRoot } from '../platform/paths.ts';
import type { BenchRow } from './row.ts';

const MODEL = join(packageRoot(), 'models', 'kerb-s');
const AIM = 0.95;
const BARE_MS = 4000;
/** Cameras beside each other: while one waits for its boxes, another decodes, as on a node. */
const CAMERAS = 2;

/** Nothing but the runtime: one input filled once, one session, one thread, run again and again. */
async function bareLoop(): Promise<number> {
  const { file, input } = await readCard(MODEL);
  const session = await InferenceSession.create(readFileSync(join(MODEL, file)), sessionOptions);
  const { width, height } = input;
  const pixels = new Uint8Array(3 * width * height).map((_, i) => (i * 7919) % 256);
  const feeds = { [input.name]: new Tensor('uint8', pixels, [1, height, width, 3]) };
  for (let i = 0; i < 10; i++) await session.run(feeds);
  let frames = 0;
  const start = performance.now();
  while (performance.now() - start < BARE_MS) {
    await session.run(feeds);
    frames += 1;
  }
  const rate = (frames * 1000) / (performance.now() - start);
  await session.release();
  return rate;
}

/** Every frame of the clips through source, model, tracker, rules, evidence and outbox, on one inference thread. */
async function edgeLine(): Promise<number> {
  const log = createLog({ level: 'warn' });
  const inference = createInference({ workers: 1, log });
  try {
    const detector = await inference.loadDetector(MODEL);
    const start = performance.now();
    const runs = loadClips()
      .slice(0, CAMERAS)
      .map(async ({ file, truth }) => {
        const { id, kind, zones } = truth.camera;
        const camera = { id, kind, zones, source: { url: file, cadence: truth.fps }, gate: { enabled: false } };
        return replayClip({ clip: file, camera, node: 'bench', modelDir: MODEL, detector, log });
      });
    const frames = (await Promise.all(runs)).reduce((sum, replay) => sum + replay.inferred, 0);
    return (frames * 1000) / (performance.now() - start);
  } finally {
    await inference.close();
  }
}

export async function run(): Promise<BenchRow[]> {
  const before = await bareLoop();
  const value = await edgeLine();
  const ceiling = (before + (await bareLoop())) / 2;
  const ratio = value / ceiling;
  return [
    {
      id: 'P1',
      figure: `whole edge line, gate off, ${CAMERAS} cameras`,
      value,
      unit: 'frames/s',
      ceiling: { what: 'bare ONNX Runtime, one thread', value: ceiling },
      ratio,
      aim: `≥ ${AIM}`,
      met: ratio >= AIM,
      note: 'start of the decoders included',
    },
  ];
}
