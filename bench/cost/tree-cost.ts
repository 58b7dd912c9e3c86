/** What a program and everything that it started cost: processor time, memory without counting shared pages twice. */
import { readdirSync } from 'node:fs';
import { readGone, readProcesses, treeOf } from './process-table.ts';

export type TreeCost = {
  /** Since each process began; the ended ones included where their parent waited for them. */
  readonly cpuSeconds: number;
  /** Proportional set size: a page that n processes share counts 1/n in each. */
  readonly pssMiB: number;
  readonly processes: number;
  readonly threads: number;
  /** Open file descriptors. */
  readonly handles: number;
};

/** The PSS line of /proc/PID/smaps_rollup, MiB. */
export function parsePss(text: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024;
}

function countHandles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Processor time alone: cheap enough to be read at each edge of a window. */
export function cpuOf(roots: readonly number[]): number {
  return sum(treeOf(readProcesses(), roots).map((row) => row.cpuSeconds + row.endedSeconds));
}

/** Processor seconds and memory (PSS, MiB) of these processes with all that they started, by /proc. */
export function costOf(roots: readonly number[]): TreeCost {
  const rows = treeOf(readProcesses(), roots);
  return {
    cpuSeconds: sum(rows.map((row) => row.cpuSeconds + row.endedSeconds)),
    pssMiB: sum(rows.map(({ pid }) => parsePss(readGone(`/proc/${pid}/smaps_rollup`) ?? ''))),
    processes: rows.length,
    threads: sum(rows.map((row) => row.threads)),
    handles: sum(rows.map(({ pid }) => countHandles(pid))),
  };
}
