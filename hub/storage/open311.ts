/** Queries of the Open311 face: confirmed cases, the newest first. */
import type { Kysely } from 'kysely';
import type { CaseRow } from './cases.ts';
import { oneOf } from './one-of.ts';
import type { Database } from './schema.ts';
import type { Db } from './store.ts';

export type RequestFilters =
  | { readonly numbers: readonly string[] }
  | {
      /** RFC 3339 UTC, both ends included. */
      readonly from: string;
      readonly to: string;
      readonly kinds?: readonly string[];
      readonly states?: readonly string[];
    };

/** What somebody confirmed may be published, also once it was voided or merged into another. */
function confirmedCases(db: Kysely<Database>, states: readonly string[]) {
  return db.selectFrom('cases').selectAll().where('confirmed_at', 'is not', null).where('state', 'in', states);
}

/** @param publicStates states that may be shown at all */
export function findRequests(
  db: Db,
  publicStates: readonly string[],
  filters: RequestFilters,
  page: { readonly offset: number; readonly limit: number },
): Promise<CaseRow[]> {
  const inOrder = (query: ReturnType<typeof confirmedCases>) =>
    query.orderBy('opened_at', 'desc').orderBy('id', 'desc').offset(page.offset).limit(page.limit).execute();
  if ('numbers' in filters)
    return inOrder(confirmedCases(db, publicStates).where(oneOf(db, 'number', filters.numbers)));
  let query = confirmedCases(db, filters.states ?? publicStates)
    .where('opened_at', '>=', filters.from)
    .where('opened_at', '<=', filters.to);
  if (filters.kinds) query = query.where('kind', 'in', filters.kinds);
  return inOrder(query);
}

/** When each case was changed last, by id. */
export async function lastChanges(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('case_history')
    .select(['case_id', (eb) => eb.fn.max('at').as('at')])
    .where(oneOf(db, 'case_id', ids))
    .groupBy('case_id')
    .execute();
  return new Map(rows.map(({ case_id, at }) => [case_id, at]));
}
