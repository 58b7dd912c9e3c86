/** Figures of models on labelled pictures, domain by domain: what is right on one street may be wrong on the next. */
import type { ModelRef } from '../../contracts/event.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Label } from '../../edge/domain/model-card.ts';
import { createApTable, type FoundBox, type Range, type TruthBox } from '../metrics/coco-ap.ts';
import { type Reliability, reliabilityOf } from '../metrics/reliability.ts';
import { type Share, shareOf } from '../metrics/share.ts';
import { MIN_VISIBLE } from '../scoring/box-score.ts';
import type { LabelledImage } from '../truth/label-files.ts';
import { conceptOf, onceByConcept } from './image-report.ts';

/** One picture as one model sees it. */
export type SeenPicture = {
  readonly labels: LabelledImage;
  /** From a score near 0 on, for AP; and at the card's thresholds, as a camera has them. */
  readonly bare: readonly Detection[];
  readonly shipped: readonly Detection[];
};

/** Labelled pictures of one origin. */
export type Domain = {
  readonly name: string;
  /** Size of each picture at the input that sizes are counted at, px; in the order of the pictures. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** Concepts that are labelled wherever they are. */
  readonly labelled: ReadonlySet<string>;
  /** Labels of regions in which nothing counts. */
  readonly ignored: string;
  readonly minPixels: number;
};

/** At the card's thresholds and one overlap. */
export type AtThreshold = {
  readonly iou: number;
  readonly recall: Share;
  readonly precision: Share;
  readonly falseBoxes: number;
  readonly falsePerPicture: number;
};

export type DomainRow = {
  /** A concept, or several as one: `vehicle`, `stall_or_cart`. */
  readonly label: string;
  /** Things that count; a class without one has false boxes alone. */
  readonly truths: number;
  readonly ap50: number | null;
  readonly ap30: number | null;
  /** At IoU 0.5, then 0.3. */
  readonly atThreshold: readonly AtThreshold[];
  /** Of the boxes from `RELIABILITY_FROM` on, right at IoU 0.5. */
  readonly reliability: Reliability;
};

export type DomainFigures = {
  readonly model: string;
  /** Mean of the classes that have a truth and that every model of the run has a word for; no united ones among them. */
  readonly meanAp50: number | null;
  /** Those classes. */
  readonly meanOver: readonly string[];
  readonly rows: readonly DomainRow[];
  /** All labelled classes together. */
  readonly reliability: Reliability;
};

export type DomainTable = {
  readonly domain: string;
  readonly images: number;
  readonly format: string;
  readonly labelled: readonly string[];
  readonly sha256: string;
  readonly models: readonly DomainFigures[];
};

export type DomainReport = {
  readonly program: { readonly name: string; readonly version: string };
  readonly models: readonly ModelRef[];
  /** Smaller things count neither way: √(w·h) at the first model's input, px. */
  readonly minPixels: number;
  readonly domains: readonly DomainTable[];
  readonly wallSeconds: number;
};

/** Weak boxes are by far the most, and no reader sees them. */
export const RELIABILITY_FROM = 0.05;
export const overlapSteps = [0.5, 0.3] as const;
const ENDLESS = 1e5;

/** Concepts that are one thing to who only asks whether something is there; asked where each of `labelled` is. */
const unions = [
  { label: 'vehicle', of: ['car', 'bus', 'truck', 'muck_truck'], labelled: ['car', 'bus', 'truck'] },
  { label: 'stall_or_cart', of: ['stall', 'cart'], labelled: ['stall', 'cart'] },
] as const;

type Boxes = {
  readonly truths: readonly TruthBox[];
  readonly bare: readonly FoundBox[];
  readonly shipped: readonly FoundBox[];
};

/** Labels that do not tell muck trucks from lorries call both trucks, and so must the model be read. */
function reader({ labelled }: Domain): (concept: string) => string {
  return (concept) =>
    concept === 'muck_truck' && labelled.has('truck') && !labelled.has('muck_truck') ? 'truck' : concept;
}

