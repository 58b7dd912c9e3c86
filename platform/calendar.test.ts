/** Which days are worked, whose word wins, and to which day that is known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { announcedYears } from '../contracts/announced-years.ts';
import { inWindows } from '../contracts/weekly-windows.ts';
import { calendarOf, endOfCalendar, isKnownAt, knownDays, readCalendar } from './calendar.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-calendar-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (local: string) => Date.parse(`${local}:00+08:00`);
const weekday = (date: string) => new Date(`${date}T00:00:00Z`).getUTCDay();

test('the announced years are whole: no day twice, make-up days at weekends, holidays within their year', () => {
  const { holidays, makeUpDays, knownUntil } = calendarOf();
  expect(new Set([...holidays, ...makeUpDays]).size).toBe(holidays.length + makeUpDays.length);
  for (const date of makeUpDays) expect([0, 6], date).toContain(weekday(date));
  expect(announcedYears.map(({ year }) => year)).toEqual([2025, 2026]);
  for (const { year, ...days } of announcedYears)
    for (const date of [...days.holidays.flat(), ...days.makeUpDays]) expect(date.slice(0, 4)).toBe(String(year));
  // 28 and 33 days by the notices.
  expect(holidays.filter((date) => date < '2026')).toHaveLength(28);
  expect(holidays.filter((date) => date > '2026')).toHaveLength(33);
  expect(knownUntil).toBe('2026-12-31');
});

test('one’s own days win over the announced ones, day by day, and a file’s under the configuration’s', async () => {
  writeFileSync(
    join(folder, 'days.yaml'),
    'holidays: ["2027-01-01", "2026-10-10"]\nmakeUpDays: ["2026-10-05"]\nknownUntil: 2027-12-31\n',
  );
  const calendar = await readCalendar({ file: 'days.yaml', makeUpDays: ['2027-01-01'] }, folder);
  expect(calendar.holidays).toContain('2026-10-01');
  expect(calendar.holidays).toContain('2026-10-10');
  expect(calendar.makeUpDays).not.toContain('2026-10-10');
  expect(calendar.makeUpDays).toContain('2026-10-05');
  expect(calendar.holidays).not.toContain('2026-10-05');
  expect(calendar.makeUpDays).toContain('2027-01-01');
  expect(calendar.holidays).not.toContain('2027-01-01');
  expect(calendar.knownUntil).toBe('2027-12-31');
});

test('windows of permits keep to it: a Thursday of the National Day week is no Thursday', () => {
  const thursdays = [{ days: [4], from: '18:00', to: '22:00' }];
  const calendar = calendarOf();
  expect(inWindows(thursdays, calendar, at('2026-09-24T19:00'))).toBe(true);
  expect(inWindows(thursdays, calendar, at('2026-10-01T19:00'))).toBe(false);
  const mondays = [{ days: [1], from: '08:00', to: '18:00' }];
  expect(inWindows(mondays, calendar, at('2026-10-10T09:00'))).toBe(true);
});

test('without the announced years only one’s own days count', () => {
  expect(calendarOf({ announced: false, holidays: ['2026-05-01'] })).toEqual({
    utcOffsetMinutes: 480,
    holidays: ['2026-05-01'],
    makeUpDays: [],
  });
});

test.each<[string, Parameters<typeof readCalendar>[0], string | null]>([
  ['a day that is none', { holidays: ['2026-02-30'] }, 'calendar.holidays[0]'],
  ['a last day that is none', { knownUntil: '2027-06-31' }, 'calendar.knownUntil'],
  ['a day in both lists', { holidays: ['2027-01-01'], makeUpDays: ['2027-01-01'] }, 'calendar.makeUpDays[0]'],
  ['a file with a strange key', { file: 'strange.yaml' }, 'feiertage'],
  ['a file with a day that is none', { file: 'none.yaml' }, 'makeUpDays[0]'],
  ['a file that is a list', { file: 'list.yaml' }, 'calendar.file'],
])('%s is refused', async (_name, config, path) => {
  writeFileSync(join(folder, 'strange.yaml'), 'feiertage: []\n');
  writeFileSync(join(folder, 'none.yaml'), 'makeUpDays: ["2026-11-31"]\n');
  writeFileSync(join(folder, 'list.yaml'), '- "2026-01-01"\n');
  await expect(readCalendar(config, folder)).rejects.toMatchObject({ code: 'CFG_INVALID', faults: [{ path }] });
});

test('a file that is missing is said to be', async () => {
  await expect(readCalendar({ file: 'nowhere.yaml' }, folder)).rejects.toMatchObject({ code: 'CFG_NOT_FOUND' });
});

test('it is said in time that the calendar ends, by the local day', () => {
  const calendar = calendarOf();
  expect(endOfCalendar(calendar, at('2026-11-01T12:00'))).toBeNull();
  expect(knownDays(calendar, at('2026-11-01T23:59'))).toBe(60);
  expect(endOfCalendar(calendar, at('2026-11-02T00:00'))).toContain('known to 2026-12-31 and ends in 59 days');
  expect(endOfCalendar(calendar, at('2027-01-02T00:00'))).toContain('ended 2 days ago');
  expect(isKnownAt(calendar, at('2026-12-31T23:59'))).toBe(true);
  expect(isKnownAt(calendar, at('2027-01-01T00:00'))).toBe(false);
  expect(endOfCalendar(calendarOf({ announced: false }), at('2030-01-01T00:00'))).toBeNull();
});
