/** What JavaScript does to a frame before the model runs: within its aim for our own model, and without new memory a frame. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { preprocessingMs } from '../../bench/p11-preprocessing.ts';
import { createFill } from '../../edge/inference/session.ts';
import { readCard, specOf } from '../../edge/models/read-card.ts';
import { packageRoot } from '../../platform/paths.ts';

const AIM_MS = 0.3;
const inputOf = async (name: string) => specOf(await readCard(join(packageRoot(), 'models', name))).input;

it('takes less than 0.3 ms a frame for our own model', async () => {
  const own = preprocessingMs(await inputOf('kerb-s'));
  const others = ['yolox-nano', 'nanodet-m'].map(
    async (name) => `${name} ${preprocessingMs(await inputOf(name)).toFixed(3)}`,
  );
  const line = `preprocessing, ms a frame: kerb-s ${own.toFixed(3)}, ${(await Promise.all(others)).join(', ')}`;
  process.stderr.write(`${line}\n`);
  expect(own).toBeLessThan(AIM_MS);
});

it.each(['kerb-s', 'yolox-nano', 'nanodet-m'])(
  '%s: four hundred frames need no memory but the first one’s',
  async (name) => {
    const input = await inputOf(name);
    const size = 3 * input.width * input.height;
    const fill = createFill(input, input.type === 'uint8' ? new Uint8Array(size) : new Float32Array(size));
    const pixels = new Uint8Array(new SharedArrayBuffer(size));
    for (let i = 0; i < 20; i++) fill(pixels);
    const before = process.memoryUsage();
    for (let i = 0; i < 400; i++) fill(pixels);
    const after = process.memoryUsage();
    // A frame that was allocated anew each time would be hundreds of megabytes.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(size);
  },
);
