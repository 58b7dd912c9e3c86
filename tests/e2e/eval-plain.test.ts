/** The product's own path to average precision loses no right box: each class against the bare graph and a plain scorer. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { modelInputOf } from '../../edge/detectors/fill-tensor.ts';
import { placementOf } from '../../edge/domain/placement.ts';
import { iou } from '../../edge/geometry/box.ts';
import { placeImage } from '../../edge/images/place-image.ts';
import { readImage } from '../../edge/images/read-image.ts';
import { openSession } from '../../edge/inference/session.ts';
import { findModelDir, readModel } from '../../edge/models/load-model.ts';
import type { FoundBox, TruthBox } from '../../evaluation/metrics/coco-ap.ts';
import { evaluateImages } from '../../evaluation/run/evaluate-images.ts';
import { readMedia } from '../../evaluation/run/read-media.ts';
import { type BoxScore, MIN_VISIBLE, scoreBoxes } from '../../evaluation/scoring/box-score.ts';
import { parseRendered } from '../../evaluation/truth/label-files.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { timingArguments } from '../../test-media/scenes/timing-arguments.ts';
import { temporaryFolder } from './stage.ts';

/** Each so many frames of a clip. */
const EVERY = 15;
const FLOOR = 0.001;
const SAME_IOU = 0.6;
/** Of AP50, by class. */
const CLOSE = 0.01;

const modelDir = findModelDir('kerb-s');
const folder = temporaryFolder('eval-plain');
afterAll(() => folder.remove());
const asDrawn = join(folder.path, 'as-drawn');
/** Colours as no scene of the generator has them: there classes are taken for each other. */
const otherLook = join(folder.path, 'other-look');

beforeAll(async () => {
  const ffmpeg = await findFfmpeg();
  for (const dir of [asDrawn, otherLook]) mkdirSync(dir);
  const lines: string[] = [];
  for (const [seed, { file, frames }] of readMedia(join(packageRoot(), 'test-media', 'clips')).entries()) {
    const id = basename(file, '.mp4');
    const chosen = ['-vf', `select=not(mod(n\\,${EVERY}))`, ...timingArguments(ffmpeg.libavcodec), '-q:v', '2'];
    execFileSync(ffmpeg.path, ['-v', 'error', '-nostdin', '-i', file, ...chosen, join(asDrawn, `${id}-%04d.jpg`)]);
    for (const [i, { objects }] of frames.filter((_, n) => n % EVERY === 0).entries()) {
      const name = `${id}-${String(i + 1).padStart(4, '0')}.jpg`;
      const picture = sharp(join(asDrawn, name)).modulate({ hue: 25, saturation: 1.5 }).jpeg({ quality: 88 });
      await picture.toFile(join(otherLook, name));
      lines.push(JSON.stringify({ seed, file: name, objects }));
    }
  }
  for (const dir of [asDrawn, otherLook]) writeFileSync(join(dir, 'labels.jsonl'), lines.join('\n'));
}, 300_000);

/** Each class for itself: the best of its columns a box, greedy suppression, nothing else. */
async function plainScore(dir: string): Promise<BoxScore> {
  const { spec, bytes } = await readModel(modelDir);
  const session = await openSession(spec, new Uint8Array(bytes).slice());
  const input = modelInputOf(spec.input);
  const concepts = [...new Set(spec.labels.map(({ concept }) => concept))];
  const truths: TruthBox[] = [];
  const found: FoundBox[] = [];
  for (const { file: image, objects } of parseRendered(readFileSync(join(dir, 'labels.jsonl'), 'utf8'), dir)) {
    const picture = await readImage(join(dir, image));
    const { scaledWidth, scaledHeight, offsetX, offsetY } = placementOf(input, picture.width, picture.height);
    session.steps.fill(placeImage(picture, input));
    const { boxes, scores } = (await session.steps.infer()) as Record<string, { data: Float32Array }>;
    const count = (boxes?.data.length ?? 0) / 4;
    const boxAt = (i: number): BoxXywh => {
      const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes?.data.subarray(4 * i, 4 * i + 4) ?? [];
      return [x1 - offsetX, y1 - offsetY, x2 - x1, y2 - y1];
    };
    for (const {
      label,
      box: [x, y, w, h],
      visible,
    } of objects) {
      const box = [x * scaledWidth, y * scaledHeight, w * scaledWidth, h * scaledHeight] as const;
      truths.push({ image, label, box, ignore: visible < MIN_VISIBLE });
    }
    for (const concept of concepts) {
      const columns = spec.labels.flatMap((label, i) => (label.concept === concept ? [i] : []));
      const scoreAt = (i: number) => Math.max(...columns.map((c) => scores?.data[i * spec.labels.length + c] ?? 0));
      const kept: { score: number; box: BoxXywh }[] = [];
      const ranked = Array.from({ length: count }, (_, i) => ({ i, score: scoreAt(i) })).filter(
        ({ score }) => score >= FLOOR,
      );
      for (const { i, score } of ranked.sort((a, b) => b.score - a.score)) {
        const box = boxAt(i);
        if (!kept.some((other) => iou(other.box, box) > SAME_IOU)) kept.push({ score, box });
      }
      found.push(...kept.map((box) => ({ image, label: concept, ...box })));
    }
  }
  await session.close();
  return scoreBoxes({ truths, found, skyOf: () => ({ light: '', weather: '' }) }, new Set(concepts));
}

test.each([
  ['as drawn', asDrawn],
  ['in another look', otherLook],
])(
  'the shipped clips %s: AP50 of each class within a hundredth of the plain scorer',
  { timeout: 300_000 },
  async (_, dir) => {
    const plain = await plainScore(dir);
    const { boxes } = await evaluateImages({ images: dir, modelDir, log: createLog({ level: 'warn' }) });
    expect(plain.byClass.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['truck', 'muck_truck', 'cart', 'car']),
    );
    const lost = plain.byClass.map(({ label, ap50 }) => {
      const own = boxes.byClass.find((row) => row.label === label)?.ap50 ?? 0;
      return [label, own, Math.abs(own - ap50) < CLOSE] as const;
    });
    expect(lost.filter(([, , close]) => !close)).toEqual([]);
    expect(plain.ap50).toBeGreaterThan(0.9);
  },
);
