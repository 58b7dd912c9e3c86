/** Golden tensors of every family: small, made by hand, with the boxes worked out on paper. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { FamilyOutputs, Label, ModelSpec } from '../domain/model-card.ts';
import type { Tensors } from './candidates.ts';
import { createDecoder, forScoring } from './decode.ts';

const labels: readonly Label[] = [
  { name: 'person', concept: 'person' },
  { name: 'stall', concept: 'stall' },
];

const plain: ModelSpec['thresholds'] = { score: 0.3, byLabel: {}, nmsIou: 0.6, compete: [], maxBoxes: 100 };

function spec(outputs: FamilyOutputs, more: Partial<ModelSpec> = {}): ModelSpec {
  return {
    name: 'golden',
    version: '1',
    file: 'golden.onnx',
    sha256: '0'.repeat(64),
    licence: 'Apache-2.0',
    input: {
      name: 'x',
      width: 64,
      height: 32,
      layout: 'nchw',
      type: 'float32',
      channels: 'rgb',
      resize: 'letterbox',
      align: 'top-left',
      pad: 114,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    outputs,
    thresholds: plain,
    labels,
    composites: [],
    ...more,
  };
}

/** The picture fills the input: shares are pixels over 64 and 32. */
const full: Placement = { offsetX: 0, offsetY: 0, scaledWidth: 64, scaledHeight: 32 };
const tensor = (dims: number[], values: readonly number[] = []) => {
  const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
  data.set(values);
  return { data, dims };
};
function rows(dims: [number, number, number], filled: Record<number, readonly number[]>) {
  const whole = tensor(dims);
  for (const [row, values] of Object.entries(filled)) whole.data.set(values, Number(row) * dims[2]);
  return whole;
}
/** Boxes in pixels of the input, to compare with the paper. */
const inPixels = (found: readonly Detection[]) =>
  found.map(({ label, score, box: [x, y, w, h] }) => [
    label,
    Number(score.toFixed(4)),
    ...[x * 64, y * 32, w * 64, h * 32].map((value) => Number(value.toFixed(3))),
  ]);

function run(outputs: FamilyOutputs, tensors: Tensors, more: Partial<ModelSpec> = {}, placement = full) {
  return createDecoder(spec(outputs, more))(tensors, placement);
}

describe('yolox', () => {
  it('a cell of the second stride: centre and size in strides, objectness times class', () => {
    // Strides 16 and 32: 4 × 2 cells, then 2 × 1. Row 9 is stride 32, cell (1, 0).
    const grid = rows([1, 10, 7], {
      2: [0.5, 0.25, 0, Math.log(0.5), 0.2, 1, 1],
      5: [0.5, 0.25, 0, Math.log(0.5), 0.8, 0.1, 0.75],
      9: [0.25, 0.5, Math.log(0.5), 0, 0.9, 0.5, 0.4],
    });
    const outputs: FamilyOutputs = { family: 'yolox', grid: 'grid', strides: [16, 32] };
    expect(inPixels(run(outputs, { grid }))).toEqual([
      // Row 5 is stride 16, cell (1, 1): centre (1.5, 1.25) · 16 = (24, 20), size 16 × 8.
      ['stall', 0.6, 16, 16, 16, 8],
      // Centre (1.25, 0.5) · 32 = (40, 16), size 16 × 32.
      ['person', 0.45, 32, 0, 16, 32],
    ]);
  });
});

describe('nanodet', () => {
  const outputs: FamilyOutputs = { family: 'nanodet', scores: ['s'], distances: ['d'], strides: [16], bins: 4 };
  it('takes the expected bin of each side, in strides from the middle of the cell', () => {
    // Logits that put all on one bin, and one side split evenly between bins 0 and 1.
    const on = (bin: number) => Array.from({ length: 4 }, (_, i) => (i === bin ? 100 : 0));
    const s = rows([1, 8, 2], { 6: [0.1, 0.9] });
    const d = rows([1, 8, 16], { 6: [...on(1), ...on(0), ...on(2), 100, 100, 0, 0] });
    // Cell (2, 1): middle (40, 24); left 16, top 0, right 32, bottom 8.
    expect(inPixels(run(outputs, { s, d }))).toEqual([['stall', 0.9, 24, 24, 48, 8]]);
  });
});

