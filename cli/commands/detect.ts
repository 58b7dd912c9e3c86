/** `kerbwatch detect`: boxes for still images. */
import { basename, extname, join } from 'node:path';
import type { Command } from 'commander';
import type { Detection } from '../../edge/domain/detection.ts';
import { roundTo } from '../../edge/geometry/numbers.ts';
import type { Fault } from '../../platform/app-error.ts';

type DetectArguments = {
  readonly model: string;
  readonly json: boolean;
  readonly save?: string;
  readonly acceptAgpl: boolean;
  readonly acceptLicence: readonly string[];
};

function print(image: string, detections: readonly Detection[], width: number, height: number, json: boolean): void {
  const rows = detections.map(({ label, score, box: [x, y, w, h] }) => ({
    class: label,
    score: roundTo(score, 4),
    box: [x * width, y * height, w * width, h * height].map((value) => roundTo(value, 2)),
  }));
  if (json) {
    process.stdout.write(`${JSON.stringify({ image, detections: rows })}\n`);
    return;
  }
  process.stdout.write(`${image}: ${rows.length} found\n`);
  for (const found of rows) {
    process.stdout.write(`  ${found.class.padEnd(20)} ${found.score.toFixed(3)}  ${found.box.join(' ')}\n`);
  }
}

/** A name for the picture with boxes; pictures of one name from several folders stay apart. */
function savedName(image: string, taken: Set<string>): string {
  const stem = basename(image, extname(image));
  let name = `${stem}.boxes.jpg`;
  for (let i = 2; taken.has(name); i++) name = `${stem}-${i}.boxes.jpg`;
  taken.add(name);
  return name;
}

async function detect(images: readonly string[], options: DetectArguments): Promise<void> {
  const [
    { createInference },
    { findModelDir },
    { placeImage },
    { readImage },
    { drawBoxes },
    { createLog },
    { AppError },
    { makeFolder },
  ] = await Promise.all([
    import('../../edge/inference/index.ts'),
    import('../../edge/models/load-model.ts'),
    import('../../edge/images/place-image.ts'),
    import('../../edge/images/read-image.ts'),
    import('../../edge/images/draw-boxes.ts'),
    import('../../platform/log.ts'),
    import('../../platform/app-error.ts'),
    import('../support/write-result.ts'),
  ]);
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const { acceptAgpl, acceptLicence: acceptLicences, save } = options;
  const inference = createInference({ workers: 1, log, acceptAgpl, acceptLicences });
  const taken = new Set<string>();
  const refused: Fault[] = [];
  /** One picture alone says what is wrong; of many the rest are analysed first. */
  const refuse = (image: string, error: unknown): null => {
    if (images.length === 1 || !(error instanceof AppError)) throw error;
    refused.push({ path: image, message: error.message });
    return null;
  };
  try {
    const detector = await inference.loadDetector(findModelDir(options.model));
    if (save !== undefined) await makeFolder('--save', save);
    for (const image of images) {
      const picture = await readImage(image).catch((error: unknown) => refuse(image, error));
      if (!picture) continue;
      const detections = await detector.detect(placeImage(picture, detector.input), picture);
      print(image, detections, picture.width, picture.height, options.json);
      if (save !== undefined) await drawBoxes(picture, detections, join(save, savedName(image, taken)));
    }
  } finally {
    await inference.close();
  }
  if (refused.length > 0) {
    throw new AppError('EDGE_IMAGE', `${refused.length} of ${images.length} images`, { faults: refused });
  }
}

export function registerDetect(program: Command): void {
  program
    .command('detect')
    .description('find things in still images (JPEG, PNG, WebP)')
    .argument('<images...>', 'image files')
    .requiredOption('--model <model>', 'a model folder, or its name under models/')
    .option('--json', 'print one JSON object a line, one line an image', false)
    .option('--save <folder>', 'write each picture there with its boxes drawn')
    .option('--accept-agpl', 'use a model under an AGPL licence', false)
    .option('--accept-licence <spdx...>', 'licences beyond the permissive ones that you have read and accept', [])
    .addHelpText(
      'after',
      '\nEach line of --json is {"image","detections":[{"class","score","box":[x,y,w,h]}]}; boxes are pixels of the\nimage turned upright as its EXIF data says, best first, and may leave it where a thing is cut off.',
    )
    .action(detect);
}
