import { describe, expect, it } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Concept, Detection } from '../../edge/domain/detection.ts';
import { type Domain, domainFigures, type SeenPicture } from './domain-report.ts';

const labelsOf = (...concepts: Concept[]) => concepts.map((concept) => ({ name: concept, concept }));
const model = { name: 'm', labels: labelsOf('person', 'car', 'bus', 'truck', 'muck_truck', 'stall', 'cart') };
const every = new Set<string>(model.labels.map(({ concept }) => concept));
const at = (x: number, size = 0.1): BoxXywh => [x, 0.1, size, size];
const seen = (concept: Concept, score: number, box = at(0.1)): Detection => ({ concept, label: concept, score, box });
const object = (label: string, box = at(0.1)) => ({ label, box, visible: 1, crowd: false });

/** Weak boxes for AP; those from 0.5 on at the card's threshold. */
function picture(objects: ReturnType<typeof object>[], found: Detection[]): SeenPicture {
  return { labels: { file: 'x', objects }, bare: found, shipped: found.filter(({ score }) => score >= 0.5) };
}
function domain(labelled: readonly string[], pictures: number): Domain {
  const sizes = Array.from({ length: pictures }, () => ({ width: 400, height: 400 }));
  return { name: 'd', sizes, labelled: new Set(labelled), ignored: 'ignore', minPixels: 12 };
}
const rowsOf = (pictures: SeenPicture[], labelled: readonly string[], common: ReadonlySet<string> = every) => {
  const figures = domainFigures(domain(labelled, pictures.length), pictures, model, common);
  return { ...figures, of: (label: string) => figures.rows.find((row) => row.label === label) };
};

describe('domainFigures', () => {
  it('what is not labelled is not asked, neither found nor false', () => {
    const { rows, of } = rowsOf(
      [picture([object('person'), object('car', at(0.5))], [seen('person', 0.9), seen('stall', 0.9)])],
      ['person'],
    );
    expect(rows.map(({ label }) => label)).toEqual(['person']);
    expect(of('person')).toMatchObject({ truths: 1, ap50: expect.closeTo(1) });
  });

  it('what is labelled and nowhere has false boxes alone', () => {
    const { of, meanAp50 } = rowsOf(
      [picture([object('person')], [seen('person', 0.9), seen('stall', 0.7, at(0.6))]), picture([], [])],
      ['person', 'stall'],
    );
    expect(of('stall')).toMatchObject({ truths: 0, ap50: null });
    expect(of('stall')?.atThreshold[0]).toMatchObject({
      falseBoxes: 1,
      falsePerPicture: 0.5,
      precision: { hits: 0, cases: 1 },
    });
    // No case, no part in the mean.
    expect(meanAp50).toBeCloseTo(1);
  });

  it('recall at the threshold leaves weak boxes out, AP does not', () => {
    const { of } = rowsOf([picture([object('car')], [seen('car', 0.3)])], ['car']);
    expect(of('car')?.ap50).toBeCloseTo(1);
    expect(of('car')?.atThreshold[0]?.recall).toMatchObject({ hits: 0, cases: 1 });
    expect(of('car')?.reliability).toMatchObject({ boxes: 1, expectedCalibrationError: expect.closeTo(0.7) });
  });

  it('half an overlap is found at 0.3 and false at 0.5', () => {
    // Shifted by 0.04 of 0.1: 0.06 / 0.14.
    const { of } = rowsOf([picture([object('stall')], [seen('stall', 0.9, at(0.14))])], ['stall']);
    const [strict, loose] = of('stall')?.atThreshold ?? [];
    expect([strict?.recall.hits, strict?.falseBoxes]).toEqual([0, 1]);
    expect([loose?.recall.hits, loose?.falseBoxes]).toEqual([1, 0]);
    expect(of('stall')?.ap50).toBe(0);
    expect(of('stall')?.ap30).toBeCloseTo(1);
  });

  it('a region that is ignored takes boxes of every class and asks for none', () => {
    const wide = object('ignore', [0, 0, 0.5, 0.5]);
    const inside = [seen('stall', 0.9, at(0.05)), seen('stall', 0.8, at(0.3)), seen('cart', 0.9, at(0.2))];
    const { of } = rowsOf([picture([wide], [...inside, seen('cart', 0.9, at(0.8))])], ['stall', 'cart']);
    expect(of('stall')).toMatchObject({ truths: 0, atThreshold: [{ falseBoxes: 0 }, { falseBoxes: 0 }] });
    expect(of('cart')?.atThreshold[0]?.falseBoxes).toBe(1);
    expect(of('stall_or_cart')?.atThreshold[0]?.falseBoxes).toBe(1);
  });

  it('vehicles as one: a bus called a car is found, called both it is found once', () => {
    const called = [seen('car', 0.9), seen('bus', 0.6)];
    const { of } = rowsOf([picture([object('bus')], called)], ['car', 'bus', 'truck']);
    expect(of('car')?.atThreshold[0]?.falseBoxes).toBe(1);
    expect(of('vehicle')).toMatchObject({ truths: 1, ap50: expect.closeTo(1) });
    expect(of('vehicle')?.atThreshold[0]).toMatchObject({ falseBoxes: 0, recall: { hits: 1 } });
    // Where lorries have no label, a box may be one of them.
    expect(rowsOf([picture([object('bus')], called)], ['car', 'bus']).of('vehicle')).toBeUndefined();
  });

  it('a muck truck is a truck where labels know no more', () => {
    const pictures = [picture([object('truck')], [seen('muck_truck', 0.9)])];
    expect(rowsOf(pictures, ['truck']).of('truck')?.ap50).toBeCloseTo(1);
    expect(rowsOf(pictures, ['truck', 'muck_truck']).of('truck')?.ap50).toBe(0);
  });

  it('things under the least size count neither way', () => {
    const small = at(0.1, 0.02);
    const { of } = rowsOf(
      [picture([object('person', small)], [seen('person', 0.9, small), seen('person', 0.9, at(0.5, 0.02))])],
      ['person'],
    );
    expect(of('person')).toMatchObject({ truths: 0, atThreshold: [{ falseBoxes: 0 }, { falseBoxes: 0 }] });
  });

  it('the mean is over what all models know', () => {
    const pictures = [picture([object('person'), object('car', at(0.5))], [seen('person', 0.9)])];
    expect(rowsOf(pictures, ['person', 'car']).meanAp50).toBeCloseTo(0.5);
    expect(rowsOf(pictures, ['person', 'car'], new Set(['person'])).meanAp50).toBeCloseTo(1);
  });
});
