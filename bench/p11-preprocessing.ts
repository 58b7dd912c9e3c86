/** P11: what JavaScript does to a frame's pixels before the model runs, for our own model and for float models of the same kind. */
import { join } from 'node:path';
import { modelInputOf } from '../edge/detectors/fill-tensor.ts';
import type { CardInput } from '../edge/domain/model-card.ts';
import { pixelsOfRegion, placeRegion } from '../edge/inference/place-region.ts';
import { createFill } from '../edge/inference/session.ts';
import { readCard, specOf } from '../edge/models/read-card.ts';
import { packageRoot } from '../platform/paths.ts';
import type { BenchRow } from './row.ts';

const RUNS = 300;
const WARM_UP = 100;
const AIM_MS = 0.3;

function medianOf(work: () => void): number {
  const times: number[] = [];
  for (let i = 0; i < RUNS + WARM_UP; i++) {
    const start = performance.now();
    work();
    if (i >= WARM_UP) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
}

/** From the frame that the source delivered into the thread's place, and from there into the model's input, ms. */
export function preprocessingMs(input: Required<CardInput>): number {
  const size = 3 * input.width * input.height;
  const frame = new Uint8Array(size).map((_, i) => (i * 7919) % 256);
  const place = new Uint8Array(new SharedArrayBuffer(size));
  const fill = createFill(input, input.type === 'uint8' ? new Uint8Array(size) : new Float32Array(size));
  return medianOf(() => {
    place.set(frame);
    fill(place);
  });
}

/** A region of a far zone: a sixth of a 1080p picture into our model's pixels, ms. */
export function regionMs(input: Required<CardInput>): number {
  const picture = { width: 1920, height: 1080, i420: new Uint8Array(1920 * 1080 * 1.5).map((_, i) => (i * 31) % 256) };
  const model = modelInputOf(input);
  const out = new Uint8ClampedArray(3 * model.width * model.height);
  const region = pixelsOfRegion([0.3, 0.2, 0.4, 0.4], picture);
  return medianOf(() => void placeRegion(picture, region, model, out));
}

const specFor = async (name: string) => specOf(await readCard(join(packageRoot(), 'models', name)));

function row(figure: string, value: number, aim: number | null): BenchRow {
  return {
    id: 'P11',
    figure,
    value,
    unit: 'ms',
    ceiling: null,
    ratio: null,
    aim: aim === null ? '—' : `< ${aim} ms`,
    met: aim === null ? null : value < aim,
  };
}

/** P11 of docs/bench.md. */
export async function run(): Promise<BenchRow[]> {
  const own = await specFor('kerb-s');
  const rows = [row(`pixels into ${own.name}`, preprocessingMs(own.input), AIM_MS)];
  for (const name of ['yolox-nano', 'nanodet-m', 'picodet-s', 'd-fine-n']) {
    const spec = await specFor(name);
    rows.push(
      row(`pixels into ${name} (float, ${spec.input.width}×${spec.input.height})`, preprocessingMs(spec.input), null),
    );
  }
  rows.push(row('a far zone’s part of a 1080p picture', regionMs(own.input), null));
  return rows;
}
