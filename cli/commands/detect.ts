/** `kerbwatch detect`: boxes for still images. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

type DetectArguments = {
  readonly model: string;
  readonly json: boolean;
  readonly save?: string;
  readonly acceptAgpl: boolean;
  readonly acceptLicence: readonly string[];
};

async function detect(images: readonly string[], options: DetectArguments): Promise<void> {
  const { describeImage, detectImages } = await import('../../edge/detect-images.ts');
  const { json, acceptLicence: acceptLicences, ...rest } = options;
  for await (const found of detectImages(images, { ...rest, acceptLicences })) print(json, found, describeImage(found));
}

/** Adds the command to the program. */
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
