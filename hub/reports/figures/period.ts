/** A month of local time. Pure. */
import type { ReportPeriod } from './facts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * @param month YYYY-MM
 * @param now ms since the epoch
 * @example monthPeriod('2026-11', 480, now).from // 2026-10-31T16:00:00Z
 */
export function monthPeriod(month: string, utcOffsetMinutes: number, now: number): ReportPeriod {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const start = (index: number) => Date.UTC(year, index, 1) - utcOffsetMinutes * MINUTE;
  const [from, to] = [start(number - 1), start(number)];
  return { month, from, to, until: Math.max(from, Math.min(to, now)), utcOffsetMinutes };
}

/** The month before. @example monthBefore('2026-01') // '2025-12' */
export function monthBefore(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

/** Whether an instant lies in the month. */
export function within({ from, to }: ReportPeriod, at: number | null): at is number {
  return at !== null && at >= from && at < to;
}

/** Local weekday, Monday = 0, and hour of an instant. */
export function weekHour(at: number, utcOffsetMinutes: number): { readonly weekday: number; readonly hour: number } {
  const local = new Date(at + utcOffsetMinutes * MINUTE);
  return { weekday: (local.getUTCDay() + 6) % 7, hour: local.getUTCHours() };
}

/** Local date of an instant, YYYY-MM-DD. */
export function localDate(at: number, utcOffsetMinutes: number): string {
  return new Date(at + utcOffsetMinutes * MINUTE).toISOString().slice(0, 10);
}

/** Every local date of the month. */
export function daysOf({ from, to, utcOffsetMinutes }: ReportPeriod): string[] {
  const days = Math.round((to - from) / DAY);
  return Array.from({ length: days }, (_, i) => localDate(from + i * DAY, utcOffsetMinutes));
}
