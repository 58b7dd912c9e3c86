/** What a list is asked for, as conditions on `cases`, and on the table of their counts for those that it knows. */
import { type Expression, type SqlBool, sql } from 'kysely';
import type { CaseQuery } from '../../../contracts/api/case.ts';
import { oneOf } from '../one-of.ts';
import { type Confinement, casesWithin } from '../reach.ts';
import type { Db } from '../store.ts';
import type { CaseSearch } from './search.ts';

export type CaseFilters = Omit<CaseQuery, 'cursor' | 'limit' | 'order' | 'q' | 'overdue' | 'mine'> & {
  /** Claims that have ended by then do not count. */
  readonly now: string;
  readonly search?: CaseSearch;
  /** What whoever asks is confined to. */
  readonly reach?: Confinement;
  /** Waited for since before this instant. */
  readonly dueBefore?: string;
  /** Waited for until then, or for nothing. */
  readonly dueFrom?: string;
};

/** Parts of a comma-separated list. */
export const asList = (text: string) => text.split(',').map((part) => part.trim());

/** Every condition holds; none is true of everything. */
export const allOf = (terms: readonly Expression<SqlBool>[]) =>
  terms.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`${sql.join(terms, sql` and `)}`;

const anyOf = (terms: readonly Expression<SqlBool>[]) => sql<SqlBool>`(${sql.join(terms, sql` or `)})`;

/** What the counts know of a case, its state left aside. @param table `cases` or `case_counts` */
export function placeTerms(db: Db, filters: CaseFilters, table: 'cases' | 'case_counts'): Expression<SqlBool>[] {
  const column = (name: string) => sql.ref<string>(`${table}.${name}`);
  const { kind, source, camera, site, unit, reach } = filters;
  return [
    ...(kind === undefined ? [] : [sql<SqlBool>`${column('kind')} in (${sql.join(asList(kind))})`]),
    ...(source === undefined ? [] : [sql<SqlBool>`${column('source')} in (${sql.join(asList(source))})`]),
    ...(camera === undefined ? [] : [sql<SqlBool>`${column('camera')} = ${camera}`]),
    ...(site === undefined ? [] : [sql<SqlBool>`${column('site')} = ${site}`]),
    ...(unit === undefined ? [] : [sql<SqlBool>`${column('unit')} = ${unit}`]),
    ...(reach ? [casesWithin(db, reach, table)] : []),
  ];
}

/** What the counts do not know: times, claims and limits. */
export function momentTerms({ from, to, claimedBy, dueBefore, dueFrom, now }: CaseFilters): Expression<SqlBool>[] {
  return [
    ...(from === undefined ? [] : [sql<SqlBool>`opened_at >= ${from}`]),
    ...(to === undefined ? [] : [sql<SqlBool>`opened_at < ${to}`]),
    ...(claimedBy === undefined ? [] : [sql<SqlBool>`claimed_by = ${claimedBy} and claim_until > ${now}`]),
    ...(dueBefore === undefined ? [] : [sql<SqlBool>`due_at < ${dueBefore}`]),
    ...(dueFrom === undefined ? [] : [sql<SqlBool>`(due_at >= ${dueFrom} or due_at is null)`]),
  ];
}

/** Any of the ways in which a case can be meant. */
function found(db: Db, { parts, cameras, sites, zones }: CaseSearch): Expression<SqlBool> {
  return anyOf([
    ...parts.map(({ pattern }) => sql<SqlBool>`search like ${pattern} escape '\\'`),
    ...(cameras.length > 0 ? [oneOf(db, 'camera', cameras)] : []),
    ...(sites.length > 0 ? [oneOf(db, 'site', sites)] : []),
    ...(zones.length > 0 ? [oneOf(db, sql<string>`(camera || ' ' || zone)`, zones)] : []),
  ]);
}

/** Everything but the state. */
export function caseTerms(db: Db, filters: CaseFilters): Expression<SqlBool>[] {
  const { search } = filters;
  return [...placeTerms(db, filters, 'cases'), ...momentTerms(filters), ...(search ? [found(db, search)] : [])];
}
