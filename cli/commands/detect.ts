/** `kerbwatch detect`: boxes for still images. */
import type { Command } from 'commander';

type DetectArguments = { readonly model: string; readonly json: boolean; readonly acceptAgpl: boolean };

const round = (value: number, digits: number) => Number(value.toFixed(digits));

async function detect(images: readonly string[], options: DetectArguments): Promise<void> {
  const [{ createInference }, { findModelDir }, { placeImage }, { readImage }, { createLog }] = await Promise.all([
    import('../../edge/inference/index.ts'),
    import('../../edge/inference/load-model.ts'),
    import('../../edge/inference/place-image.ts'),
    import('../../edge/inference/read-image.ts'),
    import('../../platform/log.ts'),
  ]);
  const log = createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });
  const inference = createInference({ workers: 1, log, acceptAgpl: options.acceptAgpl });
  try {
    const detector = await inference.loadDetector(findModelDir(options.model));
    for (const image of images) {
      const picture = await readImage(image);
      const { width, height } = picture;
      const detections = (await detector.detect(placeImage(picture, detector.input), picture)).map(
        ({ label, score, box: [x, y, w, h] }) => ({
          class: label,
          score: round(score, 4),
          box: [x * width, y * height, w * width, h * height].map((value) => round(value, 2)),
        }),
      );
      if (options.json) {
        process.stdout.write(`${JSON.stringify({ image, detections })}\n`);
        continue;
      }
      process.stdout.write(`${image}: ${detections.length} found\n`);
      for (const found of detections) {
        process.stdout.write(`  ${found.class.padEnd(18)} ${found.score.toFixed(3)}  ${found.box.join(' ')}\n`);
      }
    }
  } finally {
    await inference.close();
  }
}

export function registerDetect(program: Command): void {
  program
    .command('detect')
    .description('find things in still images (JPEG, PNG, WebP)')
    .argument('<images...>', 'image files')
    .requiredOption('--model <model>', 'a model folder, or its name under models/')
    .option('--json', 'print one JSON object a line, one line an image', false)
    .option('--accept-agpl', 'use a model under an AGPL licence', false)
    .addHelpText(
      'after',
      '\nEach line of --json is {"image","detections":[{"class","score","box":[x,y,w,h]}]}; boxes are pixels of the\nimage, best first, and may leave it where a thing is cut off.',
    )
    .action(detect);
}
