/** `kerbwatch eval` as one call: a folder evaluated, its report and bar written, its faults told. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findModelDir } from '../../edge/models/load-model.ts';
import { AppError } from '../../platform/app-error.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { writeResult } from '../../platform/write-result.ts';
import { type Bar, describeFault, faultsUnderBar, parseBar, proposeBar } from '../report/bar.ts';
import type { ImageReport } from '../report/image-report.ts';
import type { MediaReport } from '../report/media-report.ts';
import { describeClip } from './describe-evaluation.ts';
import { evaluateImages } from './evaluate-images.ts';
import { evaluateMedia } from './evaluate-media.ts';
import { writeReport } from './write-report.ts';

type Evaluate = {
  /** A model folder, or its name under models/. */
  readonly model: string;
  /** Takes lines of progress. */
  readonly progress: (line: string) => void;
};

const log = () => createLog({ level: process.env.KERBWATCH_LOG ?? 'warn' });

async function readBar(path: string): Promise<Bar> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('EVAL_TRUTH', `--bar ${path} cannot be read`, { cause });
  });
  return parseBar(text, path);
}

/**
 * Clips with truth. `report`: a page with pictures; `bar`: figures that must be reached, and `underBar` has one line for
 * each that was not.
 * @throws EVAL_TRUTH, EDGE_MODEL_*
 */
export async function evaluateFolder(
  folder: string,
  options: Evaluate & {
    readonly jobs: number;
    readonly report?: string;
    readonly bar?: string;
  },
): Promise<{ readonly report: MediaReport; readonly underBar: readonly string[] }> {
  const { progress, jobs } = options;
  const media = resolve(folder);
  const bar = options.bar ? await readBar(options.bar) : null;
  const evaluation = await evaluateMedia({
    ...{ media, modelDir: findModelDir(options.model), log: log(), jobs },
    onClip: (clip, done, all) => progress(`[${done}/${all}] ${describeClip(clip)}`),
  });
  const { report } = evaluation;
  if (options.report) {
    progress(await writeReport(resolve(options.report), evaluation, { media, ffmpeg: await findFfmpeg() }));
  }
  return { report, underBar: bar ? faultsUnderBar(report, bar).map(describeFault) : [] };
}

/** Writes what was reached as the bar of later runs. @throws CLI_WRITE */
export async function recordBar(file: string, report: MediaReport): Promise<void> {
  await writeResult('--record-bar', file, `${JSON.stringify(proposeBar(report), null, 2)}\n`);
}

/** Labelled images. @param options `score`: boxes below it are dropped. @throws EVAL_TRUTH, EDGE_MODEL_*, EDGE_IMAGE */
export async function evaluatePictures(
  folder: string,
  options: Evaluate & { readonly score?: number },
): Promise<ImageReport> {
  return evaluateImages({
    ...{ images: resolve(folder), modelDir: findModelDir(options.model), log: log() },
    ...(options.score === undefined ? {} : { minScore: options.score }),
    onImage: (done, all) => void (done % 100 === 0 && options.progress(`[${done}/${all}]`)),
  });
}
