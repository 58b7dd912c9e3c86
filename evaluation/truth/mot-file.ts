/** MOTChallenge text: `frame,id,x,y,w,h,score,…`, one box a line, pixels, frames from 1. */
import type { BoxXywh } from '../../contracts/geometry.ts';

/** One row of a MOTChallenge file; any unit, the same in both files. */
export type MotBox = { readonly frame: number; readonly id: number; readonly box: BoxXywh };
export type MotRow = MotBox & { readonly score: number };
type MotFault = { readonly line: number; readonly message: string };

const MIN_COLUMNS = 7;
/** Pixels; further away than any picture is wide, and still far from where areas lose their digits. */
const MAX_COORDINATE = 1e6;
const plainNumber = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

function parseLine(text: string): MotRow | string {
  const columns = text.split(',').map((column) => column.trim());
  while (columns.at(-1) === '') columns.pop();
  if (columns.length < MIN_COLUMNS) return `has ${columns.length} columns, at least ${MIN_COLUMNS} are needed`;
  const head = columns.slice(0, MIN_COLUMNS);
  const wrong = head.findIndex((column) => !plainNumber.test(column) || !Number.isFinite(Number(column)));
  if (wrong >= 0) return `column ${wrong + 1} is not a number`;
  const [frame = 0, id = 0, x = 0, y = 0, w = 0, h = 0, score = 0] = head.map(Number);
  if (!Number.isSafeInteger(frame) || frame < 0 || frame > MAX_COORDINATE)
    return `frame is not a whole number from 0 to ${MAX_COORDINATE}`;
  if (!Number.isSafeInteger(id)) return 'id is not a whole number';
  if (w < 0 || h < 0) return 'width or height is negative';
  if ([x, y, w, h].some((value) => Math.abs(value) > MAX_COORDINATE)) return 'the box lies beyond any picture';
  return { frame, id, box: [x, y, w, h], score };
}

/** All rows, or the first line (from 1) that is none. Empty lines are skipped, whatever ends a line. */
export function parseMot(text: string): { readonly rows: readonly MotRow[] } | { readonly fault: MotFault } {
  const rows: MotRow[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const row = parseLine(line);
    if (typeof row === 'string') return { fault: { line: index + 1, message: row } };
    rows.push(row);
  }
  return { rows };
}

/** Rows of each frame, in the order in which the frames first come. */
export function byFrame<T extends MotBox>(rows: readonly T[]): Map<number, T[]> {
  const frames = new Map<number, T[]>();
  for (const row of rows) {
    const list = frames.get(row.frame);
    if (list) list.push(row);
    else frames.set(row.frame, [row]);
  }
  return frames;
}

const short = (value: number) => String(Number(value.toFixed(3)));

/** One line of a result: score −1 and no world coordinates, as MOTChallenge asks of trackers. */
export function formatMot(row: MotBox): string {
  return `${[row.frame, row.id, ...row.box].map(short).join(',')},-1,-1,-1,-1`;
}
