/** CSV (RFC 4180) as spreadsheets write and read it: encodings, delimiters, and no formula in any cell. Pure. */
import { csvText, FORMULA } from '../../csv-text.ts';

export type CsvText = { readonly text: string; readonly encoding: 'utf-8' | 'gb18030' | 'utf-16le' };

const decoded = (bytes: Uint8Array, encoding: CsvText['encoding']): string | null => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** UTF-8 with or without a mark, else GB18030 (what Chinese Excel saves); null where it is neither. */
export function decodeCsv(bytes: Uint8Array): CsvText | null {
  const encodings = bytes[0] === 0xff && bytes[1] === 0xfe ? (['utf-16le'] as const) : (['utf-8', 'gb18030'] as const);
  for (const encoding of encodings) {
    const text = decoded(bytes, encoding);
    if (text !== null) return { text, encoding };
  }
  return null;
}

/** The sign that parts the cells of the first line: comma, semicolon or tab. */
function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
  const count = (sign: string) => line.split(sign).length;
  return [',', '\t', ';'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

/** `'=1+1` was a text with a sign before it, so that no spreadsheet computes it. */
const unescaped = (cell: string) => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

/** Rows of cells; a quoted cell may hold line ends and delimiters. @returns null where a quote is never closed */
export function parseCsv(text: string): string[][] | null {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const endOf = (from: number) => {
    let end = from;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1;
    return end;
  };
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      let close = text.indexOf('"', at + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return null;
      const end = endOf(close + 1);
      cell = text.slice(at + 1, close).replaceAll('""', '"') + text.slice(close + 1, end).trimEnd();
      at = end;
    } else {
      const end = endOf(at);
      cell = text.slice(at, end);
      at = end;
    }
    row.push(unescaped(cell));
    if (text[at] === delimiter) {
      at += 1;
      // The line ends with a delimiter: one more cell, empty.
      if (at === text.length || text[at] === '\n' || text[at] === '\r') row.push('');
      if (at < text.length && text[at] !== '\n' && text[at] !== '\r') continue;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** UTF-8 with a mark and CRLF, so that every Excel opens it with a double click. */
export function writeCsv(rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(`\ufeff${rows.map((row) => `${row.map(csvText).join(',')}\r\n`).join('')}`, 'utf8');
}
