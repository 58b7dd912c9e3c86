/** Rosters: staggered shifts, nights, holidays and make-up days; which unit a case goes to; areas of the grid. */
import { describe, expect, test } from 'vitest';
import type { UnitBody } from '../../../contracts/api/unit.ts';
import { areaOfCamera, depthHolding, gridFault } from '../../../contracts/grid.ts';
import type { WeeklyWindow } from '../../../contracts/schedule.ts';
import { dispatchObjection, dutyAt, rankUnits } from './duty.ts';

/** Local time in China; 2026-11-23 is a Monday. */
const at = (text: string) => Date.parse(`${text}:00.000+08:00`);
const calendar = { utcOffsetMinutes: 480, holidays: ['2026-11-25'], makeUpDays: ['2026-11-28'] };
const window = (days: number[], from: string, to: string): WeeklyWindow => ({ days, from, to });
const weekdays = [1, 2, 3, 4, 5];

const street = { city: '350500', county: '350503', street: '350503001' };
const team = (id: string, fields: Partial<UnitBody> = {}): UnitBody => ({
  ...{ id, name: { zh: `${id} 中队`, en: `${id} team` }, kind: 'city-management', area: street },
  roster: [
    { name: '早班', windows: [window(weekdays, '06:00', '14:00')] },
    { name: '错时班', windows: [window(weekdays, '11:00', '19:00')] },
    { name: '夜班', windows: [window([5, 6], '19:00', '02:00')] },
  ],
  ...fields,
});

describe('a roster with staggered shifts', () => {
  test.each([
    ['in the morning the early shift', '2026-11-23T09:00', '早班', '2026-11-23T14:00'],
    ['of two shifts the one that stays', '2026-11-23T12:00', '错时班', '2026-11-23T19:00'],
    ['a night past midnight is still the day it began on', '2026-11-28T01:30', '夜班', '2026-11-28T02:00'],
    ['a make-up Saturday counts as a Monday', '2026-11-28T09:00', '早班', '2026-11-28T14:00'],
  ])('%s', (_name, when, shift, until) => {
    expect(dutyAt(team('a'), calendar, at(when))).toMatchObject({ onDuty: true, shift, until: at(until), next: null });
  });

  test.each([
    ['before the first shift', '2026-11-23T05:59', '2026-11-23T06:00'],
    ['on the stroke of its end', '2026-11-23T19:00', '2026-11-24T06:00'],
    ['a public holiday counts as a Sunday', '2026-11-25T09:00', '2026-11-26T06:00'],
  ])('%s', (_name, when, next) => {
    expect(dutyAt(team('a'), calendar, at(when))).toMatchObject({ onDuty: false, shift: null, next: at(next) });
  });

  test('without a shift it is never on duty', () => {
    expect(dutyAt({ roster: [] }, calendar, at('2026-11-23T09:00'))).toMatchObject({ onDuty: false, next: null });
  });
});

describe('which unit a case goes to', () => {
  const monday = at('2026-11-23T09:00');
  const here = areaOfCamera({ grid: '350503001002003' });
  const off = [{ name: '夜班', windows: [window([7], '20:00', '23:00')] }];
  const wanted = { kind: 'road-stall', area: here } as const;
  const best = (units: UnitBody[], kind: 'road-stall' | 'bike-clutter' = 'road-stall') =>
    rankUnits(units, { ...wanted, kind }, calendar, monday).map(
      ({ unit, suggested }) => `${unit.id}${suggested ? '!' : ''}`,
    );

  test.each([
    ['the smaller area', [team('b', { area: { city: '350500' } }), team('a')], ['a!', 'b']],
    ['on duty before near', [team('a', { roster: off }), team('b', { area: { city: '350500' } })], ['b!', 'a']],
    ['who handles the kind', [team('a', { handles: ['muck-truck'] }), team('b')], ['b!', 'a']],
    ['nobody where none is on duty', [team('a', { roster: off })], ['a']],
    ['nobody of another county', [team('a', { area: { city: '350500', county: '350502' } })], ['a']],
    ['nobody who is disabled', [team('a', { disabled: true })], []],
  ])('%s', (_name, units, order) => {
    expect(best(units)).toEqual(order);
  });

  test('bicycles go to their operator, stalls do not', () => {
    const units = [team('a'), team('z', { kind: 'bike-operator', handles: ['bike-clutter'] })];
    expect(best(units, 'bike-clutter')).toEqual(['z!', 'a']);
    expect(best(units)).toEqual(['a!', 'z']);
  });

  test('a dispatch off duty needs a reason, one to nobody is none', () => {
    const duty = dutyAt(team('a'), calendar, at('2026-11-23T05:00'));
    expect(dispatchObjection(team('a'), 'a', undefined, duty)?.path).toBe('override');
    expect(dispatchObjection(team('a'), 'a', 'by telephone', duty)).toBeNull();
    expect(dispatchObjection(null, 'x', 'by telephone', null)?.path).toBe('unit');
    expect(dispatchObjection(team('a', { disabled: true }), 'a', 'why', duty)?.path).toBe('unit');
  });
});

describe('the four-level grid', () => {
  test.each([
    [{ grid: '350503001002003' }, { city: '350500', county: '350503', street: '350503001', community: '350503001002' }],
    [{ district: '350582' }, { city: '350500', county: '350582' }],
    [{}, null],
  ])('%o', (camera, area) => {
    expect(areaOfCamera(camera)).toEqual(area);
  });

  test.each([
    [{ city: '350500', county: '350603' }, 'county'],
    [{ city: '350500', street: '350503001' }, 'street'],
    [{ city: '350500', county: '350503', street: '350502001' }, 'street'],
    [{ city: '350500', county: '350503', street: '350503001', community: '350503001002' }, null],
  ])('levels hang together: %o', (area, level) => {
    expect(gridFault(area)?.level ?? null).toBe(level);
  });

  test('an area holds what lies in it, and not its neighbour', () => {
    const place = areaOfCamera({ grid: '350503001002003' });
    expect(depthHolding({ city: '350500' }, place)).toBe(1);
    expect(depthHolding(street, place)).toBe(3);
    expect(depthHolding({ ...street, street: '350503002' }, place)).toBe(0);
    expect(depthHolding(street, null)).toBe(0);
    // Only the county of the camera is known: whether it lies in the street is not.
    expect(depthHolding(street, areaOfCamera({ district: '350503' }))).toBe(0);
  });
});
