/** Weekly windows in local time: past midnight, with public holidays and make-up working days. Pure. */
import type { Calendar, WeeklyWindow } from './schedule.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HOLIDAY_WEEKDAY = 7;
const MAKE_UP_WEEKDAY = 1;

function minutes(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

/** Local calendar day of an instant, as days since 1970-01-01. */
export function localDay(at: number, calendar: Calendar): number {
  return Math.floor((at + calendar.utcOffsetMinutes * MINUTE_MS) / DAY_MS);
}

/** YYYY-MM-DD of a day number. */
export function dateText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** ISO weekday by which windows are chosen: public holidays count as Sunday, make-up working days as Monday. */
export function windowWeekday(day: number, calendar: Calendar): number {
  const date = dateText(day);
  if (calendar.holidays.includes(date)) return HOLIDAY_WEEKDAY;
  if (calendar.makeUpDays.includes(date)) return MAKE_UP_WEEKDAY;
  // 1970-01-01, day 0, was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Span of a window that starts on this local day, in ms since the epoch: [start, end). Null when not on this day. */
export function windowSpan(
  window: WeeklyWindow,
  day: number,
  calendar: Calendar,
): { readonly start: number; readonly end: number } | null {
  if (!window.days.includes(windowWeekday(day, calendar))) return null;
  const midnight = day * DAY_MS - calendar.utcOffsetMinutes * MINUTE_MS;
  const start = midnight + minutes(window.from) * MINUTE_MS;
  const end = midnight + minutes(window.to) * MINUTE_MS;
  return { start, end: end > start ? end : end + DAY_MS };
}

/** Whether one of the windows holds at an instant, ms since the epoch. One that starts late lasts into the next day. */
export function inWindows(windows: readonly WeeklyWindow[], calendar: Calendar, at: number): boolean {
  const today = localDay(at, calendar);
  return [today - 1, today].some((day) =>
    windows.some((window) => {
      const span = windowSpan(window, day, calendar);
      return span !== null && at >= span.start && at < span.end;
    }),
  );
}
