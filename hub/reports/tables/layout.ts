/** How a table of the bulletin is put together. */
import type { CaseFilter, ColumnUnit, ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { both } from './words.ts';

type Column = ReportTable['columns'][number];

/** A column; `cases` where its counts are cases opened in the month. */
export const column = (zh: string, en: string, unit: ColumnUnit, cases = false): Column => ({
  title: both(zh, en),
  unit,
  ...(cases ? { cases } : {}),
});

/** A row; its filter finds the cases behind it in the list of cases. */
export const row = (cells: ReportCell[], filter?: CaseFilter): ReportTable['rows'][number] => ({
  cells,
  ...(filter ? { filter } : {}),
});

/** A table with what must be known to read it. */
export function table(
  id: string,
  title: Bilingual,
  columns: Column[],
  rows: ReportTable['rows'],
  note: Bilingual | null = null,
): ReportTable {
  return { id, title, note, columns, rows };
}

/** Names of what only has an id elsewhere. */
export type ReportNames = {
  readonly camera: (id: string) => Bilingual | string;
  readonly site: (id: string) => Bilingual | string;
  /** Nine digits. */
  readonly street: (code: string) => Bilingual | string;
};

/** To one decimal. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
