/** A file of a spreadsheet program as rows of texts, whatever its format and encoding, within bounds. */
import { AppError } from '../../../platform/app-error.ts';
import { decodeCsv, parseCsv } from './csv.ts';
import { isXlsx, readXlsx } from './xlsx.ts';

export type SheetRows = {
  readonly format: 'csv' | 'xlsx';
  readonly encoding: string | null;
  /** Each with its number in the file, from 1; empty rows are left out. */
  readonly rows: readonly { readonly n: number; readonly cells: readonly string[] }[];
};

const MAX_ROWS = 20_000;
const MAX_COLUMNS = 64;
const MAX_CELL = 10_000;

function refuse(message: string, messageZh: string): never {
  throw new AppError('API_SHEET', message, { faults: [{ path: 'file', message, messageZh }] });
}

async function cellsOf(bytes: Buffer): Promise<{ format: 'csv' | 'xlsx'; encoding: string | null; all: string[][] }> {
  if (isXlsx(bytes)) {
    const all = await readXlsx(bytes);
    return all
      ? { format: 'xlsx', encoding: null, all }
      : refuse(
          'no sound XLSX workbook: open it in a spreadsheet program and save it anew',
          '工作簿损坏或过大：请用表格软件打开后另存',
        );
  }
  const decoded = bytes.includes(0) && bytes[0] !== 0xff ? null : decodeCsv(bytes);
  if (!decoded)
    return refuse('neither XLSX nor CSV in UTF-8 or GB18030', '既不是 XLSX，也不是 UTF-8 或 GB18030 编码的 CSV');
  const all = parseCsv(decoded.text.replace(/^\ufeff/, ''));
  return all
    ? { format: 'csv', encoding: decoded.encoding, all }
    : refuse('a quote is never closed: save the file anew as CSV', '引号没有闭合：请重新另存为 CSV');
}

/** @throws API_SHEET where it is no such file, or larger than allowed */
export async function readRows(bytes: Buffer): Promise<SheetRows> {
  const { format, encoding, all } = await cellsOf(bytes);
  const rows = all
    .map((cells, i) => ({ n: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length > MAX_ROWS + 1)
    refuse(`more than ${MAX_ROWS} rows: import it in parts`, `超过 ${MAX_ROWS} 行：请分批导入`);
  const wide = rows.find(({ cells }) => cells.length > MAX_COLUMNS || cells.some((cell) => cell.length > MAX_CELL));
  if (wide) refuse(`row ${wide.n} has too many columns or too long a cell`, `第 ${wide.n} 行列数过多或单元格过长`);
  return { format, encoding, rows };
}
