import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar, StallPermit } from '../../contracts/schedule.ts';
import { localDay, windowWeekday } from '../../contracts/weekly-windows.ts';
import { inSeason, permitState, windowsText } from './schedule.ts';

const china: Calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
const at = (local: string) => Date.parse(`${local}:00.000+08:00`);
const evening: StallPermit = {
  id: 'p-1',
  windows: [{ days: [1, 2, 3, 4, 5], from: '18:30', to: '22:30' }],
};
const night: StallPermit = { id: 'p-2', windows: [{ days: [5, 6], from: '22:00', to: '02:00' }], graceMinutes: 0 };

describe('permits', () => {
  // 2026-11-23 is a Monday.
  test.each<[string, StallPermit, string]>([
    ['2026-11-23T18:29', evening, 'closed'],
    ['2026-11-23T18:30', evening, 'open'],
    ['2026-11-23T22:29', evening, 'open'],
    ['2026-11-23T22:30', evening, 'grace'],
    ['2026-11-23T22:44', evening, 'grace'],
    ['2026-11-23T22:45', evening, 'closed'],
    ['2026-11-28T19:00', evening, 'closed'],
    ['2026-11-27T23:00', night, 'open'],
    ['2026-11-28T01:59', night, 'open'],
    ['2026-11-28T02:00', night, 'closed'],
    ['2026-11-28T22:30', night, 'open'],
    ['2026-11-29T01:00', night, 'open'],
    ['2026-11-29T22:30', night, 'closed'],
    ['2026-11-30T01:00', night, 'closed'],
  ])('at %s %j is %s', (local, permit, expected) => {
    expect(permitState(permit, china, at(local))).toBe(expected);
  });

  test('a public holiday counts as Sunday, a make-up day as Monday', () => {
    const calendar: Calendar = { ...china, holidays: ['2026-10-01'], makeUpDays: ['2026-10-10'] };
    expect(permitState(evening, china, at('2026-10-01T19:00'))).toBe('open');
    expect(permitState(evening, calendar, at('2026-10-01T19:00'))).toBe('closed');
    expect(permitState(evening, china, at('2026-10-10T19:00'))).toBe('closed');
    expect(permitState(evening, calendar, at('2026-10-10T19:00'))).toBe('open');
    expect(windowWeekday(localDay(at('2026-10-10T19:00'), calendar), calendar)).toBe(1);
  });

  test('a window that starts on a holiday’s eve runs past midnight into it', () => {
    const calendar: Calendar = { ...china, holidays: ['2026-11-28'] };
    expect(permitState(night, calendar, at('2026-11-28T01:00'))).toBe('open');
    expect(permitState(night, calendar, at('2026-11-28T23:00'))).toBe('closed');
  });

  test.each([
    ['2026-12-31', '11-15', '02-15', true],
    ['2027-02-15', '11-15', '02-15', true],
    ['2027-02-16', '11-15', '02-15', false],
    ['2026-06-01', '06-01', '08-31', true],
    ['2026-09-01', '06-01', '08-31', false],
  ])('%s in the season %s to %s: %s', (date, from, to, expected) => {
    expect(inSeason(localDay(at(`${date}T12:00`), china), { from, to })).toBe(expected);
  });

  test('a season wraps through the permit too', () => {
    const winter: StallPermit = { ...evening, season: { from: '11-15', to: '02-15' } };
    expect(permitState(winter, china, at('2026-11-23T19:00'))).toBe('open');
    expect(permitState(winter, china, at('2026-10-26T19:00'))).toBe('closed');
  });

  test('eight windows a day, and a calendar that turns a Sunday into a working day', () => {
    const hours = [0, 3, 6, 9, 12, 15, 18, 21].map((hour) => String(hour).padStart(2, '0'));
    const busy: StallPermit = {
      id: 'p-8',
      windows: hours.map((hour) => ({ days: [1, 2, 3, 4, 5], from: `${hour}:00`, to: `${hour}:30` })),
      graceMinutes: 0,
    };
    const open = (date: string, calendar: Calendar) =>
      hours.filter((hour) => permitState(busy, calendar, at(`${date}T${hour}:10`)) === 'open').length;
    expect(open('2026-11-23', china)).toBe(8);
    expect(open('2026-11-22', china)).toBe(0);
    expect(open('2026-11-22', { ...china, makeUpDays: ['2026-11-22'] })).toBe(8);
    expect(permitState(busy, china, at('2026-11-23T00:40'))).toBe('closed');
  });

  test('all day is 00:00-24:00, and equal ends mean a whole day', () => {
    const days = [1, 2, 3, 4, 5, 6, 7];
    const always: StallPermit = { id: 'a', windows: [{ days, from: '00:00', to: '24:00' }] };
    const round: StallPermit = { id: 'b', windows: [{ days, from: '08:00', to: '08:00' }] };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 * 86_400 }), (seconds) => {
        expect(permitState(always, china, seconds * 1000)).toBe('open');
        expect(permitState(round, china, seconds * 1000)).toBe('open');
      }),
    );
  });

  test('shifting instant and offset together changes nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }),
        fc.integer({ min: -720, max: 840 }),
        (seconds, offset) => {
          const moved: Calendar = { ...china, utcOffsetMinutes: offset };
          const shift = (480 - offset) * 60_000;
          for (const permit of [evening, night]) {
            expect(permitState(permit, moved, seconds * 1000 + shift)).toBe(permitState(permit, china, seconds * 1000));
          }
        },
      ),
    );
  });

  test('hours for people, each once, with their season', () => {
    const summer: StallPermit = { ...evening, season: { from: '06-01', to: '08-31' } };
    expect(windowsText([summer, evening])).toBe('06-01/08-31 18:30-22:30, 18:30-22:30');
    expect(windowsText([evening, night, evening])).toBe('18:30-22:30, 22:00-02:00');
  });
});
