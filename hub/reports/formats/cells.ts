/** Cells of a report's tables as text and numbers, the same in every format. */

import type { ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import type { RatedCount } from '../../../contracts/api/report-figures.ts';
import type { UserScope } from '../../../contracts/api/scope.ts';
import type { Bilingual } from '../../../contracts/text.ts';

export type ReportLanguage = 'zh' | 'en';

/** Whether a cell is a share with its denominator. */
export function isRated(cell: ReportCell | undefined): cell is RatedCount {
  return typeof cell === 'object' && cell !== null && 'of' in cell;
}

const isBilingual = (cell: ReportCell): cell is Bilingual => typeof cell === 'object' && cell !== null && 'zh' in cell;

/** Text of a cell, or null where it is a number, a share or not known. */
export function textOf(cell: ReportCell, language: ReportLanguage): string | null {
  if (typeof cell === 'string') return cell;
  return isBilingual(cell) ? cell[language] : null;
}

/** @example percent(0.98807) // '98.81%' */
export const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** With a sign; of a change. */
export const signed = (value: number): string => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}%`;

/** As it is printed: a share with what it is of, a dash for what is not known. */
export function printed(cell: ReportCell, unit: string, language: ReportLanguage): string {
  const text = textOf(cell, language);
  if (text !== null) return text;
  if (cell === null) return '—';
  if (isRated(cell))
    return cell.value === null ? `— (0/${cell.of})` : `${percent(cell.value)} (${cell.count}/${cell.of})`;
  if (unit === 'change') return signed(cell as number);
  return String(cell);
}

/** Columns that hold a share in some row. */
export function ratedColumns({ columns, rows }: ReportTable): boolean[] {
  return columns.map((_, i) => rows.some(({ cells }) => isRated(cells[i])));
}

/** Words that every format needs. */
export const formatWords = {
  count: { zh: '分子', en: 'count' },
  of: { zh: '分母', en: 'of' },
  title: { zh: '数字城管视频巡查月度通报', en: 'Monthly bulletin of video patrols' },
  provisional: { zh: '未签发，数据可能变动', en: 'Provisional: not signed, figures may change' },
  running: { zh: '本月未结束', en: 'The month is not over' },
} as const;

/** Said first where the figures are of some places alone: nobody shall take them for the city's. */
export function scopeText({ scope }: { readonly scope?: UserScope | undefined }, language: ReportLanguage): string {
  if (!scope) return '';
  const { districts = [], sites = [], units = [] } = scope;
  const places = [...districts, ...sites, ...units];
  return language === 'zh' ? `仅限范围：${places.join('、')}；` : `Confined to ${places.join(', ')}. `;
}

/** What is said of the document's standing, e.g. who signed it. */
export function standing(
  report: {
    readonly state: string;
    readonly complete: boolean;
    readonly scope?: UserScope | undefined;
    readonly signature: { version: number; name: string; at: string; hash: string; note: string | null } | null;
  },
  language: ReportLanguage,
  localTime: (iso: string) => string,
): string {
  const { signature } = report;
  if (!signature) {
    const running = report.complete ? '' : `${language === 'zh' ? '；' : '. '}${formatWords.running[language]}`;
    return `${scopeText(report, language)}${formatWords.provisional[language]}${running}`;
  }
  const note = signature.note === null ? '' : language === 'zh' ? `（${signature.note}）` : ` (${signature.note})`;
  return language === 'zh'
    ? `第 ${signature.version} 版，${signature.name} 于 ${localTime(signature.at)} 签发${note}`
    : `Version ${signature.version}, signed by ${signature.name} at ${localTime(signature.at)}${note}`;
}

/** Local date and time to the minute. */
export const localStamp = (utcOffsetMinutes: number) => (iso: string) =>
  new Date(Date.parse(iso) + utcOffsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
