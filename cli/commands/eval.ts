/** `kerbwatch eval`: scores of a model on clips with truth, on footage that shows no violation, or on labelled images. */
import type { Command } from 'commander';
import { numberFrom, secondsFrom } from '../support/option-values.ts';
import { print } from '../support/print.ts';

type EvalArguments = {
  readonly media?: string;
  readonly images?: string;
  readonly footage?: string;
  readonly model: string;
  readonly json: boolean;
  readonly jobs: number;
  readonly score?: number;
  readonly report?: string;
  readonly bar?: string;
  readonly recordBar?: string;
  readonly repeatTo?: number;
  readonly resume?: string;
  readonly zones?: string;
  readonly minSize?: number;
};

const progress = (line: string) => void process.stderr.write(`${line}\n`);
const listOf = (text: string) => text.split(',').map((name) => name.trim());

async function evaluateMedia(media: string, { json, recordBar: barFile, ...options }: EvalArguments): Promise<void> {
  const { evaluateFolder, recordBar } = await import('../../evaluation/run/evaluate.ts');
  const { describeMedia } = await import('../../evaluation/run/describe-evaluation.ts');
  const { report, underBar } = await evaluateFolder(media, { ...options, progress });
  print(json, report, `${describeMedia(report)}\n`);
  if (barFile) await recordBar(barFile, report);
  for (const fault of underBar) progress(`under the bar: ${fault}`);
  if (underBar.length > 0) process.exitCode = 1;
}

async function evaluateImages(folders: string, { json, model, ...options }: EvalArguments): Promise<void> {
  const { evaluatePictures } = await import('../../evaluation/run/evaluate.ts');
  const { describeImages } = await import('../../evaluation/run/describe-evaluation.ts');
  const { describeDomains } = await import('../../evaluation/run/describe-domains.ts');
  const { images, domains } = await evaluatePictures(listOf(folders), { ...options, models: listOf(model), progress });
  const words = [...(images ? [describeImages(images)] : []), ...(domains ? [describeDomains(domains)] : [])];
  // One folder's figures keep their places; its domain table comes beside them.
  print(
    json,
    images ? { ...images, ...(domains ? { domains: domains.domains } : {}) } : domains,
    `${words.join('\n')}\n`,
  );
}

async function evaluateFootage(footage: string, { json, model, ...options }: EvalArguments): Promise<void> {
  const { runFootage } = await import('../../evaluation/run/run-footage.ts');
  const { describeFootage } = await import('../../evaluation/run/describe-footage.ts');
  const report = await runFootage(footage, { ...options, models: listOf(model), progress });
  print(json, report, `${describeFootage(report)}\n`);
}

async function evaluate(options: EvalArguments, command: Command): Promise<void> {
  const { media, images, footage } = options;
  const given = [media, images, footage].filter((folder) => folder !== undefined);
  if (given.length !== 1) command.error('error: give one of --media, --images and --footage');
  if (media !== undefined) return evaluateMedia(media, options);
  if (images !== undefined) return evaluateImages(images, options);
  return evaluateFootage(footage ?? '', options);
}

/** Adds the command to the program. */
export function registerEval(program: Command): void {
  program
    .command('eval')
    .description('score a model on clips with a truth file, on footage without a violation, or on labelled images')
    .option('--media <folder>', 'folder of <clip>.truth.json files and their clips')
    .option(
      '--images <folders>',
      'folder of images with COCO, YOLO or labels.jsonl labels; several, with commas: domains',
    )
    .option('--footage <folder>', 'folder of videos that show no violation: whatever is reported is a false alarm')
    .option(
      '--model <model>',
      'a model folder, or its name under models/; footage, images: several, with commas',
      'kerb-s',
    )
    .option('--json', 'print one JSON object', false)
    .option('--jobs <number>', 'clips beside each other', numberFrom(1, 64), 1)
    .option('--score <number>', 'images: boxes below it are dropped (default 0.001)', numberFrom(0, 1))
    .option('--min-size <px>', 'domains: smaller things do not count (default 12)', numberFrom(0, 400))
    .option(
      '--report <path>',
      'a page, with a picture of every miss and false alarm; of images by domain (a folder, or one .html file)',
    )
    .option('--bar <file>', 'clips: exit 1 when a figure falls under this recorded bar')
    .option('--record-bar <file>', 'clips: write a bar at what was reached')
    .option('--repeat-to <duration>', 'footage: each clip is repeated to this length, e.g. 90s, 30m, 2h', secondsFrom)
    .option('--resume <folder>', 'footage: results are kept there clip by clip, and taken up by a later run')
    .option('--zones <file>', 'footage: zones of every clip (YAML: kind, zones); default: the whole picture')
    .action(evaluate);
}
