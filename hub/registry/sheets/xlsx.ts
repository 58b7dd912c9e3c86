/** XLSX workbooks (ECMA-376): the first sheet read as texts, within bounds; texts written, and never a formula. */
import { inflateRawSync } from 'node:zlib';
import { readSheet } from 'read-excel-file/node';
import writeXlsxFile from 'write-excel-file/node';

/** A workbook of 20,000 rows is far below this; a small file that grows beyond it is an attack. */
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_FILES = 500;
const END_OF_ARCHIVE = 0x06054b50;
const ENTRY = 0x02014b50;

/** ZIP archives begin so, and no CSV does. */
export function isXlsx(bytes: Buffer): boolean {
  return bytes.length > 4 && bytes.readUInt32LE(0) === 0x04034b50;
}

/** Unpacks within the bound what one entry of the archive's directory says. @returns its bytes */
function unpackedSize(bytes: Buffer, entry: number, room: number): number {
  const method = bytes.readUInt16LE(entry + 10);
  const packed = bytes.readUInt32LE(entry + 20);
  const said = bytes.readUInt32LE(entry + 24);
  const local = bytes.readUInt32LE(entry + 42);
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (said > room || packed > room) throw new RangeError('unpacks to more than allowed');
  if (method === 0) return packed;
  if (method !== 8) throw new RangeError('packed in an unknown way');
  return inflateRawSync(bytes.subarray(start, start + packed), { maxOutputLength: Math.max(1, said) }).length;
}

/** @throws RangeError where the archive is broken, or unpacks to more than its directory says or than is allowed */
function checkArchive(bytes: Buffer): void {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_ARCHIVE) end -= 1;
  if (end < 0) throw new RangeError('no directory');
  const files = bytes.readUInt16LE(end + 10);
  if (files > MAX_FILES) throw new RangeError('too many files');
  let at = bytes.readUInt32LE(end + 16);
  let room = MAX_UNPACKED;
  for (let i = 0; i < files; i += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new RangeError('broken directory');
    room -= unpackedSize(bytes, at, room);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

/** A date without a time as its day; everything else as it stands. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (!(value instanceof Date)) return String(value);
  const text = value.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

/**
 * Cells of the first sheet as texts. Of a formula the value that was saved with it is read; nothing is computed.
 * @returns null where it is no sound workbook
 */
export async function readXlsx(bytes: Buffer): Promise<string[][] | null> {
  try {
    checkArchive(bytes);
    const rows = await readSheet<string>(bytes, 1, { trim: false, parseNumber: (text) => text });
    return rows.map((row) => row.map(cellText));
  } catch {
    return null;
  }
}

/** One sheet of texts with its first row fixed. @param name of the sheet */
export function writeXlsx(rows: readonly (readonly string[])[], name: string): Promise<Buffer> {
  const [head = [], ...body] = rows;
  const width = (i: number) =>
    Math.min(60, Math.max(10, ...rows.slice(0, 50).map((row) => (row[i] ?? '').length * 1.6)));
  const data = [
    head.map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
    ...body.map((row) => row.map((value) => (value === '' ? null : { value, type: String }))),
  ];
  return writeXlsxFile(data, {
    sheet: name,
    stickyRowsCount: 1,
    columns: head.map((_, i) => ({ width: width(i) })),
  }).toBuffer();
}
