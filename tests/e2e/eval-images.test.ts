/** Labelled images in each of the three forms give the same figures, as they hold the same truth. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findModelDir } from '../../edge/models/load-model.ts';
import { evaluateImages } from '../../evaluation/run/evaluate-images.ts';
import { readMedia } from '../../evaluation/run/read-media.ts';
import { AppError } from '../../platform/app-error.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { temporaryFolder } from './stage.ts';

const log = createLog({ level: 'warn' });
const modelDir = findModelDir('kerb-s');
const clips = join(packageRoot(), 'test-media', 'clips');
const folder = temporaryFolder('eval-images');
afterAll(() => folder.remove());

type Labelled = { name: string; objects: { class: string; box: number[]; visible: number }[] };
const frames: Labelled[] = [];
const size = { width: 0, height: 0 };
const classes = ['person', 'bicycle', 'car', 'stall', 'muck_truck'];

beforeAll(async () => {
  const { path: ffmpeg } = await findFfmpeg();
  mkdirSync(join(folder.path, 'images'));
  for (const [i, { file, frames: truth }] of readMedia(clips).entries()) {
    // The frame with most in it; things that are half hidden are left to other tests.
    const [fullest] = truth.toSorted((a, b) => b.objects.length - a.objects.length);
    if (!fullest) continue;
    const name = `${i}.jpg`;
    const target = join(folder.path, 'images', name);
    execFileSync(ffmpeg, ['-v', 'error', '-ss', String(fullest.t), '-i', file, '-frames:v', '1', '-q:v', '2', target]);
    const { width = 0, height = 0 } = await sharp(target).metadata();
    Object.assign(size, { width, height });
    const objects = fullest.objects.filter((object) => classes.includes(object.class) && object.visible >= 0.3);
    frames.push({ name, objects: objects.map(({ class: label, box, visible }) => ({ class: label, box, visible })) });
  }
}, 300_000);

async function score(write: (dir: string) => void, sub: string) {
  const dir = join(folder.path, sub);
  mkdirSync(dir);
  for (const { name } of frames) writeFileSync(join(dir, name), readFileSync(join(folder.path, 'images', name)));
  write(dir);
  return evaluateImages({ images: dir, modelDir, log });
}

test('COCO, YOLO and rendered labels of the same frames', { timeout: 300_000 }, async () => {
  const lines = frames.map(({ name, objects }, seed) => JSON.stringify({ seed, file: name, light: 'day', objects }));
  const rendered = await score((dir) => writeFileSync(join(dir, 'labels.jsonl'), lines.join('\n')), 'rendered');
  const yolo = await score((dir) => {
    writeFileSync(join(dir, 'classes.txt'), classes.join('\n'));
    for (const { name, objects } of frames) {
      const rows = objects.map(({ class: label, box: [x = 0, y = 0, w = 0, h = 0] }) =>
        [classes.indexOf(label), x + w / 2, y + h / 2, w, h].join(' '),
      );
      writeFileSync(join(dir, name.replace('.jpg', '.txt')), rows.join('\n'));
    }
  }, 'yolo');
  const coco = await score((dir) => {
    const { width, height } = size;
    const annotations = frames.flatMap(({ objects }, image_id) =>
      objects.map(({ class: label, box: [x = 0, y = 0, w = 0, h = 0] }) => ({
        image_id,
        category_id: classes.indexOf(label),
        bbox: [x * width, y * height, w * width, h * height],
      })),
    );
    const images = frames.map(({ name: file_name }, id) => ({ id, file_name, width, height }));
    const categories = classes.map((name, id) => ({ id, name }));
    writeFileSync(join(dir, 'instances.json'), JSON.stringify({ images, categories, annotations }));
  }, 'coco');

  expect([rendered.format, yolo.format, coco.format]).toEqual(['rendered', 'yolo', 'coco']);
  expect([rendered.origin, yolo.origin, coco.origin]).toEqual(['rendered', 'unstated', 'unstated']);
  expect(rendered.images).toBe(frames.length);
  // One model, the same pixels: it sees most of what is there, and the form of the labels changes nothing.
  expect(rendered.boxes.ap50).toBeGreaterThan(0.4);
  for (const other of [yolo, coco]) {
    expect(other.boxes.ap50).toBeCloseTo(rendered.boxes.ap50 ?? 0, 6);
    expect(other.boxes.byClass.map(({ label, truths }) => [label, truths])).toEqual(
      rendered.boxes.byClass.map(({ label, truths }) => [label, truths]),
    );
  }
  expect(rendered.boxes.byLight.map(({ name }) => name)).toEqual(['day']);
});

test('labels that say that nothing is there are labels', async () => {
  const dir = join(folder.path, 'nothing');
  mkdirSync(dir);
  for (const { name } of frames.slice(0, 2)) {
    writeFileSync(join(dir, name), readFileSync(join(folder.path, 'images', name)));
    writeFileSync(join(dir, name.replace('.jpg', '.txt')), '');
  }
  const report = await evaluateImages({ images: dir, modelDir, log });
  expect(report).toMatchObject({ images: 2, coco: null, boxes: { ap50: null } });
});

test('a picture that is labelled twice is refused', async () => {
  const dir = join(folder.path, 'twice');
  mkdirSync(dir);
  const [first] = frames;
  writeFileSync(join(dir, first?.name ?? ''), readFileSync(join(folder.path, 'images', first?.name ?? '')));
  const line = JSON.stringify({ seed: 1, file: first?.name, objects: first?.objects });
  writeFileSync(join(dir, 'labels.jsonl'), `${line}\n${line}\n`);
  const refused = await evaluateImages({ images: dir, modelDir, log }).catch((e: unknown) => e);
  expect(refused).toMatchObject({
    code: 'EVAL_TRUTH',
    message: expect.stringContaining(`${first?.name} is labelled twice`),
  });
});

test('a folder without labels is refused', async () => {
  const refused = await evaluateImages({ images: join(folder.path, 'images'), modelDir, log }).catch((e: unknown) => e);
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).code).toBe('EVAL_TRUTH');
});
