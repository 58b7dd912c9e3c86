import { describe, expect, it } from 'vitest';
import type { FoundBox, TruthBox } from '../metrics/coco-ap.ts';
import { scoreBoxes, sizeBins } from './box-score.ts';

const truth = (image: string, label: string, side: number, more: Partial<TruthBox> = {}): TruthBox => ({
  image,
  label,
  box: [0, 0, side, side],
  ...more,
});
const found = (image: string, label: string, side: number, score = 0.9, x = 0): FoundBox => ({
  image,
  label,
  box: [x, 0, side, side],
  score,
});
const known = new Set(['stall', 'person']);
const skyOf = (image: string) => ({ light: image.startsWith('n') ? 'night' : 'day', weather: 'dry' });

describe('sizes', () => {
  it.each([
    [11.99, 11.99, '<12'],
    [12, 12, '12–24'],
    [6, 24, '12–24'],
    [23.99, 23.99, '12–24'],
    [24, 24, '24–48'],
    [48, 48, '48–96'],
    [96, 96, '≥96'],
    [400, 250, '≥96'],
    [0, 5, '<12'],
  ])('%d × %d px', (width, height, name) => {
    const area = width * height;
    expect(sizeBins.filter((bin) => area >= bin.area[0] && area <= bin.area[1]).map((bin) => bin.name)).toEqual([name]);
  });
  it('meet without a gap', () => {
    for (const [i, bin] of sizeBins.slice(1).entries()) {
      expect(bin.area[0] / (sizeBins[i]?.area[1] ?? 0)).toBeCloseTo(1, 6);
    }
  });
});

describe('scoreBoxes', () => {
  it('does not ask for what is smaller than 12 px, nor punish who saw it', () => {
    const truths = [truth('a', 'stall', 40), truth('b', 'stall', 8)];
    const missed = scoreBoxes({ truths, found: [found('a', 'stall', 40)], skyOf }, known);
    const seen = scoreBoxes({ truths, found: [found('b', 'stall', 8, 0.99), found('a', 'stall', 40)], skyOf }, known);
    const ghost = scoreBoxes({ truths, found: [found('c', 'stall', 8, 0.99), found('a', 'stall', 40)], skyOf }, known);
    for (const score of [missed, seen, ghost]) {
      expect(score.ap50).toBeCloseTo(1, 9);
      expect(score.byClass).toMatchObject([{ label: 'stall', truths: 1 }]);
    }
    expect(missed.bySize[0]).toMatchObject({ name: '<12', truths: 1, ap50: 0 });
    expect(seen.bySize[0]).toMatchObject({ name: '<12', truths: 1 });
    expect(seen.bySize[0]?.ap50).toBeCloseTo(1, 9);
  });

  it('a big box that hits nothing counts', () => {
    const boxes = {
      truths: [truth('a', 'stall', 40)],
      found: [found('c', 'stall', 40, 0.99), found('a', 'stall', 40)],
    };
    expect(scoreBoxes({ ...boxes, skyOf }, known).ap50).toBeCloseTo(0.5, 9);
  });

  it('means run over classes that have a truth, and leave out what the model has no word for', () => {
    const truths = [truth('a', 'stall', 40), truth('a', 'person', 30), truth('a', 'dog', 30)];
    const score = scoreBoxes({ truths, found: [found('a', 'stall', 40), found('a', 'cart', 40)], skyOf }, known);
    expect(score.ap50).toBeCloseTo(0.5, 9);
    expect(score.notInModel).toEqual(['dog']);
  });

  it('AP over overlaps asks for tighter boxes', () => {
    // Shifted by a tenth: IoU 0.9 / 1.1 = 0.818, so seven of the ten overlaps are met.
    const score = scoreBoxes(
      { truths: [truth('a', 'stall', 40)], found: [found('a', 'stall', 40, 0.9, 4)], skyOf },
      known,
    );
    expect(score.ap50).toBeCloseTo(1, 9);
    expect(score.ap).toBeCloseTo(0.7, 9);
  });

  it('hidden things count for none, and lights are told apart', () => {
    const truths = [truth('n1', 'stall', 40), truth('d1', 'stall', 40), truth('d2', 'stall', 40, { ignore: true })];
    const score = scoreBoxes({ truths, found: [found('d1', 'stall', 40)], skyOf }, known);
    expect(score.byLight).toEqual([
      { name: 'day', truths: 1, ap50: expect.closeTo(1, 9) },
      { name: 'night', truths: 1, ap50: 0 },
    ]);
    expect(score.byWeather).toMatchObject([{ name: 'dry', truths: 2 }]);
  });

  it('nothing at all', () => {
    expect(scoreBoxes({ truths: [], found: [], skyOf }, known)).toMatchObject({ ap50: null, ap: null, byClass: [] });
  });
});