describe('nanodet-plus', () => {
  const outputs: FamilyOutputs = { family: 'nanodet-plus', grid: 'g', strides: [16, 32], bins: 4 };
  it('reads scores and distances from one row, from the corner of the cell', () => {
    const on = (bin: number) => Array.from({ length: 4 }, (_, i) => (i === bin ? 100 : 0));
    const sides = [...on(1), ...on(0), ...on(2), 100, 100, 0, 0];
    // Strides 16 and 32: 4 × 2 cells, then 2 × 1. Row 6 is cell (2, 1) of stride 16, corner (32, 16).
    const g = rows([1, 10, 18], {
      6: [0.1, 0.9, ...sides],
      9: [0.5, 0.2, ...on(0), ...on(1), ...on(1), ...on(1)],
    });
    expect(inPixels(run(outputs, { g }))).toEqual([
      ['stall', 0.9, 16, 16, 48, 8],
      // Row 9 is cell (1, 0) of stride 32.
      ['person', 0.5, 32, -32, 32, 64],
    ]);
  });
});

describe('yolov8', () => {
  it('reads channel first: centre, size, then a score a class', () => {
    // Three candidates; each line is a channel.
    const grid = tensor(
      [1, 6, 3],
      [...[10, 30, 50], ...[10, 16, 8], ...[4, 20, 6], ...[6, 10, 4], ...[0.2, 0.4, 0.95], ...[0.1, 0.7, 0.05]],
    );
    expect(inPixels(run({ family: 'yolov8', grid: 'grid' }, { grid }))).toEqual([
      ['person', 0.95, 47, 6, 6, 4],
      ['stall', 0.7, 20, 11, 20, 10],
    ]);
  });
});

describe('end2end', () => {
  const table = rows([1, 4, 6], {
    0: [8, 4, 24, 20, 0.9, 1],
    1: [9, 4, 24, 20, 0.8, 1],
    2: [0, 0, 10, 10, 0.9, -1],
    3: [0, 0, 10, 10, 0.9, 2],
  });
  it('keeps what the graph kept, without suppressing again, and skips empty rows and unknown labels', () => {
    const thresholds = { ...plain, nmsIou: null };
    expect(inPixels(run({ family: 'end2end', rows: 'r', boxes: 'pixels' }, { r: table }, { thresholds }))).toEqual([
      ['stall', 0.9, 8, 4, 16, 16],
      ['stall', 0.8, 9, 4, 15, 16],
    ]);
  });
  it('may give shares of the input', () => {
    const r = rows([1, 1, 6], { 0: [0.25, 0.5, 0.5, 1, 0.5, 0] });
    expect(inPixels(run({ family: 'end2end', rows: 'r', boxes: 'shares' }, { r }))).toEqual([
      ['person', 0.5, 16, 16, 16, 16],
    ]);
  });
});

describe('detr', () => {
  const boxes = rows([1, 2, 4], { 0: [0.5, 0.5, 0.25, 0.5], 1: [0.1, 0.1, 0.1, 0.1] });
  it('sigmoid of the logits', () => {
    const logits = rows([1, 2, 2], { 0: [0, Math.log(3)], 1: [-5, -5] });
    const outputs = { family: 'detr', boxes: 'b', logits: 'l', activation: 'sigmoid' } as const;
    expect(inPixels(run(outputs, { b: boxes, l: logits }))).toEqual([['stall', 0.75, 24, 8, 16, 16]]);
  });
  it('softmax with a last class of nothing, which is never a label', () => {
    // e^ln3 : e^0 : e^ln4 = 3 : 1 : 4.
    const logits = rows([1, 2, 3], { 0: [Math.log(3), 0, Math.log(4)], 1: [0, 0, 9] });
    const outputs = { family: 'detr', boxes: 'b', logits: 'l', activation: 'softmax' } as const;
    expect(inPixels(run(outputs, { b: boxes, l: logits }))).toEqual([['person', 0.375, 24, 8, 16, 16]]);
  });
});

