/** Runs a model of ours over the 128 photographs of coco128-train and scores it as COCO does. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { findFamily } from '../../edge/detectors/families.ts';
import { coco80 } from '../../edge/domain/coco80.ts';
import type { Concept } from '../../edge/domain/detection.ts';
import { placeImage } from '../../edge/images/place-image.ts';
import { readImage } from '../../edge/images/read-image.ts';
import { createInference } from '../../edge/inference/index.ts';
import type { ModelCard } from '../../edge/models/card-schema.ts';
import {
  type CocoScores,
  createApTable,
  type FoundBox,
  scoreCoco,
  type TruthBox,
} from '../../evaluation/metrics/coco-ap.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { sharedFile } from '../needs.ts';

/** A copy of one of our model folders with its weights from the test inputs and, where given, other thresholds. */
export function modelFolder(name: string, change: (card: ModelCard) => void = () => {}): string {
  const card = parse(readFileSync(join(packageRoot(), 'models', name, 'model.yaml'), 'utf8')) as ModelCard;
  const folder = join(mkdtempSync(join(tmpdir(), 'kerbwatch-model-')), name);
  mkdirSync(folder);
  const own = join(packageRoot(), 'models', name, card.file);
  const weights = existsSync(own) ? own : sharedFile(`models/${card.file}`);
  if (weights) cpSync(weights, join(folder, card.file));
  change(card);
  writeFileSync(join(folder, 'model.yaml'), stringify(card));
  return folder;
}

function truthsOf(image: string, labels: string, width: number, height: number): TruthBox[] {
  const rows = readFileSync(labels, 'utf8').trim().split('\n').filter(Boolean);
  return rows.map((row) => {
    const [label = 0, cx = 0, cy = 0, w = 0, h = 0] = row.split(' ').map(Number);
    return {
      image,
      label: coco80[label]?.name ?? '',
      box: [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height],
    };
  });
}

type Found = FoundBox & { readonly concept: Concept };

/** What a model folder finds in the photographs, and what is in them. */
async function lookAtPhotos(folder: string): Promise<{ readonly truths: TruthBox[]; readonly found: Found[] }> {
  const inference = createInference({ log: createLog({ level: 'warn' }) });
  try {
    const detector = await inference.loadDetector(folder);
    const photos = sharedFile('images/coco128-train/images') ?? '';
    const truths: TruthBox[] = [];
    const found: Found[] = [];
    for (const photo of readdirSync(photos)) {
      const picture = await readImage(join(photos, photo));
      const { width, height } = picture;
      const labels = sharedFile(`images/coco128-train/labels/${basename(photo, '.jpg')}.txt`);
      if (labels && existsSync(labels)) truths.push(...truthsOf(photo, labels, width, height));
      for (const { concept, label, score, box } of await detector.detect(
        placeImage(picture, detector.input),
        picture,
      )) {
        found.push({
          image: photo,
          concept,
          label,
          score,
          box: [box[0] * width, box[1] * height, box[2] * width, box[3] * height],
        });
      }
    }
    return { truths, found };
  } finally {
    await inference.close();
  }
}

/** A copy of a model at the reference's settings: NMS IoU 0.6 by label, none where the graph needs none; 100 boxes a photograph. */
function atReference(name: string, minScore: number, change: (card: ModelCard) => void = () => {}): string {
  return modelFolder(name, (card) => {
    const nmsFree = findFamily(card.family)?.nmsFree === true;
    card.thresholds = { score: minScore, ...(nmsFree ? {} : { nmsIou: 0.6 }), maxBoxes: 100 };
    change(card);
  });
}

export async function scoreOnCoco128(name: string, minScore: number): Promise<CocoScores> {
  const { truths, found } = await lookAtPhotos(atReference(name, minScore));
  return scoreCoco(truths, found);
}

/** The same with red and blue changed over, as a card would say it. */
export async function scoreOtherColours(name: string, minScore: number): Promise<CocoScores> {
  const folder = atReference(name, minScore, ({ input }) => {
    input.channels = input.channels === 'rgb' ? 'bgr' : 'rgb';
    if (input.mean) input.mean = [input.mean[2], input.mean[1], input.mean[0]];
    if (input.std) input.std = [input.std[2], input.std[1], input.std[0]];
  });
  const { truths, found } = await lookAtPhotos(folder);
  return scoreCoco(truths, found);
}

/** What of COCO our own model has a word for; a lorry that it takes for a muck truck is a truck to COCO. */
const shared = ['person', 'bicycle', 'car', 'truck'] as const;

/** AP at an overlap of 0.5, and how many there are, of the things that a model of rendered scenes shares with COCO. */
export async function scoreSharedOnCoco128(name: string, minScore: number) {
  const { truths, found } = await lookAtPhotos(atReference(name, minScore));
  const inCommon = truths.filter(({ label }) => shared.some((one) => one === label));
  const renamed = found.map((box) => ({ ...box, label: box.concept === 'muck_truck' ? 'truck' : box.concept }));
  const table = createApTable(inCommon, renamed);
  const rows = table.labels.flatMap((label) => {
    const score = table.score(label, [0.5], [0, Number.POSITIVE_INFINITY]);
    return score ? [{ label, truths: score.truths, ap50: score.ap }] : [];
  });
  return rows.sort((a, b) => b.truths - a.truths);
}
