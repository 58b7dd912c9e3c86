/** `kerbwatch eval` as one call: a folder evaluated, its report and bar written, its faults told. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findModelDir } from '../../edge/models/load-model.ts';
import { AppError } from '../../platform/app-error.ts';
import { findFfmpeg } from '../../platform/find-ffmpeg.ts';
import { createLog } from '../../platform/log.ts';
import { writeResult } from '../../platform/write-result.ts';
import { type Bar, describeFault, faultsUnderBar, parseBar, proposeBar } from '../report/bar.ts';
import { renderDomains } from '../report/domain-page.ts';
import type { DomainReport } from '../report/domain-report.ts';
import type { ImageReport } from '../report/image-report.ts';
import type { MediaReport } from '../report/media-report.ts';
import { describeClip } from './describe-evaluation.ts';
import { evaluateDomains } from './evaluate-domains.ts';
import { evaluateImages } from './evaluate-images.ts';
import { evaluateMedia } from './evaluate-media.ts';
import { pagePlace } from './page-place.ts';
import { readLabels } from './read-labels.ts';
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

/**
 * Labelled images. One folder and one model give COCO's numbers; its domain table comes with them where `labelled.txt` says
 * what is labelled or a page is asked for. Several folders or models give domain tables alone.
 * @param options `score`: boxes below it are dropped from COCO's numbers; `report`: a page of the domain tables
 * @throws EVAL_TRUTH, EDGE_MODEL_*, EDGE_IMAGE
 */
export async function evaluatePictures(
  folders: readonly string[],
  options: Omit<Evaluate, 'model'> & {
    readonly models: readonly string[];
    readonly score?: number;
    readonly report?: string;
    readonly minSize?: number;
  },
): Promise<{ readonly images: ImageReport | null; readonly domains: DomainReport | null }> {
  const { progress } = options;
  const onImage = (done: number, all: number) => void (done % 100 === 0 && progress(`[${done}/${all}]`));
  const paths = folders.map((folder) => resolve(folder));
  const modelDirs = options.models.map((model) => findModelDir(model));
  const [only = ''] = paths;
  const single = paths.length === 1 && modelDirs.length === 1;
  const images = single
    ? await evaluateImages({
        ...{ images: only, modelDir: modelDirs[0] ?? '', log: log(), onImage },
        ...(options.score === undefined ? {} : { minScore: options.score }),
      })
    : null;
  const asked = !single || options.report !== undefined || readLabels(only).labelled !== null;
  if (!asked) return { images, domains: null };
  const sizes = options.minSize === undefined ? {} : { minPixels: options.minSize };
  const domains = await evaluateDomains({ folders: paths, modelDirs, log: log(), onImage, ...sizes });
  if (options.report) progress(await pagePlace(resolve(options.report)).write(renderDomains(domains)));
  return { images, domains };
}
