/** What /proc says of every process: parents, processor time, threads. Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ of Linux, on every architecture that Node runs on. */
const TICKS_A_SECOND = 100;

export type ProcessRow = {
  readonly pid: number;
  readonly parent: number;
  /** CPU seconds of all its threads. */
  readonly cpuSeconds: number;
  /** CPU seconds of its children that have ended and been waited for, and of theirs. */
  readonly endedSeconds: number;
  readonly threads: number;
};

/** One line of /proc/PID/stat; the program's name in it may hold blanks and brackets. Null when it is none. */
export function parseStat(text: string): ProcessRow | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 1 || close < open) return null;
  const fields = text.slice(close + 2).split(' ');
  const field = (number: number) => Number(fields[number - 3]);
  const row = {
    pid: Number(text.slice(0, open)),
    parent: field(4),
    cpuSeconds: (field(14) + field(15)) / TICKS_A_SECOND,
    endedSeconds: (field(16) + field(17)) / TICKS_A_SECOND,
    threads: field(20),
  };
  return Object.values(row).every(Number.isFinite) ? row : null;
}

/** Those of `rows` that are `roots` or come from them, however far down. */
export function treeOf(rows: readonly ProcessRow[], roots: readonly number[]): ProcessRow[] {
  const children = new Map<number, ProcessRow[]>();
  for (const row of rows) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const found = new Map<number, ProcessRow>();
  const waiting = roots.flatMap((pid) => byPid.get(pid) ?? []);
  for (let row = waiting.pop(); row; row = waiting.pop()) {
    if (found.has(row.pid)) continue;
    found.set(row.pid, row);
    waiting.push(...(children.get(row.pid) ?? []));
  }
  return [...found.values()];
}

/** Text of a file that may be gone by now. */
export function readGone(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Every process of this machine, from /proc; one that ends while it is read is left out. */
export function readProcesses(): ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parseStat(readGone(`/proc/${name}/stat`) ?? '') ?? []);
}
