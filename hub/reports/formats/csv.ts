/** The bulletin as one CSV (RFC 4180): a line for each figure, with its count and what it is a share of. */
import type { MonthlyReport, ReportCell } from '../../../contracts/api/report.ts';
import { csvText } from '../../csv-text.ts';
import { isRated, type ReportLanguage, textOf } from './cells.ts';

/** One field: text never becomes a formula, numbers stay numbers. */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return csvText(value);
}

const line = (fields: readonly (string | number | null)[]) => `${fields.map(csvField).join(',')}\r\n`;

function fieldsOf(cell: ReportCell, language: ReportLanguage): (string | number | null)[] {
  if (isRated(cell)) return [cell.value, cell.count, cell.of];
  return [textOf(cell, language) ?? (cell as number | null), null, null];
}

/** UTF-8 with a byte order mark, so that spreadsheets read Chinese. */
export function reportCsv(report: MonthlyReport, language: ReportLanguage): string {
  const { month, signature, tables, scope } = report;
  const state = scope ? 'confined' : report.state;
  const version = signature?.version ?? null;
  const lines = tables.flatMap(({ id, columns, rows }) =>
    rows.flatMap(({ cells }) => {
      // What a row is about: its texts before the first number.
      const end = columns.findIndex(({ unit }) => unit !== 'text');
      const lead = end <= 0 ? 1 : end;
      const item = cells
        .slice(0, lead)
        .map((cell) => textOf(cell, language) ?? '')
        .join(' / ');
      return cells.slice(lead).map((cell, i) => {
        const title = columns[lead + i]?.title[language] ?? '';
        return line([month, state, version, id, item, title, ...fieldsOf(cell, language)]);
      });
    }),
  );
  return `\uFEFF${line(['month', 'state', 'version', 'table', 'item', 'column', 'value', 'count', 'of'])}${lines.join('')}`;
}
