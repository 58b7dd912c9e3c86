import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, full, inPixels, plain, rows, spec, tensor } from '../../tests/detectors/golden.ts';
import type { Label, Thresholds } from '../domain/model-card.ts';
import { createDecoder } from './decode.ts';
import type { FamilyOutputs } from './families.ts';
import { forScoring, type ModelSpec } from './model-spec.ts';

describe('a decoder', () => {
  const outputs = { family: 'kerb', boxes: 'boxes', scores: 'scores' } as const;
  const trucks: Label[] = [
    { name: 'covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
    { name: 'empty', concept: 'muck_truck', load: 'empty', cover: 'uncovered' },
    { name: 'person', concept: 'person' },
  ];
  const boxes = rows([1, 3, 4], { 0: [10, 10, 30, 30], 1: [11, 10, 31, 30], 2: [10, 10, 30, 30] });

  it('one truck in two states is one box, with the state of the better; a person before it stays', () => {
    const scores = rows([1, 3, 3], { 0: [0.6, 0.1, 0], 1: [0.2, 0.7, 0], 2: [0, 0, 0.5] });
    const found = decode(outputs, { boxes, scores }, { labels: trucks });
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
    const [found] = decode(outputs, { boxes: low, scores }, { labels: trucks }, placement);
    expect(found?.box).toEqual([-4 / 64, 16 / 24, 16 / 64, 16 / 24]);
  });

  it('what is no box, or far outside, is left out', () => {
    const odd = rows([1, 3, 4], { 0: [10, 10, 10, 30], 1: [Number.NaN, 0, 5, 5], 2: [-200, 0, 10, 10] });
    const scores = rows([1, 3, 3], { 0: [0.9, 0, 0], 1: [0.9, 0, 0], 2: [0.9, 0, 0] });
    expect(decode(outputs, { boxes: odd, scores }, { labels: trucks })).toEqual([]);
  });

  it('three states of a load are one group, and so is the truck whose state is not known', () => {
    const states: Label[] = [
      { name: 'truck', concept: 'truck' },
      { name: 'muck_truck', concept: 'muck_truck' },
      { name: 'muck_truck_partly', concept: 'muck_truck', load: 'loaded', cover: 'partly' },
      { name: 'muck_truck_covered', concept: 'muck_truck', load: 'loaded', cover: 'covered' },
    ];
    const classGroups = [{ concepts: ['truck', 'muck_truck'] as ('truck' | 'muck_truck')[], iou: 0.7 }];
    // Three boxes on one vehicle: overlaps of about 0.9; and a fourth beside it that overlaps by a half.
    const four = rows([1, 4, 4], {
      0: [10, 10, 30, 30],
      1: [11, 10, 31, 30],
      2: [10, 11, 30, 31],
      3: [20, 10, 46, 30],
    });
    const scores = rows([1, 4, 4], { 0: [0.9], 1: [0, 0, 0.8], 2: [0, 0.7], 3: [0, 0, 0, 0.6] });
    const labelsOf = (thresholds: Thresholds) =>
      decode(outputs, { boxes: four, scores }, { labels: states, thresholds }).map(({ label }) => label);
    expect(labelsOf({ ...plain, classGroups })).toEqual(['truck', 'muck_truck_covered']);
    expect(labelsOf({ ...plain, classGroups: [] })).toEqual(['truck', 'muck_truck_partly', 'muck_truck_covered']);
  });

  it('for scoring, a lorry that may be a muck truck is both; to a camera it is one thing', () => {
    const lorries: Label[] = [...trucks, { name: 'truck', concept: 'truck' }];
    const thresholds = { ...plain, classGroups: [{ concepts: ['truck' as const, 'muck_truck' as const], iou: 0.6 }] };
    const scores = rows([1, 3, 4], { 0: [0.45, 0.31, 0, 0.5], 1: [0, 0, 0, 0.4], 2: [0, 0, 0.001, 0] });
    const camera = spec(outputs, { labels: lorries, thresholds });
    const labelsOf = (model: ModelSpec) =>
      createDecoder(model)({ boxes, scores }, full).map(({ label, score }) => [label, score]);
    expect(labelsOf(camera)).toEqual([['truck', 0.5]]);
    expect(labelsOf(forScoring(camera, 0.001, 100))).toEqual([
      ['truck', 0.5],
      ['covered', expect.closeTo(0.45)],
      ['person', expect.closeTo(0.001)],
    ]);
  });

  it('holds each label to its own score; what is too little of one may be enough of another', () => {
    const thresholds = { ...plain, score: 0.5, byLabel: { covered: 0.7, person: 0.2 } };
    const scores = rows([1, 3, 3], { 0: [0.69, 0, 0], 1: [0.6, 0.55, 0.1], 2: [0, 0, 0.21] });
    expect(inPixels(decode(outputs, { boxes, scores }, { labels: trucks, thresholds }))).toEqual([
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
        const found = decode(outputs, tensors, { labels: trucks, thresholds });
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
