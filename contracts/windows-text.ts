/** Weekly windows and seasons as people write them in a form or a table cell, and back. Pure. */
import type { Season, WeeklyWindow } from './schedule.ts';

const WEEKDAYS = '一二三四五六日';
const ALL = [1, 2, 3, 4, 5, 6, 7];
const DAILY = /^(每天|每日|daily)?$/i;
const WINDOW = /^(.*?)\s*(\d{1,2}:\d{2})\s*[-–~至到]\s*(\d{1,2}:\d{2})$/;

/** 周一 → 1, 星期日 → 7, 3 → 3. */
function weekday(text: string): number | null {
  const plain = text.replace(/^(周|星期|礼拜)/, '').replace('天', '日');
  const day = /^[1-7]$/.test(plain) ? Number(plain) : WEEKDAYS.indexOf(plain) + 1;
  return plain.length === 1 && day > 0 ? day : null;
}

function daysOf(text: string): number[] | null {
  if (DAILY.test(text)) return ALL;
  const days = new Set<number>();
  for (const part of text.split(/[,，、]/)) {
    const ends = part
      .trim()
      .split(/[-–~至到]/)
      .map((end) => weekday(end.trim()));
    const [first, last = first] = ends;
    if (ends.length > 2 || first == null || last == null || last < first) return null;
    for (let day = first; day <= last; day += 1) days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}

const clock = (text: string): string | null => {
  const padded = text.padStart(5, '0');
  return /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(padded) ? padded : null;
};

/**
 * @param text windows parted by `;` or lines; days 1–7 or 周一至周五, none = every day
 * @returns null where a part cannot be read
 * @example readWindows('1-5 06:00-22:00; 周六、周日 8:00-12:00')
 */
export function readWindows(text: string): WeeklyWindow[] | null {
  const windows: WeeklyWindow[] = [];
  for (const part of text.split(/[;；\n]/).map((one) => one.trim())) {
    if (part === '') continue;
    const [, who = '', start = '', end = ''] = WINDOW.exec(part) ?? [];
    const [days, from, to] = [daysOf(who.trim()), clock(start), clock(end)];
    if (days === null || from === null || to === null) return null;
    windows.push({ days, from, to });
  }
  return windows;
}

function daysText(days: readonly number[]): string {
  const sorted = [...days].sort((a, b) => a - b);
  const [first = 1, last = 7] = [sorted[0], sorted.at(-1)];
  const isRow = sorted.length > 2 && last - first === sorted.length - 1;
  return isRow ? `${first}-${last}` : sorted.join(',');
}

/** What `readWindows` reads back. @example '1-5 06:00-22:00; 6,7 08:00-12:00' */
export function writeWindows(windows: readonly WeeklyWindow[]): string {
  return windows.map(({ days, from, to }) => `${daysText(days)} ${from}-${to}`).join('; ');
}

/** @returns null where it cannot be read @example readSeason('05-01~10-31') // { from: '05-01', to: '10-31' } */
export function readSeason(text: string): Season | null {
  const [, from, to] = /^(\d{2}-\d{2})\s*[~至到–]\s*(\d{2}-\d{2})$/.exec(text.trim()) ?? [];
  return from === undefined || to === undefined ? null : { from, to };
}

/** What `readSeason` reads back. */
export function writeSeason({ from, to }: Season): string {
  return `${from}~${to}`;
}
