import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';
import { coco80, coco91 } from '../domain/coco80.ts';
import type { ModelCard } from './card-schema.ts';
import { licenceFault } from './licence.ts';
import { cardFaults, readCard, specOf } from './read-card.ts';

const models = join(packageRoot(), 'models');
const shipped = readdirSync(models, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join(models, entry.name)).includes('model.yaml'))
  .map((entry) => entry.name);

const card = {
  name: 'm',
  version: '1',
  family: 'nanodet',
  file: 'm.onnx',
  sha256: 'a'.repeat(64),
  licence: 'MIT',
  source: 'here',
  input: { name: 'x', width: 32, height: 32, layout: 'nchw', type: 'float32', channels: 'bgr', resize: 'stretch' },
  outputs: { scores: ['s8', 's16'], distances: ['d8', 'd16'], strides: [8, 16] },
  thresholds: { score: 0.3, nmsIou: 0.6 },
  labels: [{ name: 'stall', concept: 'stall' }],
};
const paths = (value: unknown) => cardFaults(value, 'm').map((fault) => fault.path);

it.each(shipped)('the shipped card %s is valid', async (name) => {
  const spec = specOf(await readCard(join(models, name)));
  expect(spec.name).toBe(name);
  expect(spec.labels.length).toBeGreaterThan(1);
});

it.each(shipped)('the mean of %s is in the order of its channels', async (name) => {
  const { channels, mean, std } = (await readCard(join(models, name))).input;
  // ImageNet's: red is the brightest and spreads the most of the three, green between or least.
  const [first, , last] = mean ?? [0, 0, 0];
  if (first !== last) expect(first > last ? 'rgb' : 'bgr').toBe(channels);
  const [one, , three] = std ?? [1, 1, 1];
  if (one !== three) expect(one > three ? 'rgb' : 'bgr').toBe(channels);
});

/** Where the networks learnt: cv2's BGR in YOLOX (since 0.1.1) and NanoDet, RGB in PaddleDetection and all DETRs. */
it.each([
  ['yolox-', 'bgr'],
  ['nanodet', 'bgr'],
  ['picodet', 'rgb'],
  ['d-fine', 'rgb'],
  ['rt-detr', 'rgb'],
  ['rf-detr', 'rgb'],
  ['kerb', 'rgb'],
])('cards of %s say %s', async (family, channels) => {
  const names = shipped.filter((name) => name.startsWith(family));
  const cards = await Promise.all(names.map((name) => readCard(join(models, name))));
  expect(cards.length).toBeGreaterThan(0);
  for (const { input } of cards) expect(input.channels).toBe(channels);
});

const quantised = shipped.filter((name) => name.endsWith('-int8'));
it('an int8 card says the same as its fp32 card, but for file, hash, thresholds and what was measured', async () => {
  for (const name of quantised) {
    const [own, other] = await Promise.all(
      [name, name.replace(/-int8$/, '')].map((one) => readCard(join(models, one))),
    );
    const same = ({ family, licence, input, outputs, labels, composites, version }: ModelCard) => ({
      family,
      licence,
      input,
      outputs,
      labels,
      composites,
      version,
    });
    expect(own && same(own)).toEqual(other && same(other));
    expect(own?.sha256).not.toBe(other?.sha256);
  }
});

it.each(shipped.filter((name) => !name.startsWith('kerb-')))(
  '%s is permissive and never claims weights it does not know',
  async (name) => {
    const card = await readCard(join(models, name));
    expect(licenceFault(card.licence)).toBeNull();
    // Without a hash the card says what to do about it.
    if (!card.sha256) expect(card.notes).toContain('--sha256');
  },
);

it('COCO has its 80 labels in order', () => {
  expect(coco80).toHaveLength(80);
  expect([0, 13, 24, 39, 56, 60, 79].map((i) => coco80[i]?.name)).toEqual([
    'person',
    'bench',
    'backpack',
    'bottle',
    'chair',
    'dining table',
    'toothbrush',
  ]);
});

it('COCO by category number has gaps, and its last is the same', () => {
  expect([0, 1, 13, 27, 32, 44, 62, 67, 83, 90].map((i) => coco91[i]?.name)).toEqual([
    'unused 0',
    'person',
    'stop sign',
    'backpack',
    'tie',
    'bottle',
    'chair',
    'dining table',
    'unused 83',
    'toothbrush',
  ]);
  expect(coco91.filter((label) => !label.name.startsWith('unused'))).toEqual(coco80);
});

describe('cardFaults', () => {
  it.each([
    ['nothing wrong', card, []],
    ['no card', 'text', ['']],
    ['no such family', { ...card, family: 'rcnn' }, ['family']],
    [
      'unknown keys and wrong values, all at once',
      { ...card, colour: 'red', sha256: 'x', input: { ...card.input, width: 2, depth: 3 } },
      ['colour', 'input.depth', 'input.width', 'sha256'],
    ],
    ['another folder', { ...card, name: 'n' }, ['name']],
    ['a file elsewhere', { ...card, file: '../m.onnx' }, ['file']],
    ['an unknown concept', { ...card, labels: [{ name: 'a', concept: 'spaceship' }] }, ['labels']],
    ['two labels of one name', { ...card, labels: [card.labels[0], card.labels[0]] }, ['labels']],
    ['a stride without its output', { ...card, outputs: { ...card.outputs, scores: ['s8'] } }, ['outputs.scores']],
    [
      'bytes that cannot be normalised',
      { ...card, input: { ...card.input, type: 'uint8', mean: [1, 2, 3] } },
      ['input.mean'],
    ],
    [
      'a score for a label that there is not',
      { ...card, thresholds: { ...card.thresholds, byLabel: { stall: 0.2, tent: 0.1 } } },
      ['thresholds.byLabel.tent'],
    ],
    [
      'a class group with a concept that there is not',
      { ...card, thresholds: { ...card.thresholds, compete: [{ concepts: ['stall', 'cart'], iou: 0.7 }] } },
      ['thresholds.compete[0]'],
    ],
    ['a curve of a label', { ...card, calibration: { stall: { a: 1.2, b: -0.3 } } }, []],
    [
      'curves that no label has, that fall, and that are two things at once',
      { ...card, calibration: { tent: {}, stall: { a: 1, points: [[0.5, 0.4]] } } },
      ['calibration.stall', 'calibration.tent'],
    ],
    ['a curve out of bounds', { ...card, calibration: { stall: { a: 40 } } }, ['calibration.stall.a']],
    [
      'a curve for one state of a truck',
      {
        ...card,
        labels: [
          { name: 'muck', concept: 'muck_truck' },
          { name: 'muck_covered', concept: 'muck_truck', cover: 'covered' },
        ],
        calibration: { muck_covered: { b: 1 } },
      },
      ['calibration.muck_covered'],
    ],
    ['no hash: given when it is fetched', { ...card, sha256: undefined }, []],
    ['a composite of no kind', { ...card, composites: [{ concept: 'stall', by: 'magic' }] }, ['composites[0].by']],
    [
      'a composite with a wrong field',
      { ...card, composites: [{ concept: 'stall', by: 'props', props: [], far: 1 }] },
      ['composites[0].far', 'composites[0].props'],
    ],
  ])('%s', (_, value, expected) => {
    expect(paths(value).sort()).toEqual(expected);
  });
});
