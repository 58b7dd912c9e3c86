import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreCoco, type TruthBox } from '../../evaluation/metrics/coco-ap.ts';
import { decode, full, onBin, plain, spec, tensor } from '../../tests/detectors/golden.ts';
import type { ScoreCurves } from '../domain/score-curve.ts';
import type { Tensors } from './candidates.ts';
import { createDecoder } from './decode.ts';
import { type Family, type FamilyOutputs, families } from './families.ts';
import { forScoring } from './model-spec.ts';

const logit = (share: number) => Math.log(share / (1 - share));

/** One box each family's way, a person by 0.6 and a stall by 0.5; end-to-end rows and softmax hold what they can. */
const boxes: Record<Family, readonly { readonly outputs: FamilyOutputs; readonly tensors: Tensors }[]> = {
  kerb: [
    {
      outputs: { family: 'kerb', boxes: 'b', scores: 's' },
      tensors: { b: tensor([1, 1, 4], [10, 5, 30, 25]), s: tensor([1, 1, 2], [0.6, 0.5]) },
    },
  ],
  yolov8: [
    {
      outputs: { family: 'yolov8', grid: 'g' },
      tensors: { g: tensor([1, 6, 1], [20, 15, 20, 20, 0.6, 0.5]) },
    },
  ],
  yolox: [
    {
      outputs: { family: 'yolox', grid: 'g', strides: [32] },
      tensors: { g: tensor([1, 2, 7], [0.5, 0.5, 0, 0, 0.8, 0.75, 0.625]) },
    },
  ],
  nanodet: [
    {
      outputs: { family: 'nanodet', scores: ['s'], distances: ['d'], strides: [32], bins: 4 },
      tensors: {
        s: tensor([1, 2, 2], [0.6, 0.5]),
        d: tensor([1, 2, 16], [1, 1, 1, 1].flatMap(onBin)),
      },
    },
  ],
  'nanodet-plus': [
    {
      outputs: { family: 'nanodet-plus', grid: 'g', strides: [32], bins: 4 },
      tensors: { g: tensor([1, 2, 18], [0.6, 0.5, ...[1, 1, 1, 1].flatMap(onBin)]) },
    },
  ],
  detr: [
    {
      outputs: { family: 'detr', boxes: 'b', logits: 'l', activation: 'sigmoid' },
      tensors: { b: tensor([1, 1, 4], [0.5, 0.5, 0.2, 0.4]), l: tensor([1, 1, 2], [logit(0.6), logit(0.5)]) },
    },
    {
      outputs: { family: 'detr', boxes: 'b', logits: 'l', activation: 'softmax' },
      tensors: {
        b: tensor([1, 1, 4], [0.5, 0.5, 0.2, 0.4]),
        l: tensor([1, 1, 3], [Math.log(0.48), Math.log(0.42), Math.log(0.1)]),
      },
    },
  ],
  end2end: [
    {
      outputs: { family: 'end2end', rows: 'r', boxes: 'pixels' },
      tensors: { r: tensor([1, 2, 6], [10, 5, 30, 25, 0.6, 0, 40, 5, 60, 25, 0.5, 1]) },
    },
  ],
  'detr-end2end': [
    {
      outputs: { family: 'detr-end2end', labels: 'l', boxes: 'b', scores: 's', size: 'o' },
      tensors: {
        l: { data: new BigInt64Array([0n, 1n]), dims: [1, 2] },
        b: tensor([1, 2, 4], [10, 5, 30, 25, 40, 5, 60, 25]),
        s: tensor([1, 2], [0.6, 0.5]),
      },
    },
  ],
};

/** A person is worth less than the graph says, a stall more. */
const calibration: ScoreCurves = { person: { b: -1.5 }, stall: { b: 0.5 } };
const chance = (score: number, b: number) => 1 / (1 + Math.exp(-(logit(score) + b)));

const cases = families.flatMap(({ name }) => boxes[name].map((one) => ({ family: name, ...one })));

describe.each(cases)('$family', ({ outputs, tensors }) => {
  const asGiven = decode(outputs, tensors);
  const made = decode(outputs, tensors, { calibration });

  it('scores are chances, labels compete by them, boxes stay', () => {
    expect(asGiven[0]?.label).toBe('person');
    const person = asGiven[0]?.score ?? 0;
    expect(chance(person, -1.5)).toBeLessThan(0.3);
    expect(made.map(({ label }) => label)).toEqual(['stall']);
    const stall =
      asGiven.find(({ label }) => label === 'stall')?.score ??
      (outputs.family === 'detr' && 'activation' in outputs && outputs.activation === 'softmax' ? 0.42 : 0.5);
    expect(made[0]?.score).toBeCloseTo(chance(stall, 0.5), 5);
    const sameBox = asGiven.find(({ label }) => label === 'stall') ?? asGiven[0];
    expect(made[0]?.box).toEqual(sameBox?.box);
  });

  it('a threshold is a chance: just above it the box is gone', () => {
    const at = made[0]?.score ?? 0;
    const asking = (stall: number) =>
      decode(outputs, tensors, { calibration, thresholds: { ...plain, score: 0.99, byLabel: { stall } } });
    expect(asking(at - 1e-4)).toHaveLength(1);
    expect(asking(at + 1e-4)).toHaveLength(0);
  });

  it('a curve that changes nothing gives the same detections', () => {
    const same = decode(outputs, tensors, { calibration: { person: { a: 1 } } });
    expect(same.map(({ score, ...rest }) => ({ ...rest, score: expect.closeTo(score, 9) as number }))).toEqual(asGiven);
  });
});

it('average precision does not change, whatever the curves', () => {
  const outputs = { family: 'kerb', boxes: 'b', scores: 's' } as const;
  const place = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 20 }));
  // Scores apart by a hundredth at least: equal ones keep their order with or without a curve.
  const scores = fc.uniqueArray(fc.integer({ min: 3, max: 97 }), { minLength: 2, maxLength: 40 });
  const curve = fc.record({
    a: fc.double({ min: 0.3, max: 3, noNaN: true }),
    b: fc.double({ min: -3, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 20, maxLength: 20 }),
      scores,
      curve,
      curve,
      (places, list, person, stall) => {
        const n = Math.min(20, Math.floor(list.length / 2));
        const tensors = {
          b: tensor(
            [1, n, 4],
            places.slice(0, n).flatMap(([x, y]) => [x, y, x + 12, y + 10]),
          ),
          s: tensor(
            [1, n, 2],
            list.slice(0, 2 * n).map((score) => score / 100),
          ),
        };
        const truths: TruthBox[] = places
          .slice(0, n)
          .filter((_, i) => i % 2 === 0)
          .map(([x, y], i) => ({
            ...{ image: 1, label: i % 3 === 0 ? 'stall' : 'person' },
            box: [x / 64, y / 32, 12 / 64, 10 / 32],
          }));
        const apOf = (curves: ScoreCurves) => {
          const scoring = forScoring(spec(outputs, { calibration: curves }), 0.01, 100);
          const found = createDecoder(scoring)(tensors, full).map((one) => ({ ...one, image: 1 }));
          return scoreCoco(truths, found);
        };
        expect(apOf({ person, stall })).toEqual(apOf({}));
      },
    ),
  );
});
