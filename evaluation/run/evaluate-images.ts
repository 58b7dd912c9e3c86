/** Runs a folder of labelled images through the edge's own detector adapter and scores what it says. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { placementOf } from '../../edge/domain/placement.ts';
import { placeImage } from '../../edge/images/place-image.ts';
import { readImage } from '../../edge/images/read-image.ts';
import { createInference } from '../../edge/inference/index.ts';
import { labelsOf, readCard } from '../../edge/models/read-card.ts';
import type { Log } from '../../platform/log.ts';
import { type AnalysedImage, type ImageReport, reportImages } from '../report/image-report.ts';
import { programFacts } from './evaluation-facts.ts';
import { inTurn } from './in-turn.ts';
import { readLabels } from './read-labels.ts';

/** AP asks for weak boxes too: recall is counted to its end. */
const MIN_SCORE = 0.001;
/** The scorer takes the best hundred of each class and picture, so that a picture may have more of all. */
const MAX_BOXES = 300;

export type ImageOptions = {
  readonly images: string;
  readonly modelDir: string;
  readonly log: Log;
  /** Boxes below it are dropped; default 0.001. */
  readonly minScore?: number;
  readonly onImage?: (done: number, all: number) => void;
};

/** @throws EVAL_TRUTH, EDGE_IMAGE, EDGE_MODEL_* */
export async function evaluateImages(options: ImageOptions): Promise<ImageReport> {
  const startedAt = performance.now();
  const { format, images, files } = readLabels(options.images);
  const minScore = options.minScore ?? MIN_SCORE;
  const modelLabels = labelsOf(await readCard(options.modelDir));
  const inference = createInference({ log: options.log, scoring: { minScore, maxBoxes: MAX_BOXES } });
  try {
    const detector = await inference.loadDetector(options.modelDir);
    const hash = createHash('sha256').update(JSON.stringify(images));
    let done = 0;
    const analysed = await inTurn(images, availableParallelism(), async (labels, i): Promise<AnalysedImage> => {
      const picture = await readImage(files[i] as string);
      const { width, height } = picture;
      const detections = await detector.detect(placeImage(picture, detector.input), picture);
      const place = placementOf(detector.input, width, height);
      options.onImage?.(++done, images.length);
      return { labels, detections, width, height, scaled: { width: place.scaledWidth, height: place.scaledHeight } };
    });
    for (const file of files) hash.update(readFileSync(file));
    return reportImages(analysed, modelLabels, {
      program: programFacts(),
      model: detector.ref,
      origin: format === 'rendered' ? 'rendered' : 'unstated',
      format,
      sha256: hash.digest('hex'),
      minScore,
      wallSeconds: Math.round((performance.now() - startedAt) / 100) / 10,
    });
  } finally {
    await inference.close();
  }
}