function boxesOf(domain: Domain, pictures: readonly SeenPicture[], modelLabels: readonly Label[]): Boxes {
  const read = reader(domain);
  const truths: TruthBox[] = [];
  const bare: FoundBox[] = [];
  const shipped: FoundBox[] = [];
  pictures.forEach(({ labels, ...seen }, image) => {
    const { width, height } = domain.sizes[image] ?? { width: 1, height: 1 };
    const place = ([x, y, w, h]: readonly [number, number, number, number]) =>
      [x * width, y * height, w * width, h * height] as const;
    for (const { label, box, visible, crowd } of labels.objects) {
      if (label === domain.ignored) {
        // A region may hide any number of things of any class.
        for (const each of domain.labelled) truths.push({ image, label: each, box: place(box), crowd: true });
        continue;
      }
      const concept = conceptOf(label, modelLabels);
      if (concept === null || !domain.labelled.has(concept)) continue;
      truths.push({ image, label: concept, box: place(box), crowd, ignore: visible < MIN_VISIBLE });
    }
    for (const [list, into] of [
      [seen.bare, bare],
      [seen.shipped, shipped],
    ] as const) {
      const found = list.map(({ concept, score, box }) => ({ image, label: read(concept), score, box: place(box) }));
      into.push(...onceByConcept(found));
    }
  });
  return { truths, bare, shipped };
}

/** Several concepts under one name; two boxes on one thing are one. A region that is ignored stands for each of them. */
function united(boxes: Boxes, label: string, of: readonly string[]): Boxes {
  const isOf = (box: { readonly label: string | number }) => of.includes(String(box.label));
  const renamed = <T extends TruthBox | FoundBox>(list: readonly T[]): T[] =>
    list.filter(isOf).map((box) => ({ ...box, label }));
  const once = (found: readonly FoundBox[]) => {
    const byImage = new Map<string | number, FoundBox[]>();
    for (const box of renamed(found)) byImage.set(box.image, [...(byImage.get(box.image) ?? []), box]);
    return [...byImage.values()].flatMap(onceByConcept);
  };
  return { truths: renamed(boxes.truths), bare: once(boxes.bare), shipped: once(boxes.shipped) };
}

function rowOf(label: string, boxes: Boxes, { minPixels, sizes }: Domain): DomainRow {
  const area: Range = [minPixels ** 2, ENDLESS ** 2];
  const bare = createApTable(boxes.truths, boxes.bare);
  const shipped = createApTable(boxes.truths, boxes.shipped);
  const [at50, at30] = overlapSteps.map((iou) => bare.score(label, [iou], area));
  const truths = at50?.truths ?? 0;
  const scored = bare.scored(label, 0.5, area).filter(({ score }) => score >= RELIABILITY_FROM);
  return {
    label,
    truths,
    ap50: at50?.ap ?? null,
    ap30: at30?.ap ?? null,
    atThreshold: overlapSteps.map((iou): AtThreshold => {
      const found = shipped.scored(label, iou, area);
      const hits = found.filter(({ right }) => right).length;
      const falseBoxes = found.length - hits;
      return {
        iou,
        recall: shareOf(hits, truths),
        precision: shareOf(hits, found.length),
        falseBoxes,
        falsePerPicture: sizes.length === 0 ? 0 : falseBoxes / sizes.length,
      };
    }),
    reliability: reliabilityOf(scored),
  };
}

/**
 * Figures of one model on one domain.
 * @param pictures in the order of `domain.sizes`
 * @param common concepts that every model of the run has a word for: the mean is over these
 */
export function domainFigures(
  domain: Domain,
  pictures: readonly SeenPicture[],
  model: { readonly name: string; readonly labels: readonly Label[] },
  common: ReadonlySet<string>,
): DomainFigures {
  const read = reader(domain);
  const known = new Set(model.labels.map(({ concept }) => read(concept)));
  const boxes = boxesOf(domain, pictures, model.labels);
  const classes = [...domain.labelled].filter((concept) => known.has(concept));
  const rows = classes.map((label) => rowOf(label, boxes, domain));
  const asOne = unions
    .filter(({ of, labelled }) => labelled.every((one) => domain.labelled.has(one)) && of.some((one) => known.has(one)))
    .map(({ label, of }) => rowOf(label, united(boxes, label, of), domain));
  const counted = rows.filter(({ label, ap50 }) => ap50 !== null && common.has(label));
  const area: Range = [domain.minPixels ** 2, ENDLESS ** 2];
  const table = createApTable(boxes.truths, boxes.bare);
  const all = classes.flatMap((label) => table.scored(label, 0.5, area));
  return {
    model: model.name,
    meanAp50: counted.length === 0 ? null : counted.reduce((sum, { ap50 }) => sum + (ap50 ?? 0), 0) / counted.length,
    meanOver: counted.map(({ label }) => label),
    rows: [...rows.toSorted((a, b) => b.truths - a.truths || a.label.localeCompare(b.label)), ...asOne],
    reliability: reliabilityOf(all.filter(({ score }) => score >= RELIABILITY_FROM)),
  };
}
