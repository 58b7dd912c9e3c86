/** Reports beside cases: what agrees in kind, place and time joins; everything else stands alone. */
import { describe, expect, test } from 'vitest';
import { boundsAround, matchReport, metresBetween, type PlacedCase } from './report.ts';

const MINUTE = 60_000;
const here = { lon: 118.6, lat: 24.9 };
/** So many metres to the north. */
const north = (metres: number) => ({ lon: here.lon, lat: here.lat + metres / 111_195 });
const settings = { metres: 50, ms: 120 * MINUTE };
const stood: PlacedCase = {
  ...{ id: 'A', phase: 'undecided', startedAt: 0, until: 30 * MINUTE, closedAt: null, handled: false },
  location: here,
};
const report = (minutes: number, metres = 0, kind: 'road-stall' | 'muck-truck' = 'road-stall') => ({
  ...{ kind, startedAt: minutes * MINUTE, until: minutes * MINUTE },
  location: north(metres),
});
const joins = (one: ReturnType<typeof report>, own: Partial<PlacedCase> = {}) =>
  matchReport(one, [{ ...stood, ...own }], settings) !== null;

test('distances on the ground', () => {
  expect(metresBetween(here, north(100))).toBeCloseTo(100, 0);
  expect(metresBetween({ lon: 0, lat: 60 }, { lon: 1, lat: 60 })).toBeCloseTo(55_597, -1);
  const { east, north: top } = boundsAround(here, 50);
  expect(metresBetween(here, { ...here, lon: east })).toBeGreaterThan(50);
  expect(metresBetween(here, { ...here, lat: top })).toBeLessThan(52);
});

describe('a report and one case', () => {
  test.each<[string, boolean, ReturnType<typeof report>, Partial<PlacedCase>?]>([
    ['while it was seen', true, report(10, 40)],
    ['shortly before it was seen', true, report(-110)],
    ['long before', false, report(-130)],
    ['two hours after it was last seen', true, report(150)],
    ['later', false, report(151)],
    ['too far', false, report(10, 60)],
    ['confirmed: known to stand there for a day', true, report(600), { phase: 'open' }],
    ['confirmed, days later', false, report(3000), { phase: 'open' }],
    ['of a truck, within its pass', true, report(35, 0, 'muck-truck')],
    ['of a truck, an hour later', false, report(90, 0, 'muck-truck')],
    ['of a confirmed truck, an hour later', false, report(90, 0, 'muck-truck'), { phase: 'open' }],
    ['rejected', false, report(10), { phase: 'over', closedAt: 60 * MINUTE }],
    ['handled after it was seen', true, report(10), { phase: 'over', handled: true, closedAt: 60 * MINUTE }],
    ['handled before it was seen', false, report(61), { phase: 'over', handled: true, closedAt: 60 * MINUTE }],
  ])('%s: %s', (_name, expected, one, own) => {
    expect(joins(one, own)).toBe(expected);
  });
});

test('of several: confirmed before nearer, and it says how many there were', () => {
  const near = { ...stood, id: 'near', location: north(5) };
  const open = { ...stood, id: 'open', phase: 'open' as const, location: north(30) };
  expect(matchReport(report(40), [near, open, stood], settings)).toEqual({
    ...{ caseId: 'open', metres: 30, minutes: 10, others: 2 },
  });
  expect(matchReport(report(40), [near, stood], settings)?.caseId).toBe('A');
});
