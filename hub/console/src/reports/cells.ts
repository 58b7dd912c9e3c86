/** Cells of the bulletin as people read them on the screen. */
import type { ReportCell } from '../../../../contracts/api/report.ts';
import type { RatedCount } from '../../../../contracts/api/report-figures.ts';
import { currentLanguage } from '../i18n/index.ts';

/** Whether a cell is a share with its denominator. */
export function isRated(cell: ReportCell | undefined): cell is RatedCount {
  return typeof cell === 'object' && cell !== null && 'of' in cell;
}

/** @example percentText(0.98807) // '98.8%' */
export const percentText = (value: number): string => `${(value * 100).toFixed(1)}%`;

/** With its sign. */
export const changeText = (value: number): string => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}%`;

/** Text of a cell; a dash for what is not known. */
export function cellText(cell: ReportCell | undefined, unit: string): string {
  if (cell === null || cell === undefined) return '—';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number') return unit === 'change' ? changeText(cell) : cell.toLocaleString('en-US');
  if (isRated(cell))
    return cell.value === null ? `— (0/${cell.of})` : `${percentText(cell.value)} (${cell.count}/${cell.of})`;
  return cell[currentLanguage()];
}
