/** Columns of a register's table: how a cell becomes a field and back, and what to do where it does not. Pure. */

import type { Season, WeeklyWindow } from '../../../contracts/schedule.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { readSeason, readWindows, writeSeason, writeWindows } from '../../../contracts/windows-text.ts';
import { isRealDay } from '../../../platform/real-day.ts';
import { isPlate, plainPlate } from '../haulage.ts';

export type CellReading = { readonly value: unknown } | { readonly fault: Bilingual };

export type Column = {
  /** Path of the field, e.g. `manager.name`; unique in its table, and a heading that is understood as well. */
  readonly key: string;
  readonly zh: string;
  readonly en: string;
  readonly required?: true;
  readonly read: (text: string) => CellReading;
  readonly show: (value: unknown) => string;
};

type Heading = readonly [key: string, zh: string, en: string];
const named = ([key, zh, en]: Heading) => ({ key, zh, en });
const asText = (value: unknown) => (value === undefined || value === null ? '' : String(value));

/** Any text. */
export const text = (...heading: Heading): Column => ({
  ...named(heading),
  read: (cell) => ({ value: cell }),
  show: asText,
});

/** The same column, which may not be left empty. */
export const needed = (column: Column): Column => ({ ...column, required: true });

/** A number with at most so many decimals. */
export const number = (...heading: Heading): Column => ({
  ...named(heading),
  read: (cell) =>
    /^-?\d{1,12}(\.\d{1,15})?$/.test(cell)
      ? { value: Number(cell) }
      : { fault: { zh: '不是数字：请只填数字，如 118.61', en: 'no number: digits only, e.g. 118.61' } },
  show: asText,
});

/** 2026-11-28, 2026/11/28, 2026年11月28日, or a date cell of a spreadsheet. */
export const date = (...heading: Heading): Column => ({
  ...named(heading),
  read(cell) {
    const [, y = '', m = '', d = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(cell) ?? [];
    const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
    if (y !== '' && isRealDay(day)) return { value: day };
    return { fault: { zh: '不是有效日期：请写成 2026-11-28', en: 'no day of the calendar: write 2026-11-28' } };
  },
  show: asText,
});

/** One of a few words, each in Chinese, English and as it is on the wire. */
export function choice(heading: Heading, words: Readonly<Record<string, Bilingual>>): Column {
  const all = Object.entries(words);
  const list = (language: 'zh' | 'en') => all.map(([, word]) => word[language]).join(language === 'zh' ? '、' : ', ');
  return {
    ...named(heading),
    read(cell) {
      const wanted = cell.toLowerCase();
      const found = all.find(([code, { zh, en }]) => [code, zh, en.toLowerCase()].includes(wanted));
      if (found) return { value: found[0] };
      return { fault: { zh: `只能填：${list('zh')}`, en: `one of: ${list('en')}` } };
    },
    show: (value) => words[asText(value)]?.zh ?? asText(value),
  };
}

/** Weekly windows. */
export const windows = (...heading: Heading): Column => ({
  ...named(heading),
  read(cell) {
    const value = readWindows(cell);
    if (value !== null) return { value };
    return {
      fault: {
        zh: '时段写法有误：请写成 1-5 06:00-22:00; 6,7 08:00-12:00（1 为周一）',
        en: 'cannot be read: write 1-5 06:00-22:00; 6,7 08:00-12:00 (1 = Monday)',
      },
    };
  },
  show: (value) => writeWindows((value ?? []) as WeeklyWindow[]),
});

/** A season of the year. */
export const season = (...heading: Heading): Column => ({
  ...named(heading),
  read(cell) {
    const value = readSeason(cell);
    return value === null
      ? { fault: { zh: '请写成 05-01~10-31（月-日）', en: 'write 05-01~10-31 (month-day)' } }
      : { value };
  },
  show: (value) => (value === undefined ? '' : writeSeason(value as Season)),
});

/** Number plates of goods vehicles (GA 36-2018), parted by commas, 、 or blanks. */
export const plates = (...heading: Heading): Column => ({
  ...named(heading),
  read(cell) {
    const value = cell.split(/[,，、;；\s]+/).filter((one) => one !== '');
    const wrong = value.find((one) => !isPlate(one));
    if (wrong === undefined) return { value: value.map(plainPlate) };
    return {
      fault: {
        zh: `车牌“${wrong}”格式不对：应为省份简称 + 字母 + 5 位（新能源 6 位），多个车牌用、隔开`,
        en: `“${wrong}” is no number plate: province, letter and 5 signs (6 for new energy), parted by 、 or commas`,
      },
    };
  },
  show: (value) => ((value ?? []) as string[]).join('、'),
});
