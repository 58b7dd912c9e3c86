/** The classes of COCO in the order of its models, and what each is to us. */
import type { Concept } from './detection.ts';
import type { Label } from './model-card.ts';

/**
 * Bags, benches and plants are `other` on purpose: people carry the first, cities plant the others, and none of them
 * makes a stall.
 */
const classes: readonly (readonly [Concept, string])[] = [
  ['person', 'person'],
  ['bicycle', 'bicycle'],
  ['car', 'car'],
  ['motorcycle', 'motorcycle'],
  ['other', 'airplane'],
  ['bus', 'bus'],
  ['other', 'train'],
  ['truck', 'truck'],
  ['other', 'boat, traffic light, fire hydrant, stop sign, parking meter, bench'],
  ['animal', 'bird, cat, dog, horse, sheep, cow, elephant, bear, zebra, giraffe'],
  ['other', 'backpack'],
  ['umbrella', 'umbrella'],
  ['other', 'handbag, tie, suitcase, frisbee, skis, snowboard, sports ball, kite, baseball bat, baseball glove'],
  ['other', 'skateboard, surfboard, tennis racket'],
  ['goods', 'bottle, wine glass, cup'],
  ['other', 'fork, knife, spoon'],
  ['goods', 'bowl, banana, apple, sandwich, orange, broccoli, carrot, hot dog, pizza, donut, cake'],
  ['chair', 'chair'],
  ['other', 'couch, potted plant, bed'],
  ['table', 'dining table'],
  ['other', 'toilet, tv, laptop, mouse, remote, keyboard, cell phone, microwave, oven, toaster, sink, refrigerator'],
  ['other', 'book, clock, vase, scissors, teddy bear, hair drier, toothbrush'],
];

export const coco80: readonly Label[] = classes.flatMap(([concept, names]) =>
  names.split(', ').map((name): Label => ({ name, concept })),
);

/** Category numbers that COCO never used: models with 91 outputs (RF-DETR) have a place for them, and 0 is one of them. */
const unused = [0, 12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
const LAST = 90;

/** By COCO's own category numbers, 0 to 90; the unused ones are `other` and never come. */
export const coco91: readonly Label[] = Array.from({ length: LAST + 1 }, (_, id): Label => {
  const before = unused.filter((gap) => gap < id).length;
  const label = unused.includes(id) ? undefined : coco80[id - before];
  return label ?? { name: `unused ${id}`, concept: 'other' };
});
