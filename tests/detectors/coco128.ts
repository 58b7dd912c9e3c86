/** Runs a model of ours over the 128 photographs of coco128-train and scores it as COCO does. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { coco80 } from '../../edge/domain/coco80.ts';
import type { ModelCard } from '../../edge/domain/model-card.ts';
import { createInference } from '../../edge/inference/index.ts';
import { placeImage } from '../../edge/inference/place-image.ts';
import { readImage } from '../../edge/inference/read-image.ts';
import { type CocoScores, type FoundBox, scoreCoco, type TruthBox } from '../../evaluation/coco-ap.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { sharedFile } from '../needs.ts';

/** A copy of one of our model folders with its weights from the test inputs and, where given, other thresholds. */
export function modelFolder(name: string, change: (card: ModelCard) => void = () => {}): string {
  const card = parse(readFileSync(join(packageRoot(), 'models', name, 'model.yaml'), 'utf8')) as ModelCard;
  const folder = join(mkdtempSync(join(tmpdir(), 'kerbwatch-model-')), name);
  mkdirSync(folder);
  const weights = sharedFile(`models/${card.file}`);
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

/** Scores at the reference's settings: NMS IoU 0.6 by label, 100 boxes a photograph. */
export async function scoreOnCoco128(name: string, minScore: number): Promise<CocoScores> {
  const folder = modelFolder(name, (card) => {
    card.thresholds = { score: minScore, nmsIou: 0.6, maxBoxes: 100 };
  });
  const inference = createInference({ log: createLog({ level: 'warn' }) });
  try {
    const detector = await inference.loadDetector(folder);
    const photos = sharedFile('images/coco128-train/images') ?? '';
    const truths: TruthBox[] = [];
    const found: FoundBox[] = [];
    for (const photo of readdirSync(photos)) {
      const picture = await readImage(join(photos, photo));
      const { width, height } = picture;
      const labels = sharedFile(`images/coco128-train/labels/${basename(photo, '.jpg')}.txt`);
      if (labels && existsSync(labels)) truths.push(...truthsOf(photo, labels, width, height));
      for (const { label, score, box } of await detector.detect(placeImage(picture, detector.input), picture)) {
        found.push({
          image: photo,
          label,
          score,
          box: [box[0] * width, box[1] * height, box[2] * width, box[3] * height],
        });
      }
    }
    return scoreCoco(truths, found);
  } finally {
    await inference.close();
  }
}
