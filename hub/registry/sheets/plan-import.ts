/** What an import would do: each row as a body, or every fault of it with how to correct it. Pure. */
import type { ImportFault } from '../../../contracts/api/import.ts';
import { withField } from '../../../contracts/field-path.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { AppError } from '../../../platform/app-error.ts';
import { findInexactText } from '../../../platform/exact-text.ts';
import { findHiddenText } from '../../../platform/hidden-text.ts';
import { faultsOf } from '../../../platform/validate.ts';
import type { Column } from './columns.ts';
import type { SheetRows } from './read-rows.ts';
import type { SheetTable } from './tables.ts';

type Row = SheetRows['rows'][number];
type Entry = { readonly id: string };
export type PlannedRow = { readonly row: number; readonly before: Entry | null; readonly body: Entry };
export type ImportPlan = { readonly rows: number; readonly good: PlannedRow[]; readonly faults: ImportFault[] };

/** What is registered now: the kind's own entries, and ids that rows may name. */
export type Known = {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly sites: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
};

type Headed = { readonly columns: readonly (Column | null)[]; readonly headings: readonly string[] };

const plain = (heading: string) => heading.toLowerCase().replace(/[\s*＊]/g, '');

/** @throws API_SHEET where a needed column is missing, or one is not known or there twice */
function readHeader(table: SheetTable, header: Row | undefined): Headed {
  const headings = header?.cells ?? [];
  const columns = headings.map((heading) => {
    const wanted = plain(heading);
    return table.columns.find(({ key, zh, en }) => [key, zh, en].some((name) => plain(name) === wanted)) ?? null;
  });
  const faults = [
    ...table.columns
      .filter((column) => column.required && !columns.includes(column))
      .map(({ zh, en }) => ({
        path: zh,
        message: `column “${en}” (${zh}) is missing in row ${header?.n ?? 1}: export the list to see its headings`,
        messageZh: `第 ${header?.n ?? 1} 行缺少列“${zh}”：可先导出一份，按其表头填写`,
      })),
    ...headings.flatMap((heading, i) => {
      if (heading === '') return [];
      const column = columns[i];
      if (column && columns.indexOf(column) === i) return [];
      const known = (language: 'zh' | 'en') => table.columns.map((one) => one[language]).join(', ');
      return [
        {
          path: heading,
          message: column ? `column “${heading}” is there twice` : `unknown column “${heading}”; known: ${known('en')}`,
          messageZh: column ? `列“${heading}”重复` : `没有“${heading}”这一列；可用的列：${known('zh')}`,
        },
      ];
    }),
  ];
  if (faults.length > 0) throw new AppError('API_SHEET', 'headings', { faults });
  return { columns, headings };
}

type Told = (column: Column | null, value: string, fault: Bilingual) => void;

/** The body that a row makes of what is known; what its columns do not say stays. */
function bodyOf(table: SheetTable, { columns }: Headed, cells: readonly string[], known: Known, tell: Told) {
  const id = cells[columns.findIndex((column) => column?.key === 'id')] ?? '';
  const before = known.entries.get(id) ?? null;
  let body: Record<string, unknown> = { ...(before ?? table.blank) };
  for (const [i, column] of columns.entries()) {
    if (!column) continue;
    const cell = cells[i] ?? '';
    if (cell === '') {
      if (column.required) tell(column, '', { zh: '必填，不能为空', en: 'must not be empty' });
      else body = withField(body, column.key, undefined);
      continue;
    }
    const read = column.read(cell);
    if ('fault' in read) tell(column, cell, read.fault);
    else body = withField(body, column.key, read.value);
  }
  for (const [key, value] of Object.entries(table.blank)) if (body[key] === undefined) body[key] = value;
  const name = body.name as { zh?: string; en?: string } | undefined;
  // A list in Chinese alone is no fault: the name is shown as it is.
  if (name?.zh !== undefined && name.en === undefined) body = withField(body, 'name.en', name.zh);
  return { before, body };
}

/** The column that a path of the schema belongs to: `plates[1]` and `location` are shown at theirs. */
function columnAt(table: SheetTable, path: string): Column | null {
  const plainPath = path.replace(/\[.*$/, '');
  const { columns } = table;
  return (
    columns.find(({ key }) => key === plainPath) ?? columns.find(({ key }) => key.startsWith(`${plainPath}.`)) ?? null
  );
}

function checkBody(table: SheetTable, body: Record<string, unknown>, known: Known, tell: Told): void {
  const faults = faultsOf(table.schema, body);
  const entry = body as unknown as Entry;
  for (const { path, message, messageZh } of faults.length > 0 ? faults : table.kind.faults(entry))
    tell(columnAt(table, path), '', { zh: messageZh ?? `不符合要求：${message}`, en: message });
  if (findInexactText(body) !== null || findHiddenText(body) !== null)
    tell(null, '', { zh: '含有不可见的控制字符：请删除后重新输入', en: 'holds a control character: type it again' });
  for (const { column, to, hint } of table.references) {
    const id = body[column];
    if (typeof id === 'string' && !known[to].has(id)) tell(columnAt(table, column), id, hint);
  }
}

/** @throws API_SHEET for headings that do not fit */
export function planImport(table: SheetTable, sheet: SheetRows, known: Known): ImportPlan {
  const [header, ...rows] = sheet.rows;
  const headed = readHeader(table, header);
  const seen = new Map<string, number>();
  const plan: ImportPlan = { rows: rows.length, good: [], faults: [] };
  for (const { n, cells } of rows) {
    const own: ImportFault[] = [];
    const tell: Told = (column, value, { zh, en }) => {
      const at = column ? headed.columns.indexOf(column) : -1;
      const heading = headed.headings[at] ?? column?.zh ?? '';
      const shown = value === '' ? (cells[at] ?? '') : value;
      own.push({ row: n, column: heading, value: [...shown].slice(0, 100).join(''), message: en, messageZh: zh });
    };
    const { before, body } = bodyOf(table, headed, cells, known, tell);
    if (own.length === 0) checkBody(table, body, known, tell);
    const id = String(body.id ?? '');
    const first = seen.get(id);
    if (first !== undefined)
      tell(columnAt(table, 'id'), id, {
        zh: `与第 ${first} 行编号相同：请删去其中一行`,
        en: `has the same id as row ${first}: leave one of them out`,
      });
    else if (id !== '') seen.set(id, n);
    if (own.length === 0) plan.good.push({ row: n, before, body: body as unknown as Entry });
    plan.faults.push(...own);
  }
  return plan;
}
