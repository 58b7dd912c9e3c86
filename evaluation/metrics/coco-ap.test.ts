import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needs, sharedFile } from '../../tests/needs.ts';
import { createApTable, type FoundBox, overlapOf, scoreCoco, type TruthBox } from './coco-ap.ts';

type Annotation = { image_id: number; category_id: number; bbox: [number, number, number, number]; area: number };
const golden = 'images/coco-ap-golden/tests/test_coco_eval';
const read = <T>(path: string): T => JSON.parse(readFileSync(sharedFile(`${golden}/${path}`) ?? '', 'utf8')) as T;

describe.skipIf(!needs('shared'))('on the golden set', () => {
  it('gives the published twelve numbers to 1e-6', () => {
    const { annotations } = read<{ annotations: (Annotation & { iscrowd: 0 | 1 })[] }>(
      'gts/sampled_gts_bbox_area.json',
    );
    const { annotations: results } = read<{ annotations: (Annotation & { score: number })[] }>(
      'dets/sampled_bbox_results.json',
    );
    const truths = annotations.map(
      (a): TruthBox => ({
        image: a.image_id,
        label: a.category_id,
        box: a.bbox,
        area: a.area,
        crowd: a.iscrowd === 1,
      }),
    );
    const found = results.map(
      (r): FoundBox => ({ image: r.image_id, label: r.category_id, box: r.bbox, score: r.score }),
    );
    expect(found).toHaveLength(734);
    const scores = scoreCoco(truths, found);
    const published = {
      ap: 0.503647,
      ap50: 0.696973,
      ap75: 0.571667,
      apSmall: 0.593252,
      apMedium: 0.557991,
      apLarge: 0.489363,
      ar1: 0.386813,
      ar10: 0.59368,
      ar100: 0.595353,
    };
    for (const [figure, value] of Object.entries(published)) {
      expect(Math.abs((scores[figure as keyof typeof scores] ?? 0) - value), figure).toBeLessThan(1e-6);
    }
  });
});

describe('scoreCoco', () => {
  const truth = (image: number, x: number, more: Partial<TruthBox> = {}): TruthBox => ({
    image,
    label: 'stall',
    box: [x, 0, 40, 40],
    ...more,
  });
  const found = (image: number, x: number, score: number): FoundBox => ({
    image,
    label: 'stall',
    box: [x, 0, 40, 40],
    score,
  });

  it('is 1 when all is found and nothing else', () => {
    expect(scoreCoco([truth(1, 0), truth(2, 0)], [found(1, 0, 0.9), found(2, 0, 0.8)])).toMatchObject({
      ap: 1,
      ar100: 1,
      apSmall: null,
      apMedium: 1,
      apLarge: null,
    });
  });

  it('a better box that is wrong halves the precision', () => {
    expect(scoreCoco([truth(1, 0)], [found(1, 500, 0.9), found(1, 0, 0.8)]).ap).toBeCloseTo(0.5, 9);
  });

  it('a second box on one thing is wrong', () => {
    const scores = scoreCoco([truth(1, 0), truth(1, 100)], [found(1, 0, 0.9), found(1, 1, 0.8), found(1, 100, 0.7)]);
    // Precision 1 up to recall 0.5 (51 points), then 2/3 (50 points).
    expect(scores.ap50).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 9);
  });

  it('boxes on a crowd count neither way', () => {
    const crowd = truth(1, 200, { box: [200, 0, 200, 40], crowd: true });
    const on = [found(1, 210, 0.95), found(1, 260, 0.94)];
    expect(scoreCoco([truth(1, 0), crowd], [...on, found(1, 0, 0.9)]).ap).toBeCloseTo(1, 9);
    expect(scoreCoco([truth(1, 0), { ...crowd, crowd: false }], [...on, found(1, 0, 0.9)]).ap).toBeLessThan(0.5);
  });

  it('a crowd is overlapped by the share of the found box', () => {
    expect(overlapOf([0, 0, 10, 10], [0, 0, 100, 100], true)).toBe(1);
    expect(overlapOf([0, 0, 10, 10], [0, 0, 100, 100])).toBeCloseTo(0.01, 12);
  });

  it('says AP50 and the number of truths by label', () => {
    const table = createApTable([truth(1, 0), truth(2, 0), truth(2, 100, { ignore: true })], [found(1, 0, 0.9)]);
    expect(table.labels).toEqual(['stall']);
    expect(table.score('stall', [0.5], [0, 1e10])).toEqual({ truths: 2, ap: expect.closeTo(51 / 101, 9) });
  });

  it('says of each box that counts whether it hit, of a label without any truth too', () => {
    const crowd = truth(1, 200, { box: [200, 0, 200, 40], crowd: true });
    const boxes = [found(1, 0, 0.9), found(1, 210, 0.8), found(1, 500, 0.7), { ...found(2, 0, 0.6), label: 'cart' }];
    const table = createApTable([truth(1, 0), crowd], boxes);
    expect(table.scored('stall', 0.5, [0, 1e10])).toEqual([
      { score: 0.9, right: true },
      { score: 0.7, right: false },
    ]);
    expect(table.scored('cart', 0.5, [0, 1e10])).toEqual([{ score: 0.6, right: false }]);
  });
});
