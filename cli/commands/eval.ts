/** `kerbwatch eval`: event-level and box-level scores of a model on clips with truth, or box scores on labelled images. */
import type { Command } from 'commander';
import { numberFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';

type EvalArguments = {
  readonly media?: string;
  readonly images?: string;
  readonly model: string;
  readonly json: boolean;
  readonly jobs: number;
  readonly score?: number;
  readonly report?: string;
  readonly bar?: string;
  readonly recordBar?: string;
};

const progress = (line: string) => void process.stderr.write(`${line}\n`);

async function evaluate(
  { media, images, json, recordBar: barFile, ...options }: EvalArguments,
  command: Command,
): Promise<void> {
  if (!media === !images) command.error('error: give either --media or --images');
  const [{ evaluateFolder, evaluatePictures, recordBar }, { describeImages, describeMedia }] = await Promise.all([
    import('../../evaluation/run/evaluate.ts'),
    import('../../evaluation/run/describe-evaluation.ts'),
  ]);
  if (images) {
    const report = await evaluatePictures(images, { ...options, progress });
    return print(json, report, `${describeImages(report)}\n`);
  }
  const { report, underBar } = await evaluateFolder(media ?? '', { ...options, progress });
  print(json, report, `${describeMedia(report)}\n`);
  if (barFile) await recordBar(barFile, report);
  for (const fault of underBar) progress(`under the bar: ${fault}`);
  if (underBar.length > 0) process.exitCode = 1;
}

/** Adds the command to the program. */
export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('score a model on clips with a truth file beside them, or on labelled images')
    .option('--media <folder>', 'folder of <clip>.truth.json files and their clips')
    .option('--images <folder>', 'folder of images with COCO, YOLO or labels.jsonl labels')
    .option('--model <model>', 'a model folder, or its name under models/', 'kerb-s')
    .option('--json', 'print one JSON object', false)
    .option('--jobs <number>', 'clips beside each other', numberFrom(1, 64), 1)
    .option('--score <number>', 'images: boxes below it are dropped (default 0.001)', numberFrom(0, 1))
    .option(
      '--report <path>',
      'clips: a page with pictures of every miss and false alarm (a folder, or one .html file)',
    )
    .option('--bar <file>', 'clips: exit 1 when a figure falls under this recorded bar')
    .option('--record-bar <file>', 'clips: write a bar at what was reached')
    .action(evaluate);
}
