/** Times for people: always Beijing time, whatever the clock of this computer is set to. */
import { i18n } from '../i18n/index.ts';

const OFFSET_MS = 8 * 3_600_000;

function parts(at: string | number): { day: string; time: string; year: string } {
  const text = new Date(new Date(at).getTime() + OFFSET_MS).toISOString();
  return { year: text.slice(0, 4), day: text.slice(5, 10), time: text.slice(11, 19) };
}

/** `11-23 10:11:05` */
export function dayTime(at: string | number): string {
  const { day, time } = parts(at);
  return `${day} ${time}`;
}

/** `2026-11-23 10:11:05` */
export function fullTime(at: string | number): string {
  const { year, day, time } = parts(at);
  return `${year}-${day} ${time}`;
}

/** `10:11:05` */
export function clockTime(at: string | number): string {
  return parts(at).time;
}

/** Value of a `datetime-local` field, read as Beijing time, to the wire's UTC; empty stays empty. */
export function fromField(value: string): string | undefined {
  const ms = value === '' ? Number.NaN : new Date(`${value}Z`).getTime() - OFFSET_MS;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

export function toField(at: string | undefined): string {
  if (at === undefined) return '';
  const ms = new Date(at).getTime();
  return Number.isNaN(ms) ? '' : new Date(ms + OFFSET_MS).toISOString().slice(0, 16);
}

/** A span of time in at most two units; `fine` keeps the seconds beside the minutes. */
export function span(ms: number, fine = false): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return i18n.t('time.seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return fine && seconds % 60 !== 0
      ? i18n.t('time.minutesSeconds', { m: minutes, s: seconds % 60 })
      : i18n.t('time.minutes', { n: minutes });
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return i18n.t('time.hours', { h: hours, m: minutes % 60 });
  return i18n.t('time.days', { d: Math.floor(hours / 24), h: hours % 24 });
}

export type DueMark = { readonly level: 'late' | 'soon' | 'calm'; readonly text: string };
const SOON_MS = 3 * 60_000;

export function dueMark(dueAt: string, now: number): DueMark {
  const left = new Date(dueAt).getTime() - now;
  if (left < 0) return { level: 'late', text: i18n.t('time.overdue', { span: span(-left) }) };
  return { level: left < SOON_MS ? 'soon' : 'calm', text: i18n.t('time.left', { span: span(left) }) };
}
