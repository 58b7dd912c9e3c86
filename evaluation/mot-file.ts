/** MOTChallenge text: `frame,id,x,y,w,h,score,…`, one box a line, pixels, frames from 1. */
import type { MotBox } from './clear-mot.ts';

export type MotRow = MotBox & { readonly score: number };
export type MotFault = { readonly line: number; readonly message: string };

const LEAST_COLUMNS = 7;

function parseLine(text: string): MotRow | string {
  const columns = text.split(',').map((column) => (column.trim() === '' ? Number.NaN : Number(column)));
  const head = columns.slice(0, LEAST_COLUMNS);
  if (head.length < LEAST_COLUMNS) return `has ${head.length} columns, at least ${LEAST_COLUMNS} are needed`;
  if (!head.every(Number.isFinite)) return `column ${head.findIndex((c) => !Number.isFinite(c)) + 1} is not a number`;
  const [frame = 0, id = 0, x = 0, y = 0, w = 0, h = 0, score = 0] = head;
  if (!Number.isInteger(frame) || frame < 0) return 'frame is not a whole number from 0';
  if (w < 0 || h < 0) return 'width or height is negative';
  return { frame, id, box: [x, y, w, h], score };
}

/** All rows, or the first line (from 1) that is none. Empty lines are skipped. */
export function parseMot(text: string): { readonly rows: readonly MotRow[] } | { readonly fault: MotFault } {
  const rows: MotRow[] = [];
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = parseLine(line);
    if (typeof row === 'string') return { fault: { line: index + 1, message: row } };
    rows.push(row);
  }
  return { rows };
}

const short = (value: number) => String(Number(value.toFixed(3)));

/** One line of a result: score −1 and no world coordinates, as MOTChallenge asks of trackers. */
export function formatMot(row: MotBox): string {
  return `${[row.frame, row.id, ...row.box].map(short).join(',')},-1,-1,-1,-1`;
}
