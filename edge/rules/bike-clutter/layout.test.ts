import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import { type Actor, seenFromAbove as groundPlane, playRule } from '../../../tests/edge/noisy-detector.ts';
import { resolveParams } from '../params.ts';
import { blockedShare, disorderOf } from './layout.ts';
import { bikeClutter } from './rule.ts';

const zone: ZoneConfig<'bike-clutter'> = {
  id: 'z',
  kind: 'bike-clutter',
  polygon: [
    [0, 0.2],
    [1, 0.2],
    [1, 0.8],
    [0, 0.8],
  ],
};
const calibrated = { ...zone, groundPlane };
/** A bike seen from its side: 1.7 m long, which makes it 0.6 m deep on the ground. */
const lengthwise = (x: number, foot = 0.6): BoxXywh => [x, foot - 0.12, 1.7 / 16, 0.12];

describe('blocked share', () => {
  test('in metres: five bikes of 1.7 m by 0.6 m on 16 m by 5.4 m', () => {
    const five = [0.05, 0.2, 0.35, 0.5, 0.65].map((x) => lengthwise(x));
    expect(blockedShare(five, calibrated)).toBeCloseTo((5 * 1.7 * 0.6) / (16 * 5.4), 1);
    expect(blockedShare(five, calibrated)).toBeGreaterThan(0.04);
  });
  test('a pile is not counted twice, and bays are no walkway', () => {
    const one = blockedShare([lengthwise(0.3)], calibrated);
    expect(blockedShare([lengthwise(0.3), lengthwise(0.3), lengthwise(0.3)], calibrated)).toBe(one);
    const bays = [
      {
        id: 'b',
        capacity: 9,
        polygon: [
          [0.5, 0.2],
          [1, 0.2],
          [1, 0.8],
          [0.5, 0.8],
        ] as [number, number][],
      },
    ];
    expect(blockedShare([lengthwise(0.3)], { ...calibrated, bays })).toBeCloseTo(2 * one, 2);
    expect(blockedShare([lengthwise(0.7)], { ...calibrated, bays })).toBe(0);
  });
  test('without metres: the strip along the wheels', () => {
    expect(blockedShare([[0, 0.2, 1, 0.6]], zone)).toBeCloseTo(0.35, 1);
    expect(blockedShare([], zone)).toBe(0);
  });
});

describe('disorder', () => {
  const row = [0, 1, 2, 3, 4].map((i): BoxXywh => [0.1 + i * 0.1, 0.5, 0.05, 0.12]);
  const messy: BoxXywh[] = [
    [0.1, 0.5, 0.1, 0.11],
    [0.14, 0.45, 0.04, 0.12],
    [0.5, 0.6, 0.11, 0.1],
    [0.52, 0.62, 0.05, 0.13],
    [0.8, 0.4, 0.08, 0.12],
  ];
  test.each([
    ['in the picture', zone],
    ['on the ground', calibrated],
  ])('%s: a row is tidy, a heap is not, two bikes say nothing', (_, where) => {
    expect(disorderOf(row, where, 16 / 9)).toEqual({
      orientation: expect.closeTo(0, 6),
      spacing: expect.closeTo(0, 6),
      whole: expect.closeTo(0, 6),
    });
    const heap = disorderOf(messy, where, 16 / 9);
    expect(heap?.orientation).toBeGreaterThan(0.2);
    expect(heap?.spacing).toBeGreaterThan(0.5);
    expect(heap?.whole).toBeGreaterThan(0.5);
    expect(disorderOf(row.slice(0, 2), where, 16 / 9)).toBeNull();
  });
});

describe('an event’s course', () => {
  const busy: ZoneConfig<'bike-clutter'> = {
    ...zone,
    params: { minCount: 4, holdSeconds: 10, endHoldSeconds: 10 },
  };
  const context = {
    zone: busy,
    params: resolveParams(busy, 'bike'),
    calendar: { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] },
    cameraKind: 'bike' as const,
    composites: [],
  };
  const bike = (i: number, from: number, to: number): Actor => ({
    concept: 'bicycle',
    boxAt: (second) => (second >= from && second < to ? [0.05 + i * 0.1, 0.5, 0.06, 0.1] : null),
  });

  test('the worst moment is kept when it comes and told at most once a minute', () => {
    const actors = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => bike(i, i < 4 ? 0 : 20 + 2 * i, i < 4 ? 200 : 50));
    const { findings, slots } = playRule(bikeClutter, context, actors, { seconds: 230 });
    expect(findings.map(({ phase, detail }) => [phase, detail.outsideBay])).toEqual([
      ['start', 4],
      ['update', 4],
      ['end', 0],
    ]);
    expect((findings[1]?.at ?? 0) - (findings[0]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
    const worst = slots.filter(({ update }) => 'slot' in update && update.slot.endsWith('-worst')).map(({ at }) => at);
    expect(Math.max(...worst)).toBeLessThan(45_000);
    expect(findings[1]?.stills[0]).toMatchObject({ role: 'worst', from: 'slot' });
    expect(findings[2]?.stills.map(({ role }) => role)).toEqual(['worst', 'cleared']);
    // Ended when the bikes left, not when the hold was over.
    expect(findings[2]?.endedAt).toBeLessThan(208_000);
    const series = findings[2]?.detail.series ?? [];
    expect(Math.max(...series.map(([, count]) => count))).toBe(8);
    expect(findings[2]?.detail.disorder).toBeNull();
    expect(findings[2]?.detail).not.toHaveProperty('orientationDisorder');
  });
});