describe('kerb', () => {
  const outputs = { family: 'kerb', boxes: 'boxes', scores: 'scores' } as const;
  const trucks: Label[] = [
    { name: 'covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
    { name: 'empty', concept: 'muck_truck', load: 'empty', cover: 'uncovered' },
    { name: 'person', concept: 'person' },
  ];
  const boxes = rows([1, 3, 4], { 0: [10, 10, 30, 30], 1: [11, 10, 31, 30], 2: [10, 10, 30, 30] });

  it('one truck in two states is one box, with the state of the better; a person before it stays', () => {
    const scores = rows([1, 3, 3], { 0: [0.6, 0.1, 0], 1: [0.2, 0.7, 0], 2: [0, 0, 0.5] });
    const found = run(outputs, { boxes, scores }, { labels: trucks });
    expect(inPixels(found)).toEqual([
      ['empty', 0.7, 11, 10, 20, 20],
      ['person', 0.5, 10, 10, 20, 20],
    ]);
    expect(found[0]).toMatchObject({ concept: 'muck_truck', load: 'empty', cover: 'uncovered' });
    expect(found[1]).not.toHaveProperty('load');
  });

  it('boxes come back through the letterbox, and are never clipped: the foot stays where it is', () => {
    const scores = rows([1, 3, 3], { 0: [0.9, 0, 0] });
    const low = rows([1, 3, 4], { 0: [-4, 20, 12, 36] });
    const placement = { offsetX: 0, offsetY: 4, scaledWidth: 64, scaledHeight: 24 };
    const [found] = run(outputs, { boxes: low, scores }, { labels: trucks }, placement);
    expect(found?.box).toEqual([-4 / 64, 16 / 24, 16 / 64, 16 / 24]);
  });

  it('what is no box, or far outside, is left out', () => {
    const odd = rows([1, 3, 4], { 0: [10, 10, 10, 30], 1: [Number.NaN, 0, 5, 5], 2: [-200, 0, 10, 10] });
    const scores = rows([1, 3, 3], { 0: [0.9, 0, 0], 1: [0.9, 0, 0], 2: [0.9, 0, 0] });
    expect(run(outputs, { boxes: odd, scores }, { labels: trucks })).toEqual([]);
  });

  it('three states of a load compete, and so does the truck whose state is not known', () => {
    const states: Label[] = [
      { name: 'truck', concept: 'truck' },
      { name: 'muck_truck', concept: 'muck_truck' },
      { name: 'muck_truck_partly', concept: 'muck_truck', load: 'loaded', cover: 'partly' },
      { name: 'muck_truck_covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
    ];
    const compete = [{ concepts: ['truck', 'muck_truck'] as ('truck' | 'muck_truck')[], iou: 0.7 }];
    // Three boxes on one vehicle: overlaps of about 0.9; and a fourth beside it that overlaps by a half.
    const four = rows([1, 4, 4], {
      0: [10, 10, 30, 30],
      1: [11, 10, 31, 30],
      2: [10, 11, 30, 31],
      3: [20, 10, 46, 30],
    });
    const scores = rows([1, 4, 4], { 0: [0.9], 1: [0, 0, 0.8], 2: [0, 0.7], 3: [0, 0, 0, 0.6] });
    const told = (thresholds: ModelSpec['thresholds']) =>
      run(outputs, { boxes: four, scores }, { labels: states, thresholds }).map(({ label }) => label);
    expect(told({ ...plain, compete })).toEqual(['truck', 'muck_truck_covered']);
    expect(told({ ...plain, compete: [] })).toEqual(['truck', 'muck_truck_partly', 'muck_truck_covered']);
  });

  it('for scoring, a lorry that may be a muck truck is both; to a camera it is one thing', () => {
    const lorries: Label[] = [...trucks, { name: 'truck', concept: 'truck' }];
    const thresholds = { ...plain, compete: [{ concepts: ['truck' as const, 'muck_truck' as const], iou: 0.6 }] };
    const scores = rows([1, 3, 4], { 0: [0.45, 0.31, 0, 0.5], 1: [0, 0, 0, 0.4], 2: [0, 0, 0.001, 0] });
    const camera = spec(outputs, { labels: lorries, thresholds });
    const told = (model: ModelSpec) =>
      createDecoder(model)({ boxes, scores }, full).map(({ label, score }) => [label, score]);
    expect(told(camera)).toEqual([['truck', 0.5]]);
    expect(told(forScoring(camera, 0.001, 100))).toEqual([
      ['truck', 0.5],
      ['covered', expect.closeTo(0.45)],
      ['person', expect.closeTo(0.001)],
    ]);
  });

  it('holds each label to its own score; what is too little of one may be enough of another', () => {
    const thresholds = { ...plain, score: 0.5, byLabel: { covered: 0.7, person: 0.2 } };
    const scores = rows([1, 3, 3], { 0: [0.69, 0, 0], 1: [0.6, 0.55, 0.1], 2: [0, 0, 0.21] });
    expect(inPixels(run(outputs, { boxes, scores }, { labels: trucks, thresholds }))).toEqual([
      ['empty', 0.55, 11, 10, 20, 20],
      ['person', 0.21, 10, 10, 20, 20],
    ]);
  });

  it('gives no two boxes of one label that overlap more than allowed, best first, at most maxBoxes', () => {
    const side = fc.integer({ min: 0, max: 20 });
    const one = fc.tuple(
      side,
      side,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.float({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 30 }), (many) => {
        const n = many.length;
        const tensors = {
          boxes: tensor(
            [1, n, 4],
            many.flatMap(([x, y, w, h]) => [x, y, x + w, y + h]),
          ),
          scores: tensor(
            [1, n, 3],
            many.flatMap(([, , , , score]) => [0, 0, score]),
          ),
        };
        const thresholds = { ...plain, nmsIou: 0.5, maxBoxes: 5 };
        const found = run(outputs, tensors, { labels: trucks, thresholds });
        const above = many.filter(([, , , , score]) => Math.fround(score) >= 0.3);
        expect(found.length > 0).toBe(above.length > 0);
        expect(found.length).toBeLessThanOrEqual(5);
        for (const [i, a] of found.entries()) {
          for (const b of found.slice(i + 1)) {
            expect(a.score).toBeGreaterThanOrEqual(b.score);
            const w = Math.min(a.box[0] + a.box[2], b.box[0] + b.box[2]) - Math.max(a.box[0], b.box[0]);
            const h = Math.min(a.box[1] + a.box[3], b.box[1] + b.box[3]) - Math.max(a.box[1], b.box[1]);
            const both = w > 0 && h > 0 ? w * h : 0;
            expect(both / (a.box[2] * a.box[3] + b.box[2] * b.box[3] - both)).toBeLessThanOrEqual(0.5 + 1e-9);
          }
        }
      }),
    );
  });
});

it('a family without a decoder is an error, never a street without anything', () => {
  const outputs = { family: 'nobody' } as unknown as FamilyOutputs;
  expect(() => createDecoder(spec(outputs))({}, full)).toThrow('no decoder');
});

describe('every label of a box, for scoring, in each family', () => {
  const none = { ...plain, compete: [] };
  const both = (outputs: FamilyOutputs, tensors: Tensors) =>
    createDecoder(forScoring(spec(outputs, { thresholds: none }), 0.01, 100))(tensors, full)
      .filter(({ score }) => score > 0.05)
      .map(({ label, score }) => [label, Number(score.toFixed(3))]);
  const bothLabels = [
    ['stall', 0.72],
    ['person', 0.45],
  ];

  it.each<[string, FamilyOutputs, Tensors]>([
    [
      'yolox',
      { family: 'yolox', grid: 'g', strides: [16, 32] },
      { g: rows([1, 10, 7], { 2: [0, 0, 0, 0, 0.9, 0.5, 0.8] }) },
    ],
    [
      'nanodet',
      { family: 'nanodet', scores: ['s'], distances: ['d'], strides: [16], bins: 2 },
      { s: rows([1, 8, 2], { 2: [0.45, 0.72] }), d: tensor([1, 8, 8]) },
    ],
    [
      'nanodet-plus',
      { family: 'nanodet-plus', grid: 'g', strides: [16, 32], bins: 2 },
      { g: rows([1, 10, 10], { 2: [0.45, 0.72] }) },
    ],
    ['yolov8', { family: 'yolov8', grid: 'g' }, { g: tensor([1, 6, 1], [10, 10, 8, 8, 0.45, 0.72]) }],
    [
      'detr, sigmoid',
      { family: 'detr', boxes: 'b', logits: 'l', activation: 'sigmoid' },
      {
        b: rows([1, 1, 4], { 0: [0.5, 0.5, 0.2, 0.2] }),
        l: tensor(
          [1, 1, 2],
          [0.45, 0.72].map((p) => Math.log(p / (1 - p))),
        ),
      },
    ],
  ])('%s', (_, outputs, tensors) => {
    expect(both(outputs, tensors)).toEqual(bothLabels);
  });

  it('detr, softmax', () => {
    const tensors = {
      b: rows([1, 1, 4], { 0: [0.5, 0.5, 0.2, 0.2] }),
      l: tensor([1, 1, 3], [Math.log(3), Math.log(5), Math.log(2)]),
    };
    expect(both({ family: 'detr', boxes: 'b', logits: 'l', activation: 'softmax' }, tensors)).toEqual([
      ['stall', 0.5],
      ['person', 0.3],
    ]);
  });
});
