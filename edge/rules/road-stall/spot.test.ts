import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import { type Actor, seenFromAbove as groundPlane, playRule } from '../../../tests/edge/noisy-detector.ts';
import type { Concept } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { resolveParams } from '../params.ts';
import { roadStall } from './rule.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];

function contextOf(more: Partial<ZoneConfig<'road-stall'>>): RuleContext<'road-stall'> {
  const zone: ZoneConfig<'road-stall'> = {
    id: 'z',
    kind: 'road-stall',
    polygon: [
      [0.02, 0.1],
      [0.98, 0.1],
      [0.98, 0.98],
      [0.02, 0.98],
    ],
    params: { candidateSeconds: 2, dwellSeconds: 10, gapSeconds: 20, rearmSeconds: 10 },
    ...more,
  };
  const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
  return { zone, params: resolveParams(zone, 'street'), calendar, cameraKind: 'street', composites: [] };
}
const stands = (box: BoxXywh, concept: Concept = 'stall', from = 0, to = 1e9): Actor => ({
  concept,
  boxAt: (second) => (second >= from && second < to ? box : null),
});
const play = (actors: readonly Actor[], more: Partial<ZoneConfig<'road-stall'>>, seconds = 25, startAt = 0) =>
  playRule(roadStall, contextOf(more), actors, { seconds, startAt });

describe('sub-kinds', () => {
  // The doors lie at y = 0.2; one frame height is 9 m.
  const shopFront: [number, number][] = [
    [0, 0.2],
    [1, 0.2],
  ];
  const at = (foot: number): BoxXywh => [0.4, foot - 0.2, 0.1, 0.2];
  test.each<[string, number, Concept, Partial<ZoneConfig<'road-stall'>>, string | null]>([
    ['1.8 m beyond the doors', 0.4, 'stall', { shopFront, groundPlane }, 'shopfront'],
    ['4.5 m beyond them', 0.7, 'stall', { shopFront, groundPlane }, 'road'],
    ['a cart far off', 0.7, 'cart', { shopFront, groundPlane }, 'roaming'],
    ['a cart at the doors', 0.3, 'cart', { shopFront, groundPlane }, 'shopfront'],
    ['inside the shop', 0.15, 'stall', { shopFront, groundPlane }, null],
    ['half a height off, without metres', 0.3, 'stall', { shopFront }, 'shopfront'],
    ['two heights off, without metres', 0.6, 'stall', { shopFront }, 'road'],
    ['no line drawn', 0.3, 'stall', { groundPlane }, 'road'],
  ])('%s', (_, foot, concept, more, expected) => {
    const [first, ...others] = play([stands(at(foot), concept)], more).findings;
    expect(others).toEqual([]);
    expect(first?.detail.subKind ?? null).toBe(expected);
  });

  test('metres are told where there is a ground plane', () => {
    const [found] = play([stands(at(0.7))], { shopFront, groundPlane }).findings;
    expect(found?.detail.shopFrontMetres).toBeCloseTo(4.5, 1);
    expect(found?.detail.widthMetres).toBeCloseTo(1.6, 1);
    expect(play([stands(at(0.7))], { shopFront }).findings[0]?.detail).not.toHaveProperty('widthMetres');
  });
});

describe('a metre is a metre', () => {
  const small = (x: number): BoxXywh => [x, 0.5, 0.03, 0.05];
  const shifted = [stands(small(0.4), 'stall', 0, 7), stands(small(0.4 + 1.1 / 16), 'stall', 7)];
  test('a small stall that shifts by 1.1 m is the same one', () => {
    const { findings } = play(shifted, { groundPlane });
    expect(findings.map(({ phase, at }) => [phase, at])).toEqual([['start', 10_000]]);
  });
  test('two small stalls that stand 1.2 m apart are two', () => {
    const both = [stands(small(0.4)), stands(small(0.4 + 1.2 / 16))];
    expect(play(both, { groundPlane }).findings.length).toBe(2);
  });
});

