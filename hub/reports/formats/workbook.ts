/** The bulletin as a workbook: several sheets, real numbers, percentages with their counts beside them. */
import writeExcelFile, { type CellObject } from 'write-excel-file/node';
import type { ColumnUnit, MonthlyReport, ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { formatWords, isRated, localStamp, type ReportLanguage, ratedColumns, standing, textOf } from './cells.ts';

type SheetCell = CellObject | null;

const PERCENT = '0.00%';
const HEAD = '#dde9ec';
const GREY = '#56636f';

/** Which tables stand on which sheet; what is named nowhere comes last. */
const sheets: readonly (readonly [title: Bilingual, tables: readonly string[]])[] = [
  [{ zh: '总览', en: 'Overview' }, ['overview', 'review', 'rejections', 'handling', 'outstanding', 'outcomes']],
  [{ zh: '受理', en: 'Received' }, ['kinds', 'reasons', 'districts', 'streets', 'sources', 'sensitive']],
  [{ zh: '区县考评', en: 'Assessment' }, ['assessment']],
  [{ zh: '时段', en: 'Hours' }, ['days', 'week-hours', 'hot-spots']],
  [{ zh: '地点', en: 'Places' }, ['recurrences', 'clearing', 'counted']],
  [{ zh: '工地', en: 'Sites' }, ['sites', 'notices', 'carriers']],
  [{ zh: '摄像机', en: 'Cameras' }, ['coverage', 'cameras', 'precision']],
  [{ zh: '审核员', en: 'Operators' }, ['operators']],
  [{ zh: '现状', en: 'States' }, ['states']],
  [{ zh: '不掌握的项目', en: 'Not known' }, ['missing']],
];

/** Text is typed as text: whatever it begins with, it is no formula. */
const text = (value: string, style: Partial<CellObject> = {}): SheetCell => ({ value, type: String, ...style });
const number = (value: number | null, format?: string): SheetCell =>
  value === null ? null : { value, type: Number, ...(format ? { format } : {}) };

function cellsOf(cell: ReportCell, unit: ColumnUnit, rated: boolean, language: ReportLanguage): SheetCell[] {
  if (isRated(cell)) return [number(cell.value, PERCENT), number(cell.count), number(cell.of)];
  const words = textOf(cell, language);
  const own = words === null ? number(cell as number | null, unit === 'change' ? PERCENT : undefined) : text(words);
  return rated ? [own, null, null] : [own];
}

function rowsOf(one: ReportTable, language: ReportLanguage): SheetCell[][] {
  const rated = ratedColumns(one);
  const head = (value: string) => text(value, { fontWeight: 'bold', backgroundColor: HEAD });
  const header = one.columns.flatMap(({ title }, i) => [
    head(title[language]),
    ...(rated[i] ? [head(formatWords.count[language]), head(formatWords.of[language])] : []),
  ]);
  return [
    [text(one.title[language], { fontWeight: 'bold' })],
    ...(one.note ? [[text(one.note[language], { textColor: GREY })]] : []),
    header,
    ...one.rows.map(({ cells }) =>
      cells.flatMap((cell, i) => cellsOf(cell, one.columns[i]?.unit ?? 'text', rated[i] ?? false, language)),
    ),
    [],
  ];
}

/** @returns the bytes of an .xlsx */
export function reportWorkbook(report: MonthlyReport, language: ReportLanguage): Promise<Buffer> {
  const stamp = localStamp(report.utcOffsetMinutes);
  const title = [
    [text(`${formatWords.title[language]} ${report.month}`, { fontWeight: 'bold' })],
    [text(standing(report, language, stamp), { textColor: GREY })],
    ...(report.signature ? [[text(`SHA-256 ${report.signature.hash}`, { textColor: GREY })]] : []),
    [],
  ];
  const made = sheets.flatMap(([name, ids]) => {
    const tables = report.tables.filter(({ id }) => ids.includes(id));
    if (tables.length === 0) return [];
    const data = [...title, ...tables.flatMap((one) => rowsOf(one, language))];
    const width = Math.max(...data.map((row) => row.length), 1);
    const columns = Array.from({ length: width }, (_, i) => ({ width: i === 0 ? 28 : 13 }));
    return [{ data, sheet: name[language], columns }];
  });
  return writeExcelFile(made).toBuffer();
}
