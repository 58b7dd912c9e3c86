/** Working time: 08–12 and 14–18 local on working days, public holidays and make-up working days counted. Pure. */
import type { Calendar } from '../../../contracts/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Hours of the working day as the city's filing table counts them. */
const SHIFTS: readonly (readonly [from: number, to: number])[] = [
  [8 * HOUR, 12 * HOUR],
  [14 * HOUR, 18 * HOUR],
];
/** A working day (工作日) is this much working time. */
export const WORKING_DAY_MS = 8 * HOUR;
/** No run of holidays is as long: a calendar that leaves no working day at all is a mistake, not a wait for ever. */
const MAX_REST_DAYS = 60;

function isWorkingDay(localMidnight: number, calendar: Calendar): boolean {
  const date = new Date(localMidnight).toISOString().slice(0, 10);
  if (calendar.makeUpDays.includes(date)) return true;
  if (calendar.holidays.includes(date)) return false;
  const weekday = new Date(localMidnight).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}

/**
 * The instant at which `amountMs` of working time have passed since `from` (both ms since the epoch). An amount that
 * ends with a shift is due at the end of that shift.
 */
export function addWorkingTime(from: number, amountMs: number, calendar: Calendar): number {
  const shift = calendar.utcOffsetMinutes * MINUTE;
  const local = from + shift;
  let left = amountMs;
  let midnight = Math.floor(local / DAY) * DAY;
  for (let resting = 0; resting <= MAX_REST_DAYS; midnight += DAY) {
    if (!isWorkingDay(midnight, calendar)) {
      resting += 1;
      continue;
    }
    resting = 0;
    for (const [opens, closes] of SHIFTS) {
      const start = Math.max(local, midnight + opens);
      const room = midnight + closes - start;
      if (room <= 0) continue;
      if (left <= room) return start + left - shift;
      left -= room;
    }
  }
  return from + amountMs;
}

/**
 * A deadline counted round the clock, brought into working time: as it is within a shift, else the close of the first
 * working day that has not closed by then (民法典 203: a period does not end on a day off, and ends with business hours).
 */
export function dueInWorkingTime(at: number, calendar: Calendar): number {
  const shift = calendar.utcOffsetMinutes * MINUTE;
  const local = at + shift;
  let midnight = Math.floor(local / DAY) * DAY;
  for (let resting = 0; resting <= MAX_REST_DAYS; midnight += DAY, resting++) {
    if (!isWorkingDay(midnight, calendar)) continue;
    if (SHIFTS.some(([opens, closes]) => local >= midnight + opens && local <= midnight + closes)) return at;
    const close = midnight + Math.max(...SHIFTS.map(([, closes]) => closes));
    if (local < close) return close - shift;
  }
  return at;
}

/** Local time of day, as on the wall: 10:11:05. */
export function localClock(at: number, utcOffsetMinutes: number): string {
  return new Date(at + utcOffsetMinutes * 60_000).toISOString().slice(11, 19);
}