describe('permits', () => {
  const window = { days: everyDay, from: '08:00', to: '22:00' };
  const noon = Date.parse('2026-11-23T12:00:00+08:00');
  const a = stands([0.2, 0.4, 0.1, 0.2]);
  const last: BoxXywh = [0.6, 0.4, 0.1, 0.2];

  test('who came last is over capacity, and lawful again when the first has surely gone', () => {
    const first = stands([0.2, 0.4, 0.1, 0.2], 'stall', 0, 20);
    const permits = [{ id: 'p', windows: [window], capacity: 1 }];
    const { findings } = play([first, stands(last, 'stall', 3)], { permits }, 60, noon);
    expect(findings.map(({ phase, at }) => [phase, Math.round((at - noon) / 1000)])).toEqual([
      ['start', 13],
      // 20 s of absence are the gap in which the first may come back.
      ['end', 40],
    ]);
  });

  test('an event ends when a window with room opens', () => {
    const permits = [{ id: 'p', windows: [window], capacity: 3 }];
    const early = Date.parse('2026-11-23T07:59:40+08:00');
    const { findings } = play([a], { permits }, 60, early);
    expect(findings.map(({ phase, at }) => [phase, (at - early) / 1000])).toEqual([
      ['start', 10],
      ['end', 20],
    ]);
    expect(findings[0]?.detail.ruleWindow).toBe('outside 08:00-22:00');
  });
});

test('schools and heritage sites have the shorter dwell unless the zone says otherwise', () => {
  const zone: ZoneConfig<'road-stall'> = {
    id: 's',
    kind: 'road-stall',
    polygon: [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  };
  expect(resolveParams(zone, 'street').dwellSeconds).toBe(180);
  expect(resolveParams({ ...zone, sensitivePlace: 'school' }, 'street').dwellSeconds).toBe(120);
  expect(resolveParams({ ...zone, sensitivePlace: 'heritage', params: { dwellSeconds: 60 } }, 'street')).toMatchObject({
    dwellSeconds: 60,
  });
});

describe('what is told', () => {
  const box: BoxXywh = [0.4, 0.4, 0.1, 0.2];
  test('stills of start, threshold, latest and cleared; slots are dropped', () => {
    const { findings, slots } = play([stands(box, 'stall', 4, 120)], {}, 140);
    expect(findings.map(({ phase, stills }) => [phase, ...stills.map(({ role }) => role)])).toEqual([
      ['start', 'before', 'start', 'threshold'],
      ['end', 'during', 'cleared'],
    ]);
    const before = findings[0]?.stills[0];
    expect(before?.from === 'history' && before.before).toBeLessThan(4000);
    const open = new Set<string>();
    for (const { update } of slots) {
      if ('slot' in update) open.add(update.slot);
      if ('drop' in update) open.delete(update.drop);
    }
    expect(slots.length).toBeGreaterThan(2);
    expect([...open]).toEqual([]);
  });

  test('a vendor who comes is news, once, and not before a minute has passed', () => {
    const vendor = stands([0.5, 0.42, 0.03, 0.18], 'person', 20);
    const { findings } = play([stands(box), vendor], {}, 300);
    expect(findings.map(({ phase, at, detail }) => [phase, at, detail.attended])).toEqual([
      ['start', 10_000, false],
      ['update', 70_000, true],
    ]);
  });

  test('a stall that comes back within the re-arming time is one event, seen twice', () => {
    const more = { params: { candidateSeconds: 2, dwellSeconds: 10, gapSeconds: 5, rearmSeconds: 60 } };
    const { findings } = play([stands(box, 'stall', 0, 30), stands(box, 'stall', 60)], more, 120);
    expect(findings.map(({ phase, detail }) => [phase, detail.sightings])).toEqual([
      ['start', 1],
      ['update', 2],
    ]);
  });

  test('too few frames a second suspend nothing; a turned camera does', () => {
    const view = (reason: 'low-rate' | 'moved') =>
      playRule(roadStall, contextOf({}), [stands(box)], {
        seconds: 20,
        scene: (scene) => ({ ...scene, view: 'degraded', viewReasons: [reason] }),
      }).findings.length;
    expect(view('low-rate')).toBe(1);
    expect(view('moved')).toBe(0);
  });
});
