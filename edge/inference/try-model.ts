/** Does a model work here, and how fast is it? */
import { createLog } from '../../platform/log.ts';
import type { Detector } from '../domain/detector.ts';
import { createInference } from './index.ts';

async function withDetector<T>(modelDir: string, use: (detector: Detector) => Promise<T>): Promise<T> {
  const inference = createInference({ workers: 1, log: createLog({ level: 'warn' }), acceptAgpl: true });
  try {
    return await use(await inference.loadDetector(modelDir));
  } finally {
    await inference.close();
  }
}

/** Throws what loading throws: EDGE_MODEL_CARD, EDGE_MODEL_HASH, EDGE_MODEL_LOAD, EDGE_MODEL_SHAPE. */
export function verifyModel(modelDir: string): Promise<{ readonly version: string; readonly sha256: string }> {
  return withDetector(modelDir, async ({ ref }) => ({ version: ref.version, sha256: ref.sha256 }));
}

/** Median time of a frame on one thread, pixels in and boxes out, ms. */
export function measureModel(
  modelDir: string,
  frames = 50,
): Promise<{ readonly medianMs: number; readonly framesPerSecond: number }> {
  return withDetector(modelDir, async (detector) => {
    const { width, height } = detector.input;
    const pixels = new Uint8Array(3 * width * height).map((_, i) => (i * 7919) % 256);
    const times: number[] = [];
    for (let i = 0; i < frames + 5; i++) {
      const start = performance.now();
      await detector.detect(pixels, { width, height });
      // The first few warm the caches.
      if (i >= 5) times.push(performance.now() - start);
    }
    const medianMs = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    return { medianMs: Number(medianMs.toFixed(2)), framesPerSecond: Number((1000 / medianMs).toFixed(1)) };
  });
}
