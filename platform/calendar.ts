/** The working calendar of a program: announced years, the office's own days over them, and to which day it is known. */
import { resolve } from 'node:path';
import { announcedYears } from '../contracts/announced-years.ts';
import { type Calendar, type CalendarConfig, CalendarFile } from '../contracts/schedule.ts';
import { dateText, localDay } from '../contracts/weekly-windows.ts';
import { AppError, type Fault } from './app-error.ts';
import { readYaml } from './read-yaml.ts';
import { isRealDay } from './real-day.ts';
import { faultsOf } from './validate.ts';

const DAY_MS = 86_400_000;
/** China has no daylight saving. */
const BEIJING_MINUTES = 480;
/** The notice comes about seven weeks before the year begins; from then on there is no reason to wait. */
export const WARN_DAYS = 60;

type OwnDays = Pick<CalendarConfig, 'holidays' | 'makeUpDays' | 'knownUntil'>;
const dayOf = (date: string) => Date.parse(`${date}T00:00:00.000Z`) / DAY_MS;

function daysBetween(from: string, to: string): string[] {
  return Array.from({ length: dayOf(to) - dayOf(from) + 1 }, (_, i) => dateText(dayOf(from) + i));
}

function announced(): { holidays: string[]; makeUpDays: string[]; knownUntil: string } {
  return {
    holidays: announcedYears.flatMap(({ holidays }) => holidays.flatMap(([from, to]) => daysBetween(from, to))),
    makeUpDays: announcedYears.flatMap(({ makeUpDays }) => makeUpDays),
    knownUntil: `${Math.max(...announcedYears.map(({ year }) => year))}-12-31`,
  };
}

function ownFaults({ holidays = [], makeUpDays = [], knownUntil }: OwnDays, path: string): Fault[] {
  const at = path ? `${path}.` : '';
  const lists = [
    ...holidays.map((date, i) => ({ date, path: `${at}holidays[${i}]` })),
    ...makeUpDays.map((date, i) => ({ date, path: `${at}makeUpDays[${i}]` })),
    ...(knownUntil === undefined ? [] : [{ date: knownUntil, path: `${at}knownUntil` }]),
  ];
  const strange = lists.filter(({ date }) => !isRealDay(date));
  const both = makeUpDays.flatMap((date, i) => (holidays.includes(date) ? [`${at}makeUpDays[${i}]`] : []));
  return [
    ...strange.map(({ date, path }) => ({ path, message: `${date} is no day of the calendar` })),
    ...both.map((path) => ({ path, message: 'is a holiday in the same list' })),
  ];
}

function withDays(calendar: Calendar, { holidays = [], makeUpDays = [], knownUntil }: OwnDays): Calendar {
  const until = knownUntil ?? calendar.knownUntil;
  return {
    utcOffsetMinutes: calendar.utcOffsetMinutes,
    holidays: [...calendar.holidays.filter((date) => !makeUpDays.includes(date)), ...holidays],
    makeUpDays: [...calendar.makeUpDays.filter((date) => !holidays.includes(date)), ...makeUpDays],
    ...(until === undefined ? {} : { knownUntil: until }),
  };
}

/**
 * @param config its own days win over announced ones, day by day
 * @param file what `config.file` holds, if there is one; the configuration's own days win over it
 */
export function calendarOf(config: CalendarConfig = {}, file: OwnDays = {}): Calendar {
  const base: Calendar = {
    utcOffsetMinutes: config.utcOffsetMinutes ?? BEIJING_MINUTES,
    ...((config.announced ?? true) ? announced() : { holidays: [], makeUpDays: [] }),
  };
  return withDays(withDays(base, file), config);
}

/**
 * @param dir folder that `file` counts from
 * @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID
 */
export async function readCalendar(config: CalendarConfig = {}, dir = '.'): Promise<Calendar> {
  const name = config.file === undefined ? null : resolve(dir, config.file);
  const own = name === null ? {} : await readYaml(name);
  const faults = [
    ...ownFaults(config, 'calendar'),
    ...faultsOf(CalendarFile, own).map(({ path, message }) => ({ path: path || 'calendar.file', message })),
  ];
  if (faults.length === 0) faults.push(...ownFaults(own as CalendarFile, ''));
  if (faults.length > 0)
    throw new AppError('CFG_INVALID', `${name ?? 'calendar'}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, {
      faults,
    });
  return calendarOf(config, own as CalendarFile);
}

/** Days from now to the last known one; null where the calendar does not say to which day it is known. */
export function knownDays(calendar: Calendar, now: number): number | null {
  return calendar.knownUntil === undefined ? null : dayOf(calendar.knownUntil) - localDay(now, calendar);
}

/** False where holidays of that day may not have been announced yet. */
export function isKnownAt(calendar: Calendar, at: number): boolean {
  return calendar.knownUntil === undefined || dateText(localDay(at, calendar)) <= calendar.knownUntil;
}

/** One line where the calendar ends soon or has ended, else null. */
export function endOfCalendar(calendar: Calendar, now: number): string | null {
  const days = knownDays(calendar, now);
  if (days === null || days >= WARN_DAYS) return null;
  const when = days < 0 ? `ended ${-days} days ago` : `ends in ${days} days`;
  return `the calendar is known to ${calendar.knownUntil} and ${when}: later holidays count as weekdays until they are added under \`calendar\``;
}
