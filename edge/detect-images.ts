/** Bounding boxes for still images, each read, inferred and, where wanted, saved with its boxes drawn. */
import { basename, extname, join } from 'node:path';
import { AppError, type Fault } from '../platform/app-error.ts';
import { createLog } from '../platform/log.ts';
import { makeFolder } from '../platform/write-result.ts';
import type { Detection } from './domain/detection.ts';
import { roundTo } from './geometry/numbers.ts';
import { drawBoxes } from './images/draw-boxes.ts';
import { placeImage } from './images/place-image.ts';
import { readImage } from './images/read-image.ts';
import { createInference } from './inference/index.ts';
import type { LicenceAnswer } from './models/licence.ts';
import { findModelDir } from './models/load-model.ts';

export type DetectOptions = LicenceAnswer & {
  /** A model folder, or its name under models/. */
  readonly model: string;
  /** Folder for each picture with its boxes. */
  readonly save?: string;
};

/** Best first; `box` is x, y, width and height in pixels of the upright image. */
export type ImageDetections = {
  readonly image: string;
  readonly detections: readonly { readonly class: string; readonly score: number; readonly box: readonly number[] }[];
};

function pixelsOf({ label, score, box: [x, y, w, h] }: Detection, width: number, height: number) {
  const box = [x * width, y * height, w * width, h * height].map((value) => roundTo(value, 2));
  return { class: label, score: roundTo(score, 4), box };
}

/** A name for the picture with boxes; pictures of one name from several folders stay apart. */
function savedName(image: string, taken: Set<string>): string {
  const stem = basename(image, extname(image));
  let name = `${stem}.boxes.jpg`;
  for (let i = 2; taken.has(name); i++) name = `${stem}-${i}.boxes.jpg`;
  taken.add(name);
  return name;
}

/**
 * One result an image, in the order given. One image alone says at once what is wrong; of many the rest are read first.
 * @throws EDGE_MODEL_*, CLI_WRITE; EDGE_IMAGE at the end with every image that cannot be read
 */
export async function* detectImages(
  images: readonly string[],
  options: DetectOptions,
): AsyncGenerator<ImageDetections> {
  const { model, save, ...licences } = options;
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const inference = createInference({ workers: 1, log, ...licences });
  const taken = new Set<string>();
  const refused: Fault[] = [];
  try {
    const detector = await inference.loadDetector(findModelDir(model));
    if (save !== undefined) await makeFolder('--save', save);
    for (const image of images) {
      const picture = await readImage(image).catch((error: unknown) => {
        if (images.length === 1 || !(error instanceof AppError)) throw error;
        refused.push({ path: image, message: error.message });
        return null;
      });
      if (!picture) continue;
      const found = await detector.detect(placeImage(picture, detector.input), picture);
      yield { image, detections: found.map((detection) => pixelsOf(detection, picture.width, picture.height)) };
      if (save !== undefined) await drawBoxes(picture, found, join(save, savedName(image, taken)));
    }
  } finally {
    await inference.close();
  }
  if (refused.length > 0) {
    throw new AppError('EDGE_IMAGE', `${refused.length} of ${images.length} images`, { faults: refused });
  }
}

/** One image in lines for a terminal. */
export function describeImage({ image, detections }: ImageDetections): string {
  const rows = detections.map(
    (found) => `  ${found.class.padEnd(20)} ${found.score.toFixed(3)}  ${found.box.join(' ')}\n`,
  );
  return `${image}: ${rows.length} found\n${rows.join('')}`;
}
