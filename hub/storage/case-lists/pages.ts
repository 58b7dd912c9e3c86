/**
 * A page of a list, by the index that fits what is asked. Kinds and states go cell by cell, each in the order of time,
 * so that a rare one costs as little as a common one; what is rare in all is gathered first and put in order then.
 */
import { type Expression, type SqlBool, SqliteAdapter, sql } from 'kysely';
import { type CaseRow, casesByIds } from '../cases.ts';
import { oneOf } from '../one-of.ts';
import type { Db } from '../store.ts';
import { type CaseCell, countsOf, countUpTo, readCells, type StateCounts } from './counts.ts';
import { allOf, asList, type CaseFilters, caseTerms } from './filters.ts';
import { RARE, searchHits } from './hits.ts';

export type CaseCursor = { readonly openedAt: string; readonly id: string };
export type PageOrder = { readonly after: CaseCursor | null; readonly newestFirst: boolean; readonly limit: number };
export type ListedCases = StateCounts & {
  /** The page and one row more when there is a next one. */
  readonly rows: readonly CaseRow[];
};

type Key = { readonly opened_at: string; readonly id: string };

function beyond({ after, newestFirst }: PageOrder): Expression<SqlBool>[] {
  if (!after) return [];
  const sign = sql.raw(newestFirst ? '<' : '>');
  return [sql<SqlBool>`(opened_at, id) ${sign} (${after.openedAt}, ${after.id})`];
}

/** @param gathered the rows are few: they are found by another index than that of time, and put in order then */
function inOrder(db: Db, { newestFirst, limit }: PageOrder, gathered = false) {
  const direction = sql.raw(newestFirst ? 'desc' : 'asc');
  // SQLite takes an index for the order wherever there is one, even if it then reads every case.
  const openedAt = gathered && db.getExecutor().adapter instanceof SqliteAdapter ? sql`+opened_at` : sql`opened_at`;
  return sql`order by ${openedAt} ${direction}, id ${direction} limit ${limit + 1}`;
}

/** Rows of these keys, in their order. */
async function rowsOf(db: Db, keys: readonly Key[]): Promise<CaseRow[]> {
  const rows = await casesByIds(
    db,
    keys.map(({ id }) => id),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return keys.flatMap(({ id }) => byId.get(id) ?? []);
}

async function pageByTime(db: Db, terms: readonly Expression<SqlBool>[], order: PageOrder, gathered: boolean) {
  const where = allOf([...terms, ...beyond(order)]);
  const { rows } = await sql<Key>`
    select opened_at, id from cases where ${where} ${inOrder(db, order, gathered)}`.execute(db);
  return rowsOf(db, rows);
}

/** @param cells one at least */
async function pageByCells(
  db: Db,
  cells: readonly CaseCell[],
  terms: readonly Expression<SqlBool>[],
  order: PageOrder,
): Promise<CaseRow[]> {
  const parts = cells.map(({ kind, state }) => {
    const where = allOf([sql<SqlBool>`kind = ${kind} and state = ${state}`, ...terms, ...beyond(order)]);
    return sql`select * from (select opened_at, id from cases where ${where} ${inOrder(db, order)}) as cell`;
  });
  const { rows } = await sql<Key>`${sql.join(parts, sql` union all `)} ${inOrder(db, order)}`.execute(db);
  return rowsOf(db, rows);
}

/** What is in the states that are asked for. */
function inStates<T extends { readonly state: string }>(rows: readonly T[], { state }: CaseFilters): T[] {
  const states = state === undefined ? null : new Set(asList(state));
  return rows.filter((row) => states === null || states.has(row.state));
}

/** @param cells of these filters, as `readCells` gives them */
async function pageFor(db: Db, filters: CaseFilters, cells: readonly CaseCell[], order: PageOrder): Promise<CaseRow[]> {
  const { state, kind, camera, site, unit, claimedBy, dueBefore, reach } = filters;
  const terms = caseTerms(db, filters);
  const wanted = inStates(cells, filters);
  if (wanted.length === 0) return [];
  const placed = camera ?? site ?? unit ?? claimedBy ?? dueBefore;
  if ((state !== undefined || kind !== undefined) && placed === undefined && !reach)
    return pageByCells(db, wanted, terms, order);
  const rare = wanted.reduce((sum, { cases }) => sum + cases, 0) <= RARE;
  const states = state === undefined ? [] : [sql<SqlBool>`state in (${sql.join(asList(state))})`];
  const few = claimedBy !== undefined || dueBefore !== undefined || (reach && rare);
  return pageByTime(db, [...terms, ...states], order, Boolean(few));
}

/** What a rare search found, looked at one by one. */
async function listHits(db: Db, ids: readonly string[], filters: CaseFilters, order: PageOrder): Promise<ListedCases> {
  const { search: _search, ...others } = filters;
  const where = allOf([oneOf(db, 'id', ids), ...caseTerms(db, others)]);
  const { rows } = await sql<Key & { state: string }>`
    select id, state, opened_at from cases where ${where}`.execute(db);
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  const sign = order.newestFirst ? -1 : 1;
  const text = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
  const compare = (a: Key, b: Key) => sign * (text(a.opened_at, b.opened_at) || text(a.id, b.id));
  const { after } = order;
  const start = after && { opened_at: after.openedAt, id: after.id };
  const keys = inStates(rows, filters)
    .filter((row) => !start || compare(row, start) > 0)
    .sort(compare);
  return { rows: await rowsOf(db, keys.slice(0, order.limit + 1)), counts, exact: true };
}

/** A page of cases with how many there are by state under the same filters but the state. */
export async function listCases(db: Db, filters: CaseFilters, order: PageOrder): Promise<ListedCases> {
  const { search } = filters;
  const hits = search ? await searchHits(db, search) : null;
  if (hits?.complete) return listHits(db, hits.ids, filters, order);
  const cells = await readCells(db, filters);
  const { search: _search, ...others } = filters;
  const counting = hits
    ? countUpTo(db, allOf([oneOf(db, 'id', hits.ids), ...caseTerms(db, others)]), RARE)
    : countsOf(db, filters, cells);
  const [rows, { counts, exact }] = await Promise.all([pageFor(db, filters, cells, order), counting]);
  return { rows, counts, exact: exact && hits === null };
}

/** A page alone, for filters without a search. */
export async function pageOfCases(db: Db, filters: CaseFilters, order: PageOrder): Promise<CaseRow[]> {
  return pageFor(db, filters, await readCells(db, filters), order);
}
