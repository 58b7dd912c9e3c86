/** P7: lists, filters, searches and details of a year of cases, while another hundred a second are written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type CaseListQuery, type CaseReads, createCaseReads } from '../hub/cases/reads.ts';
import { writeCases } from '../hub/storage/cases.ts';
import { openStore, type Store } from '../hub/storage/store.ts';
import { createLog } from '../platform/log.ts';
import { sleep } from '../platform/sleep.ts';
import { caseRow } from '../tests/hub/case-rows.ts';
import { needs } from '../tests/needs.ts';
import { startPostgres } from '../tests/postgres.ts';
import { ENDED, fillCases } from './lists/year-of-cases.ts';
import type { BenchRow } from './row.ts';

const CASES = 200_000;
/** Beside it a fifth, to see what growth costs. */
const FEWER = 40_000;
const ROUNDS = 40;
const AIM_MS = 50;
const GROWTH = 1.3;

const questions: Readonly<Record<string, CaseListQuery>> = {
  all: {},
  'what waits': { state: 'pending-review', order: 'oldest' },
  'by kind': { kind: 'muck-truck' },
  'a rare state': { state: 'field-check' },
  'kind and states': { kind: 'road-stall,bike-clutter', state: 'closed,rejected' },
  'by camera': { camera: 'cam-7' },
  'by site': { site: 'site-3' },
  'by unit': { unit: 'unit-3' },
  overdue: { overdue: true },
  'one day': { from: '2026-05-01T00:00:00.000Z', to: '2026-05-02T00:00:00.000Z' },
  'half a year': { from: '2026-03-01T00:00:00.000Z', to: '2026-09-01T00:00:00.000Z' },
  plate: { q: '闽C12345' },
  'part of a plate': { q: 'c123' },
  number: { q: '3505002026050100777' },
  'nothing found': { q: 'nowhere' },
  'a common word': { q: 'cam-1' },
};

const quantile = (sorted: readonly number[], q: number) => sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN;

/** Milliseconds of every question, by its name. */
async function ask(reads: CaseReads): Promise<Map<string, number[]>> {
  const taken = new Map<string, number[]>();
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const answer = await work();
    taken.set(name, [...(taken.get(name) ?? []), performance.now() - began]);
    return answer;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, query] of Object.entries(questions)) {
      const page = await timed(name, () => reads.list(query));
      const row = page.cases[round % Math.max(1, page.cases.length)];
      if (row && name === 'all') await timed('detail', () => reads.get(row.id, { name: 'bench', role: 'viewer' }));
    }
  }
  return taken;
}

/** A hundred cases a second, ten at a time, until it is told to stop. */
function writeBeside(store: Store, from: number) {
  const stop = new AbortController();
  const done = (async () => {
    for (let n = from; !stop.signal.aborted; n += 10) {
      const rows = Array.from({ length: 10 }, (_, i) => caseRow(n + i, { opened_at: '2026-11-27T00:00:00.000Z' }));
      await store.transaction((trx) => writeCases(trx, store.dialect, rows));
      await sleep(100, stop.signal);
    }
  })();
  return async () => {
    stop.abort();
    await done;
  };
}

async function measure(url: string, cases: number): Promise<Map<string, number[]>> {
  const store = await openStore(url, { log: createLog({ level: 'silent' }) });
  await fillCases(store, cases, (written) => {
    if (written % 50_000 === 0) process.stderr.write(`  ${written} of ${cases} cases\n`);
  });
  await sql`analyze`.execute(store.db);
  const reads = createCaseReads({ store, clock: { now: () => ENDED } });
  await ask(reads);
  const end = writeBeside(store, cases);
  try {
    return await ask(reads);
  } finally {
    await end();
    await store.close();
  }
}

function rowsOf(dialect: string, many: Map<string, number[]>, few: Map<string, number[]>): BenchRow[] {
  const sorted = (taken: Map<string, number[]>, name: string) => [...(taken.get(name) ?? [])].sort((a, b) => a - b);
  const worst = [...many.keys()].map((name) => ({ name, p99: quantile(sorted(many, name), 0.99) }));
  worst.sort((a, b) => b.p99 - a.p99);
  const growth = [...many.keys()].map((name) => ({
    name,
    ratio: quantile(sorted(many, name), 0.5) / Math.max(1, quantile(sorted(few, name), 0.5)),
  }));
  growth.sort((a, b) => b.ratio - a.ratio);
  const told = worst.map(({ name, p99 }) => `${name} ${p99.toFixed(0)}`).join(', ');
  const [slowest, grown] = [worst[0], growth[0]];
  const plain = { id: 'P7', ceiling: null, ratio: null };
  return [
    {
      ...{ ...plain, figure: `hub on ${dialect}: the slowest question, p99`, unit: 'ms' },
      ...{ value: slowest?.p99 ?? Number.NaN, aim: `< ${AIM_MS} ms`, met: (slowest?.p99 ?? AIM_MS) < AIM_MS },
      note: `${CASES} cases, 100 a second written beside; ms: ${told}`,
    },
    {
      ...{ ...plain, figure: `hub on ${dialect}: five times the cases, p50`, unit: '×' },
      ...{ value: grown?.ratio ?? Number.NaN, aim: `≤ ${GROWTH} ×`, met: (grown?.ratio ?? GROWTH) <= GROWTH },
      note: `worst: ${grown?.name}; below 1 ms counts as 1`,
    },
  ];
}

/** P7 of docs/bench.md. */
export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-bench-'));
  const postgres = needs('postgres') ? await startPostgres() : null;
  try {
    const rows: BenchRow[] = [];
    const few = await measure(`sqlite:${join(folder, 'few.db')}`, FEWER);
    rows.push(...rowsOf('SQLite', await measure(`sqlite:${join(folder, 'many.db')}`, CASES), few));
    if (postgres) {
      const fewer = await measure(await postgres.createDatabase('few'), FEWER);
      rows.push(...rowsOf('PostgreSQL', await measure(await postgres.createDatabase('many'), CASES), fewer));
    }
    return rows;
  } finally {
    await postgres?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
