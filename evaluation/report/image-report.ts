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

/** An image that was looked at. */
export type ImageLook = {
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

/** What a label is to us: as the model's card says, as COCO's classes are, or a concept by name; else nothing. */
export function conceptOf(label: string, modelLabels: readonly Label[]): string | null {
  const known = [...modelLabels, ...coco80].find(({ name }) => name === label)?.concept;
  const concept = concepts.find((name) => name === label) ?? known ?? 'other';
  return concept === 'other' ? null : concept;
}

type Look = ImageLook & { readonly image: string };

/** Labels that do not tell muck trucks from lorries call both trucks, and so must the model be read. */
function readAs(looks: readonly ImageLook[], modelLabels: readonly Label[]): (concept: string) => string {
  const told = looks.some(({ labels }) =>
    labels.objects.some(({ label }) => conceptOf(label, modelLabels) === 'muck_truck'),
  );
  return (concept) => (concept === 'muck_truck' && !told ? 'truck' : concept);
}

/** Two labels of one concept in one place are one answer: a dog that may be a cat is one animal. */
const SAME_IOU = 0.6;

function onceByConcept(found: readonly FoundBox[]): FoundBox[] {
  const kept: FoundBox[] = [];
  for (const box of found.toSorted((a, b) => b.score - a.score)) {
    const told = kept.some(({ label, box: other }) => label === box.label && overlapOf(other, box.box) > SAME_IOU);
    if (!told) kept.push(box);
  }
  return kept;
}

function conceptBoxes(look: Look, modelLabels: readonly Label[], read: (concept: string) => string) {
  const { width, height } = look.scaled;
  const scale = ([x, y, w, h]: readonly [number, number, number, number]) =>
    [x * width, y * height, w * width, h * height] as const;
  const truths = look.labels.objects.flatMap(({ label, box, visible, crowd }): TruthBox[] => {
    const concept = conceptOf(label, modelLabels);
    const ignore = visible < MIN_VISIBLE;
    return concept === null ? [] : [{ image: look.image, label: concept, box: scale(box), crowd, ignore }];
  });
  const found = look.detections.map(
    ({ concept, score, box }): FoundBox => ({ image: look.image, label: read(concept), score, box: scale(box) }),
  );
  return { truths, found: onceByConcept(found) };
}

/** Areas in the picture's own pixels, as COCO's size ranges want them. */
function labelBoxes(look: Look) {
  const { width, height } = look;
  const scale = ([x, y, w, h]: readonly [number, number, number, number]) =>
    [x * width, y * height, w * width, h * height] as const;
  return {
    truths: look.labels.objects.map(
      ({ label, box, crowd }): TruthBox => ({ image: look.image, label, box: scale(box), crowd }),
    ),
    found: look.detections.map(
      ({ label, score, box }): FoundBox => ({ image: look.image, label, score, box: scale(box) }),
    ),
  };
}

function bedsOf({ labels, detections }: Look): BedPair[] {
  return pairBeds({ objects: labels.objects.map(({ label, ...object }) => ({ class: label, ...object })) }, detections);
}

export function reportImages(
  looks: readonly ImageLook[],
  modelLabels: readonly Label[],
  facts: Omit<ImageReport, 'images' | 'boxes' | 'coco' | 'frames'>,
): ImageReport {
  const named = looks.map((look): Look => ({ ...look, image: look.labels.file }));
  const skies = new Map(named.map(({ image, labels }) => [image, labels]));
  const skyOf = (image: string) => {
    const { light = UNSTATED, weather = UNSTATED } = skies.get(image) ?? {};
    return { light, weather };
  };
  const read = readAs(looks, modelLabels);
  const byConcept = named.map((look) => conceptBoxes(look, modelLabels, read));
  const known = new Set(modelLabels.map(({ concept }) => read(concept)));
  const byLabel = named.map(labelBoxes);
  const names = new Set(modelLabels.map(({ name }) => name));
  const shared = byLabel.flatMap(({ truths }) => truths).filter(({ label }) => names.has(String(label)));
  const labels = new Set(shared.map(({ label }) => label)).size;
  const found = byLabel.flatMap((boxes) => boxes.found);
  return {
    ...facts,
    images: looks.length,
    boxes: scoreBoxes(
      { truths: byConcept.flatMap(({ truths }) => truths), found: byConcept.flatMap((boxes) => boxes.found), skyOf },
      known,
    ),
    coco: labels === 0 ? null : { ...scoreCoco(shared, found), labels },
    frames: bedConfusion(named.flatMap(bedsOf)),
  };
}
