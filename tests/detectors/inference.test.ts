/** Real sessions on real threads: our own model, lying cards, damaged files, a thread that dies. */
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInference, type Inference } from '../../edge/inference/index.ts';
import { createThreadPool } from '../../edge/inference/thread-pool.ts';
import { listModels } from '../../edge/models/list-models.ts';
import { readModel } from '../../edge/models/load-model.ts';
import { pullModel } from '../../edge/models/pull-model.ts';
import { stripInputs } from '../../edge/models/strip-inputs.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs, sharedFile } from '../needs.ts';

const log = createLog({ level: 'silent' });
const own = join(packageRoot(), 'models', 'kerb-s');
const frame = { width: 1920, height: 1080 };
let inference: Inference;
let folder: string;
beforeAll(() => {
  inference = createInference({ workers: 2, log });
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-inference-'));
});
afterAll(async () => {
  await inference.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of our model whose card is changed, and its file when asked for. */
function changed(name: string, card: (text: string) => string, file: (path: string) => void = () => {}): string {
  const dir = join(folder, name, 'kerb-s');
  cpSync(own, dir, { recursive: true });
  file(join(dir, 'model.onnx'));
  writeFileSync(join(dir, 'model.yaml'), card(readFileSync(join(dir, 'model.yaml'), 'utf8')));
  return dir;
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'fine',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

/** Pixels with something in them, always the same. */
function pixelsOf(input: { width: number; height: number }, seed: number): Uint8Array {
  return new Uint8Array(3 * input.width * input.height).map((_, i) => (((i * seed) >> 5) ^ (i >> 9)) & 255);
}

describe('a detector', () => {
  it('says the same of the same pixels, on whichever thread', async () => {
    const dir = changed('sensitive', (text) =>
      text.replace(/score: [\d.]+/, 'score: 0.001').replace(/ {2}byLabel: .*\n/, ''),
    );
    const detector = await inference.loadDetector(dir);
    const pixels = pixelsOf(detector.input, 77);
    const all = await Promise.all(Array.from({ length: 6 }, () => detector.detect(pixels, frame)));
    expect(all[0]?.length).toBeGreaterThan(0);
    for (const found of all) expect(found).toEqual(all[0]);
    expect(await detector.detect(pixelsOf(detector.input, 33), frame)).not.toEqual(all[0]);
    await detector.close();
    expect(await codeOf(detector.detect(pixels, frame))).toBe('EDGE_INFERENCE');
  });

  it('refuses a frame of another size and goes on', async () => {
    const detector = await inference.loadDetector(own);
    expect(await codeOf(detector.detect(new Uint8Array(12), frame))).toBe('EDGE_INFERENCE');
    expect(await codeOf(detector.detect(pixelsOf(detector.input, 5), frame))).toBe('fine');
    await detector.close();
  });
});

describe('a card that lies is refused', () => {
  const same = (text: string) => text;
  const rehash = (dir: string) => {
    const file = join(dir, 'model.yaml');
    const hash = sha256Hex(readFileSync(join(dir, 'model.onnx')));
    writeFileSync(file, readFileSync(file, 'utf8').replace(/sha256: .*/, `sha256: ${hash}`));
    return dir;
  };
  it.each([
    ['no folder', () => join(folder, 'nowhere'), 'EDGE_MODEL_CARD'],
    ['no YAML', () => changed('yaml', () => 'name: [kerb-s'), 'EDGE_MODEL_CARD'],
    ['unknown key', () => changed('key', (t) => `${t}\ncolour: red\n`), 'EDGE_MODEL_CARD'],
    [
      'AGPL, unasked for',
      () => changed('agpl', (t) => t.replace(/licence: .*/, 'licence: AGPL-3.0-only')),
      'EDGE_MODEL_CARD',
    ],
    ['no weights', () => changed('gone', same, (file) => rmSync(file)), 'EDGE_MODEL_LOAD'],
    [
      'wrong hash',
      () => changed('hash', (t) => t.replace(/sha256: .*/, `sha256: ${'0'.repeat(64)}`)),
      'EDGE_MODEL_HASH',
    ],
    ['truncated', () => changed('cut', same, (file) => truncateSync(file, 20_000)), 'EDGE_MODEL_HASH'],
    [
      'truncated, with the right hash',
      () => rehash(changed('cut2', same, (file) => truncateSync(file, 20_000))),
      'EDGE_MODEL_LOAD',
    ],
    ['no model at all', () => rehash(changed('text', same, (file) => writeFileSync(file, 'hello'))), 'EDGE_MODEL_LOAD'],
    ['another size', () => changed('size', (t) => t.replace('width: 416', 'width: 640')), 'EDGE_MODEL_SHAPE'],
    ['another type', () => changed('type', (t) => t.replace('type: uint8', 'type: float32')), 'EDGE_MODEL_SHAPE'],
    ['another output', () => changed('out', (t) => t.replace('scores: scores', 'scores: logits')), 'EDGE_MODEL_SHAPE'],
    [
      'a label less',
      () => changed('label', (t) => t.replace(/ {2}- \{ name: umbrella.*\n/, '').replace(/ {2}byLabel: .*\n/, '')),
      'EDGE_MODEL_SHAPE',
    ],
    [
      'another family',
      () =>
        changed('family', (t) =>
          t.replace('family: kerb', 'family: yolov8').replace(/outputs: .*/, 'outputs: { grid: boxes }'),
        ),
      'EDGE_MODEL_SHAPE',
    ],
  ])('%s', async (_, make, code) => {
    expect(await codeOf(inference.loadDetector(make()))).toBe(code);
  });

  it('unless an AGPL model was asked for', async () => {
    const asked = createInference({ workers: 1, log, acceptAgpl: true });
    const dir = changed('agpl-asked', (t) => t.replace(/licence: .*/, 'licence: AGPL-3.0-only'));
    expect(await codeOf(asked.loadDetector(dir))).toBe('fine');
    await asked.close();
  });
});

it('a thread that dies fails its own job alone; a new thread takes its place', async () => {
  const pool = createThreadPool({ workers: 2, log });
  const model = { id: 1, weights: 1, ...(await readModel(own)) };
  await pool.load(model);
  const pixels = pixelsOf(model.spec.input, 5);
  const place = { offsetX: 0, offsetY: 0, scaledWidth: 416, scaledHeight: 234 };
  const good = await pool.detect(model, pixels, place);
  const jobs = Array.from({ length: 6 }, () => codeOf(pool.detect(model, pixels, place)));
  // No order at all: the thread stumbles over it after its job and dies with the next one in hand.
  pool.workers()[0]?.postMessage(null);
  const outcomes = await Promise.all(jobs);
  expect(outcomes.filter((outcome) => outcome === 'EDGE_INFERENCE')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'fine')).toHaveLength(5);
  const again = await Promise.all([pool.detect(model, pixels, place), pool.detect(model, pixels, place)]);
  expect(again).toEqual([good, good]);
  const unfinished = Array.from({ length: 5 }, () => codeOf(pool.detect(model, pixels, place)));
  await pool.close();
  // Two were under way and end well, the others never began.
  expect(await Promise.all(unfinished)).toEqual([...Array(2).fill('fine'), ...Array(3).fill('EDGE_INFERENCE')]);
  expect(await codeOf(pool.detect(model, pixels, place))).toBe('EDGE_INFERENCE');
});

describe('inferences that wait for one thread', () => {
  const gate = { camera: 'gate', startWithinMs: 1500, revisitMs: 3000 };
  const street = (n: number) => ({ camera: `street-${n}`, startWithinMs: 2000, revisitMs: 10_000 });
  const picture = { width: 1280, height: 720, i420: new Uint8Array(1280 * 720 * 1.5).fill(120) };

  it('the gate goes first, far zones last; a region that would come too late is dropped', async () => {
    const single = createInference({ workers: 1, log });
    const detector = await single.loadDetector(own);
    const pixels = pixelsOf(detector.input, 5);
    const done: string[] = [];
    const note = async (name: string, found: Promise<unknown>) =>
      done.push((await found) === null ? `no ${name}` : name);
    const asked = [
      note('replayed far', detector.detectIn(picture, [0, 0, 0.5, 0.5])),
      note('far', detector.detectIn(picture, [0, 0, 0.5, 0.5], { ...gate, camera: 'far-gate', startWithinMs: 1 })),
      ...Array.from({ length: 5 }, (_, n) => note(`street-${n}`, detector.detect(pixels, frame, street(n)))),
      note('gate', detector.detect(pixels, frame, gate)),
    ];
    expect(single.work().queue).toBe(7);
    // One at a time of each camera: a second is a fault of whoever asks.
    expect(await codeOf(detector.detect(pixels, frame, gate))).toBe('EDGE_INFERENCE');
    await Promise.all(asked);
    expect(done.filter((name) => name.includes('street') || name === 'gate')).toEqual([
      'gate',
      ...Array.from({ length: 5 }, (_, n) => `street-${n}`),
    ]);
    expect(done).toContain('no far');
    expect(done).toContain('replayed far');
    expect(detector.waits('gate').lateLooks).toBe(0);
    expect(detector.waits('street-4').inferenceWaitMs).toBeGreaterThan(0);
    expect(single.work()).toEqual({ load: expect.any(Number), queue: 0 });
    expect(single.work().load).toBeGreaterThan(0);
    await single.close();
  });
});

describe('models', () => {
  it('pulls by hash, whatever the file is called, and writes nothing else', async () => {
    const listed = join(folder, 'listed');
    cpSync(own, join(listed, 'kerb-s'), { recursive: true });
    rmSync(join(listed, 'kerb-s', 'model.onnx'));
    const [model] = await listModels(listed);
    if (!model || 'fault' in model) throw new Error('no sound model in the folder');
    expect(model.present).toBe(false);
    const place = join(folder, 'place');
    cpSync(join(own, 'model.onnx'), join(place, 'other-name.onnx'), { recursive: true });
    writeFileSync(join(place, 'model.onnx'), 'not it');
    await pullModel(model, { from: place });
    expect(await codeOf(inference.loadDetector(model.folder))).toBe('fine');
    rmSync(join(place, 'other-name.onnx'));
    rmSync(join(listed, 'kerb-s', 'model.onnx'));
    expect(await codeOf(pullModel(model, { from: place }))).toBe('EDGE_MODEL_HASH');
    expect((await listModels(listed))[0]).toMatchObject({ present: false });
    expect(await codeOf(pullModel(model, { from: join(folder, 'nowhere') }))).toBe('EDGE_MODEL_FETCH');
  });
});

describe('stripInputs', () => {
  it('leaves what is no model, or needs nothing, as it is', () => {
    const text = new TextEncoder().encode('this is no model');
    expect(stripInputs(text)).toBe(text);
    const model = new Uint8Array(readFileSync(join(own, 'model.onnx')));
    expect(stripInputs(model)).toBe(model);
  });
  it.skipIf(!needs('shared'))('takes PicoDet’s weights off its inputs, once', () => {
    const model = new Uint8Array(readFileSync(sharedFile('models/picodet_s_416_coco.onnx') ?? ''));
    const stripped = stripInputs(model);
    expect(stripped.length).toBeLessThan(model.length);
    expect(stripInputs(stripped)).toBe(stripped);
  });
});
