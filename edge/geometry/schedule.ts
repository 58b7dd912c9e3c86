/** When a permit holds: season, weekly windows past midnight, holidays, make-up days, time to pack up. */
import type { Calendar, Season, StallPermit, WeeklyWindow } from '../../contracts/schedule.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DEFAULT_GRACE_MINUTES = 15;
const HOLIDAY_WEEKDAY = 7;
const MAKE_UP_WEEKDAY = 1;
/** A window may start late and last a day: what starts three days back has ended, with its grace. */
const DAYS_BACK = 2;

/** `grace` = closed, but so recently that the stall may still be packing up. */
export type PermitState = 'open' | 'grace' | 'closed';

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

/** Both ends belong to the season; `from` after `to` wraps over the new year. */
export function inSeason(day: number, season: Season): boolean {
  const monthDay = dateText(day).slice(5);
  return season.from <= season.to
    ? season.from <= monthDay && monthDay <= season.to
    : season.from <= monthDay || monthDay <= season.to;
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

/** Whether the permit allows trade at an instant. The season is asked of the day on which the window starts. */
export function permitState(permit: StallPermit, calendar: Calendar, at: number): PermitState {
  const graceMs = (permit.graceMinutes ?? DEFAULT_GRACE_MINUTES) * MINUTE_MS;
  const today = localDay(at, calendar);
  let grace = false;
  for (let day = today - DAYS_BACK; day <= today; day++) {
    if (permit.season && !inSeason(day, permit.season)) continue;
    for (const window of permit.windows) {
      const span = windowSpan(window, day, calendar);
      if (!span || at < span.start) continue;
      if (at < span.end) return 'open';
      if (at < span.end + graceMs) grace = true;
    }
  }
  return grace ? 'grace' : 'closed';
}

/** The permits' hours for people: "18:30-22:30, 06-01/08-31 06:00-08:00" in written order, each once. */
export function windowsText(permits: readonly StallPermit[]): string {
  const texts = permits.flatMap(({ season, windows }) =>
    windows.map(({ from, to }) => `${season ? `${season.from}/${season.to} ` : ''}${from}-${to}`),
  );
  return [...new Set(texts)].join(', ');
}
