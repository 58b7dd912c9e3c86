/** Figures of a model on labelled still images: classes that both the model and the labels have. */
import type { ModelRef } from '../../contracts/event.ts';
import { coco80 } from '../../edge/domain/coco80.ts';
import { concepts, type Detection } from '../../edge/domain/detection.ts';
import type { Label } from '../../edge/domain/model-card.ts';
import { type CocoScores, type FoundBox, overlapOf, scoreCoco, type TruthBox } from '../metrics/coco-ap.ts';
import { type BedConfusion, type BedPair, bedConfusion } from '../metrics/confusion.ts';
import { type BoxScore, MIN_VISIBLE, scoreBoxes } from '../scoring/box-score.ts';
import { pairBeds } from '../scoring/gate-passes.ts';
import type { LabelledImage } from '../truth/label-files.ts';
import { UNSTATED } from '../truth/truth.ts';

/** An image with what the labels and the model say of it. */
export type AnalysedImage = {
  readonly labels: LabelledImage;
  readonly detections: readonly Detection[];
  /** Size of the picture, px. */
  readonly width: number;
  readonly height: number;
  /** Size of the picture inside the model's input, px. */
  readonly scaled: { readonly width: number; readonly height: number };
};

export type ImageReport = {
  readonly program: { readonly name: string; readonly version: string };
  readonly model: ModelRef;
  /** Rendered frames, or pictures whose origin the labels do not tell. */
  readonly origin: 'rendered' | 'unstated';
  readonly format: 'coco' | 'yolo' | 'rendered';
  readonly images: number;
  /** Over labels and pictures, in their order. */
  readonly sha256: string;
  /** Boxes below this score were dropped. */
  readonly minScore: number;
  readonly wallSeconds: number;
  /** By concept, things of 12 px and more at the model's input. */
  readonly boxes: BoxScore;
  /** COCO's twelve numbers over the labels that both have by name, all sizes; null where none has. */
  readonly coco: (CocoScores & { readonly labels: number }) | null;
  /** Load and cover of trucks, by box. */
  readonly frames: BedConfusion;
};

/** VOC's name for it. */
const otherNames: Readonly<Record<string, string>> = { motorbike: 'motorcycle' };

/** What a label is to us: as the model's card says, as COCO's classes are, or a concept by name; else nothing. */
export function conceptOf(name: string, modelLabels: readonly Label[]): string | null {
  const label = otherNames[name] ?? name;
  const known = [...modelLabels, ...coco80].find((own) => own.name === label)?.concept;
  const concept = concepts.find((own) => own === label) ?? known ?? 'other';
  return concept === 'other' ? null : concept;
}

type NamedImage = AnalysedImage & { readonly image: string };

/** Labels that do not tell muck trucks from lorries call both trucks, and so must the model be read. */
function readAs(images: readonly AnalysedImage[], modelLabels: readonly Label[]): (concept: string) => string {
  const known = images.some(({ labels }) =>
    labels.objects.some(({ label }) => conceptOf(label, modelLabels) === 'muck_truck'),
  );
  return (concept) => (concept === 'muck_truck' && !known ? 'truck' : concept);
}

/** Two labels of one concept in one place are one answer: a dog that may be a cat is one animal. */
const SAME_IOU = 0.6;

/** The better of two boxes of one label in one place, for the pictures of one list. */
export function onceByConcept(found: readonly FoundBox[]): FoundBox[] {
  const kept: FoundBox[] = [];
  for (const box of found.toSorted((a, b) => b.score - a.score)) {
    const known = kept.some(({ label, box: other }) => label === box.label && overlapOf(other, box.box) > SAME_IOU);
    if (!known) kept.push(box);
  }
  return kept;
}

function conceptBoxes(image: NamedImage, modelLabels: readonly Label[], read: (concept: string) => string) {
  const { width, height } = image.scaled;
  const scale = ([x, y, w, h]: readonly [number, number, number, number]) =>
    [x * width, y * height, w * width, h * height] as const;
  const truths = image.labels.objects.flatMap(({ label, box, visible, crowd }): TruthBox[] => {
    const concept = conceptOf(label, modelLabels);
    const ignore = visible < MIN_VISIBLE;
    return concept === null ? [] : [{ image: image.image, label: concept, box: scale(box), crowd, ignore }];
  });
  const found = image.detections.map(
    ({ concept, score, box }): FoundBox => ({ image: image.image, label: read(concept), score, box: scale(box) }),
  );
  return { truths, found: onceByConcept(found) };
}

/** Areas in the picture's own pixels, as COCO's size ranges want them. */
function labelBoxes(image: NamedImage) {
  const { width, height } = image;
  const scale = ([x, y, w, h]: readonly [number, number, number, number]) =>
    [x * width, y * height, w * width, h * height] as const;
  return {
    truths: image.labels.objects.map(
      ({ label, box, crowd }): TruthBox => ({ image: image.image, label, box: scale(box), crowd }),
    ),
    found: image.detections.map(
      ({ label, score, box }): FoundBox => ({ image: image.image, label, score, box: scale(box) }),
    ),
  };
}

function bedsOf({ labels, detections }: NamedImage): BedPair[] {
  return pairBeds({ objects: labels.objects.map(({ label, ...object }) => ({ class: label, ...object })) }, detections);
}

/** Figures of all images. @param modelLabels labels of the model’s card, with their concepts */
export function reportImages(
  images: readonly AnalysedImage[],
  modelLabels: readonly Label[],
  facts: Omit<ImageReport, 'images' | 'boxes' | 'coco' | 'frames'>,
): ImageReport {
  const named = images.map((image): NamedImage => ({ ...image, image: image.labels.file }));
  const skies = new Map(named.map(({ image, labels }) => [image, labels]));
  const skyOf = (image: string) => {
    const { light = UNSTATED, weather = UNSTATED } = skies.get(image) ?? {};
    return { light, weather };
  };
  const read = readAs(images, modelLabels);
  const byConcept = named.map((image) => conceptBoxes(image, modelLabels, read));
  const known = new Set(modelLabels.map(({ concept }) => read(concept)));
  const byLabel = named.map(labelBoxes);
  const names = new Set(modelLabels.map(({ name }) => name));
  const shared = byLabel.flatMap(({ truths }) => truths).filter(({ label }) => names.has(String(label)));
  const labels = new Set(shared.map(({ label }) => label)).size;
  const found = byLabel.flatMap((boxes) => boxes.found);
  return {
    ...facts,
    images: images.length,
    boxes: scoreBoxes(
      { truths: byConcept.flatMap(({ truths }) => truths), found: byConcept.flatMap((boxes) => boxes.found), skyOf },
      known,
    ),
    coco: labels === 0 ? null : { ...scoreCoco(shared, found), labels },
    frames: bedConfusion(named.flatMap(bedsOf)),
  };
}
