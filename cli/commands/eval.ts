/** `kerbwatch eval`: event-level and box-level scores of a model on clips with truth, or box scores on labelled images. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';

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

const BAR_COMMENT = [
  'Figures under which an evaluation of these clips must not fall: `kerbwatch eval --media DIR --bar FILE`.',
  'Recorded with `kerbwatch eval --media DIR --record-bar FILE`: events and passes as measured, boxes and frames less',
  '0.02, because floating point differs a little between processors. Raise it when a model is better; when it has to',
  'be lowered, the commit says why.',
];

async function tools() {
  const [{ findModelDir }, { createLog }] = await Promise.all([
    import('../../edge/models/load-model.ts'),
    import('../../platform/log.ts'),
  ]);
  return { findModelDir, log: createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' }) };
}

async function readBar(path: string): Promise<string> {
  const { AppError } = await import('../../platform/app-error.ts');
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('EVAL_TRUTH', `--bar ${path} cannot be read`, { cause });
  });
}

const say = (line: string) => process.stderr.write(`${line}\n`);

async function evaluateFolder(media: string, options: EvalArguments): Promise<void> {
  const [{ evaluateMedia }, { describeClip, describeMedia }, bars, { findModelDir, log }] = await Promise.all([
    import('../../evaluation/run/evaluate-media.ts'),
    import('../../evaluation/run/describe-evaluation.ts'),
    import('../../evaluation/report/bar.ts'),
    tools(),
  ]);
  const bar = options.bar ? bars.parseBar(await readBar(options.bar), options.bar) : null;
  const evaluation = await evaluateMedia({
    ...{ media, modelDir: findModelDir(options.model), log, jobs: options.jobs },
    onClip: (clip, done, all) => say(`[${done}/${all}] ${describeClip(clip)}`),
  });
  const { report } = evaluation;
  if (options.report) {
    const [{ writeReport }, { findFfmpeg }] = await Promise.all([
      import('../../evaluation/run/write-report.ts'),
      import('../../platform/find-ffmpeg.ts'),
    ]);
    say(await writeReport(resolve(options.report), evaluation, { media, ffmpeg: await findFfmpeg() }));
  }
  process.stdout.write(`${options.json ? JSON.stringify(report) : describeMedia(report)}\n`);
  if (options.recordBar) {
    const { writeResult } = await import('../support/write-result.ts');
    const proposed = bars.proposeBar(report, BAR_COMMENT);
    await writeResult('--record-bar', options.recordBar, `${JSON.stringify(proposed, null, 2)}\n`);
  }
  const faults = bar ? bars.faultsUnderBar(report, bar) : [];
  for (const fault of faults) say(`under the bar: ${bars.describeFault(fault)}`);
  if (faults.length > 0) process.exitCode = 1;
}

async function evaluatePictures(images: string, options: EvalArguments): Promise<void> {
  const [{ evaluateImages }, { describeImages }, { findModelDir, log }] = await Promise.all([
    import('../../evaluation/run/evaluate-images.ts'),
    import('../../evaluation/run/describe-evaluation.ts'),
    tools(),
  ]);
  const report = await evaluateImages({
    ...{ images, modelDir: findModelDir(options.model), log },
    ...(options.score === undefined ? {} : { minScore: options.score }),
    onImage: (done, all) => done % 100 === 0 && say(`[${done}/${all}]`),
  });
  process.stdout.write(`${options.json ? JSON.stringify(report) : describeImages(report)}\n`);
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected ${least} to ${most}`);
  };
}

export function registerEval(program: Command): void {
  const command = program
    .command('eval')
    .description('score a model on clips with a truth file beside them, or on labelled images')
    .option('--media <folder>', 'folder of <clip>.truth.json files and their clips')
    .option('--images <folder>', 'folder of images with COCO, YOLO or labels.jsonl labels')
    .option('--model <model>', 'a model folder, or its name under models/', 'kerb-s')
    .option('--json', 'print one JSON object', false)
    .option('--jobs <number>', 'clips beside each other', number(1, 64), 1)
    .option('--score <number>', 'images: boxes below it are dropped (default 0.001)', number(0, 1))
    .option(
      '--report <path>',
      'clips: a page with pictures of every miss and false alarm (a folder, or one .html file)',
    )
    .option('--bar <file>', 'clips: exit 1 when a figure falls under this recorded bar')
    .option('--record-bar <file>', 'clips: write a bar at what was reached');
  command.action(async (options: EvalArguments) => {
    if (options.media && !options.images) return evaluateFolder(resolve(options.media), options);
    if (options.images && !options.media) return evaluatePictures(resolve(options.images), options);
    return command.error('error: give either --media or --images');
  });
}
