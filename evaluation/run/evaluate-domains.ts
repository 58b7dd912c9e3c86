/** Runs folders of labelled pictures, each a domain, through one model after another. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { ModelRef } from '../../contracts/event.ts';
import type { Detector } from '../../edge/domain/detector.ts';
import type { ModelInput } from '../../edge/domain/frame.ts';
import type { Label } from '../../edge/domain/model-card.ts';
import { placementOf } from '../../edge/domain/placement.ts';
import { placeImage } from '../../edge/images/place-image.ts';
import { readImage } from '../../edge/images/read-image.ts';
import { createInference } from '../../edge/inference/index.ts';
import { labelsOf, readCard } from '../../edge/models/read-card.ts';
import type { Log } from '../../platform/log.ts';
import {
  type Domain,
  type DomainFigures,
  type DomainReport,
  domainFigures,
  type SeenPicture,
} from '../report/domain-report.ts';
import { conceptOf } from '../report/image-report.ts';
import { programFacts } from './evaluation-facts.ts';
import { inTurn } from './in-turn.ts';
import { IGNORE_CLASS, type LabelledFolder, readLabels } from './read-labels.ts';

/** AP asks for weak boxes too: recall is counted to its end. */
const SCORING = { minScore: 0.001, maxBoxes: 300 } as const;
const MIN_PIXELS = 12;
/** Pictures on their way at once; each model has one inference thread a kind of scoring. */
const BESIDE = 2;

export type DomainOptions = {
  readonly folders: readonly string[];
  readonly modelDirs: readonly string[];
  /** √(w·h) at the first model's input, px; default 12. */
  readonly minPixels?: number;
  readonly log: Log;
  readonly onImage?: (done: number, all: number) => void;
};

type ReadDomain = { readonly folder: LabelledFolder; readonly name: string; readonly sha256: string };

/** The last part of each path, and the one before it where two end alike. */
function namesOf(folders: readonly string[]): string[] {
  const short = folders.map((folder) => basename(folder));
  return folders.map((folder, i) => {
    const name = short[i] ?? folder;
    return short.indexOf(name) === short.lastIndexOf(name) ? name : `${basename(dirname(folder))}/${name}`;
  });
}

async function hashOf({ images, files, labelled }: LabelledFolder): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([images, labelled]));
  for (const file of files) hash.update(await readFile(file));
  return hash.digest('hex');
}

function labelledConcepts({ labelled, classes }: LabelledFolder, modelLabels: readonly Label[]): Set<string> {
  const named = (labelled ?? classes).filter((name) => name !== IGNORE_CLASS);
  return new Set(named.flatMap((name) => conceptOf(name, modelLabels) ?? []));
}

type SeenDomain = { readonly pictures: SeenPicture[]; readonly sizes: Domain['sizes'] };

async function look(
  { folder }: ReadDomain,
  detectors: { readonly bare: Detector; readonly shipped: Detector },
  sizedAt: ModelInput,
  onImage: () => void,
): Promise<SeenDomain> {
  const seen = await inTurn(folder.images, BESIDE, async (labels, i) => {
    const picture = await readImage(folder.files[i] as string);
    const pixels = placeImage(picture, detectors.bare.input);
    const [bare, shipped] = await Promise.all([
      detectors.bare.detect(pixels, picture),
      detectors.shipped.detect(pixels, picture),
    ]);
    const { scaledWidth, scaledHeight } = placementOf(sizedAt, picture.width, picture.height);
    onImage();
    return { picture: { labels, bare, shipped }, size: { width: scaledWidth, height: scaledHeight } };
  });
  return { pictures: seen.map(({ picture }) => picture), sizes: seen.map(({ size }) => size) };
}

type ModelRun = { readonly ref: ModelRef; readonly input: ModelInput; readonly figures: readonly DomainFigures[] };

async function runModel(
  modelDir: string,
  domains: readonly ReadDomain[],
  options: DomainOptions & { readonly sizedAt: ModelInput | null; readonly common: ReadonlySet<string> },
  onImage: () => void,
): Promise<ModelRun> {
  const { log } = options;
  const asShipped = createInference({ workers: 1, log });
  const weak = createInference({ workers: 1, log, scoring: SCORING });
  try {
    const bare = await weak.loadDetector(modelDir);
    const shipped = await asShipped.loadDetector(modelDir);
    const sizedAt = options.sizedAt ?? bare.input;
    const labels = labelsOf(await readCard(modelDir));
    const figures: DomainFigures[] = [];
    for (const domain of domains) {
      const { pictures, sizes } = await look(domain, { bare, shipped }, sizedAt, onImage);
      const facts: Domain = {
        name: domain.name,
        sizes,
        labelled: labelledConcepts(domain.folder, labels),
        ignored: IGNORE_CLASS,
        minPixels: options.minPixels ?? MIN_PIXELS,
      };
      figures.push(domainFigures(facts, pictures, { name: bare.name, labels }, options.common));
    }
    return { ref: bare.ref, input: bare.input, figures };
  } finally {
    await Promise.all([weak.close(), asShipped.close()]);
  }
}

/** What every model has a word for; a muck truck counts as a truck where labels know no more. */
async function commonConcepts(modelDirs: readonly string[]): Promise<Set<string>> {
  const sets: Set<string>[] = [];
  for (const dir of modelDirs) sets.push(new Set(labelsOf(await readCard(dir)).map(({ concept }) => concept)));
  return new Set([...(sets[0] ?? [])].filter((concept) => sets.every((own) => own.has(concept))));
}

/** Each folder a domain, with every model. @throws EVAL_TRUTH, EDGE_IMAGE, EDGE_MODEL_* */
export async function evaluateDomains(options: DomainOptions): Promise<DomainReport> {
  const startedAt = performance.now();
  const names = namesOf(options.folders);
  const domains: ReadDomain[] = [];
  for (const [i, path] of options.folders.entries()) {
    const folder = readLabels(path);
    domains.push({ folder, name: names[i] ?? path, sha256: await hashOf(folder) });
  }
  const common = await commonConcepts(options.modelDirs);
  const all = options.modelDirs.length * domains.reduce((sum, { folder }) => sum + folder.images.length, 0);
  let done = 0;
  const onImage = () => options.onImage?.(++done, all);
  const runs: ModelRun[] = [];
  for (const modelDir of options.modelDirs) {
    runs.push(await runModel(modelDir, domains, { ...options, sizedAt: runs[0]?.input ?? null, common }, onImage));
  }
  return {
    program: programFacts(),
    models: runs.map(({ ref }) => ref),
    minPixels: options.minPixels ?? MIN_PIXELS,
    domains: domains.map(({ folder, name, sha256 }, i) => ({
      domain: name,
      images: folder.images.length,
      format: folder.format,
      labelled: folder.labelled ?? folder.classes,
      sha256,
      models: runs.map(({ figures }) => figures[i] as DomainFigures),
    })),
    wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}
