/** How many cases there are by state: from the counts that triggers keep, or counted to a bound where those cannot tell. */
import { type Expression, type SqlBool, sql } from 'kysely';
import type { Db } from '../store.ts';
import { allOf, type CaseFilters, caseTerms, momentTerms, placeTerms } from './filters.ts';

/** Cases of one kind and state under the filters that the counts know. */
export type CaseCell = { readonly kind: string; readonly state: string; readonly cases: number };
export type StateCounts = {
  readonly counts: Record<string, number>;
  /** False: there are too many to count; each is at least so many. */
  readonly exact: boolean;
};

/** Cases that are counted one by one, at the most. */
const COUNTED = 10_000;

/** Empty cells are left out; filters beyond the counts are not looked at. */
export async function readCells(db: Db, filters: CaseFilters): Promise<CaseCell[]> {
  const where = allOf(placeTerms(db, filters, 'case_counts'));
  const { rows } = await sql<CaseCell>`
    select kind, state, sum(cases) as cases from case_counts where ${where}
    group by kind, state having sum(cases) > 0`.execute(db);
  return rows.map((cell) => ({ ...cell, cases: Number(cell.cases) }));
}

function byState(rows: readonly { readonly state: string; readonly cases: number }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state, cases } of rows) counts[state] = (counts[state] ?? 0) + Number(cases);
  return counts;
}

/** @param where the cases that count @param bound of them at the most */
export async function countUpTo(db: Db, where: Expression<SqlBool>, bound: number): Promise<StateCounts> {
  const { rows } = await sql<{ state: string; cases: number }>`
    select state, count(*) as cases from (select state from cases where ${where} limit ${bound + 1}) as counted
    group by state`.execute(db);
  const counts = byState(rows);
  return { counts, exact: Object.values(counts).reduce((sum, cases) => sum + cases, 0) <= bound };
}

/** By state, for filters without a search. */
export async function countsOf(db: Db, filters: CaseFilters, cells: readonly CaseCell[]): Promise<StateCounts> {
  if (momentTerms(filters).length === 0) return { counts: byState(cells), exact: true };
  return countUpTo(db, allOf(caseTerms(db, filters)), COUNTED);
}

const keys = ['kind', 'camera', 'site', 'unit', 'source', 'district', 'state'] as const;
const countedBy = sql.raw(keys.map((key) => `coalesce(${key}, '')`).join(', '));

/** Counts anew where there are cases and no counts: what somebody does who found them wrong. */
export async function recount(db: Db): Promise<void> {
  // Asked first: every start would read every case for nothing.
  const { rows } = await sql`select 1 from case_counts limit 1`.execute(db);
  if (rows.length > 0) return;
  await sql`insert into case_counts (${sql.raw(keys.join(', '))}, cases)
    select ${countedBy}, count(*) from cases where true group by ${countedBy} on conflict do nothing`.execute(db);
}

/** Cases of each kind and state that are there, where the counts say otherwise. */
export async function wrongCounts(db: Db): Promise<(CaseCell & { readonly counted: number })[]> {
  const { rows } = await sql<CaseCell & { counted: number }>`
    select kind, state, sum(cases) as cases, sum(counted) as counted from (
      select kind, state, count(*) as cases, 0 as counted from cases group by kind, state
      union all select kind, state, 0 as cases, sum(cases) as counted from case_counts group by kind, state
    ) as compared group by kind, state having sum(cases) <> sum(counted)`.execute(db);
  return rows.map((row) => ({ ...row, cases: Number(row.cases), counted: Number(row.counted) }));
}
