/** Queries on `cases`. */
import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import type { CaseQuery } from '../../contracts/api/case.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { CasesTable, Database } from './schema.ts';
import type { Db, Store } from './store.ts';

export type CaseRow = Selectable<CasesTable>;

const upsert: BulkInsert<'cases'> = {
  table: 'cases',
  columns: [
    'id',
    'number',
    'kind',
    'state',
    'version',
    'node',
    'camera',
    'zone',
    'lon',
    'lat',
    'started_at',
    'ended_at',
    'opened_at',
    'last_seen_at',
    'sightings',
    'score',
    'detail',
    'place',
    'claimed_by',
    'claimed_at',
    'claim_until',
    'due_at',
    'site',
    'recurrence_of',
    'merged_into',
    'thumbnail',
    'outcome',
    'rework',
    'confirmed_at',
    'closed_at',
    'history_length',
    'history_head',
    'pinned',
  ],
  onConflict: { key: ['id'], update: true },
};

export function writeCases(db: Db, dialect: Store['dialect'], rows: readonly CaseRow[]): Promise<void> {
  return insertRows(db, dialect, upsert, rows);
}

export async function casesByIds(db: Db, ids: readonly string[]): Promise<CaseRow[]> {
  return ids.length === 0
    ? []
    : db
        .selectFrom('cases')
        .selectAll()
        .where(oneOf(db, 'id', ids))
        .execute();
}

export function caseByNumber(db: Db, number: string): Promise<CaseRow | undefined> {
  return db.selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirst();
}

/** The holder is still there: nothing else of the case changes, so that nobody has to look again. */
export async function renewClaim(db: Db, id: string, until: string): Promise<void> {
  await db.updateTable('cases').set({ claim_until: until }).where('id', '=', id).execute();
}

/** Cases whose claim ended before `now`, or reaches beyond any that could have been given. */
export function lapsedClaims(db: Db, now: string, latest: string, limit: number): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('claimed_by', 'is not', null)
    .where((eb) => eb.or([eb('claim_until', '<=', now), eb('claim_until', '>', latest)]))
    .limit(limit)
    .execute();
}

/** Cases of these cameras that may still take a sighting: not over, or over at `since` or later. */
export async function casesNear(db: Db, cameras: readonly string[], since: string): Promise<CaseRow[]> {
  if (cameras.length === 0) return [];
  const of = () =>
    db
      .selectFrom('cases')
      .selectAll()
      .where(oneOf(db, 'camera', cameras))
      .where('state', '!=', 'merged');
  const open = await of().where('closed_at', 'is', null).execute();
  return [...open, ...(await of().where('closed_at', '>=', since).execute())];
}

/** Unreviewed cases opened before `before`, oldest first. */
export function unreviewedBefore(db: Db, states: readonly string[], before: string, limit: number): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('state', 'in', states)
    .where('opened_at', '<', before)
    .orderBy('opened_at')
    .limit(limit)
    .execute();
}

export type CaseCursor = { readonly openedAt: string; readonly id: string };
type Filters = Omit<CaseQuery, 'cursor' | 'limit' | 'order'> & { readonly now: string };

const list = (text: string) => text.split(',').map((part) => part.trim());

function matching(filters: Filters, options: { readonly state: boolean }) {
  return (eb: ExpressionBuilder<Database, 'cases'>) => {
    const like = (text: string) => `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const terms = [];
    if (options.state && filters.state !== undefined) terms.push(eb('state', 'in', list(filters.state)));
    if (filters.kind !== undefined) terms.push(eb('kind', 'in', list(filters.kind)));
    if (filters.camera !== undefined) terms.push(eb('camera', '=', filters.camera));
    if (filters.site !== undefined) terms.push(eb('site', '=', filters.site));
    if (filters.claimedBy !== undefined)
      terms.push(eb('claimed_by', '=', filters.claimedBy), eb('claim_until', '>', filters.now));
    if (filters.from !== undefined) terms.push(eb('opened_at', '>=', filters.from));
    if (filters.to !== undefined) terms.push(eb('opened_at', '<', filters.to));
    if (filters.q) {
      const text = like(filters.q);
      const has = (column: 'number' | 'camera' | 'zone') => sql<boolean>`${eb.ref(column)} like ${text} escape '\\'`;
      terms.push(eb.or([has('number'), has('camera'), has('zone')]));
    }
    return eb.and(terms);
  };
}

/** One page and one row more when there is a next one. */
export function pageOfCases(
  db: Db,
  filters: Filters,
  page: { readonly after: CaseCursor | null; readonly newestFirst: boolean; readonly limit: number },
): Promise<CaseRow[]> {
  const direction = page.newestFirst ? 'desc' : 'asc';
  let query = db
    .selectFrom('cases')
    .selectAll()
    .where(matching(filters, { state: true }));
  const { after } = page;
  if (after) {
    const beyond = page.newestFirst ? '<' : '>';
    query = query.where((eb) => eb(eb.refTuple('opened_at', 'id'), beyond, eb.tuple(after.openedAt, after.id)));
  }
  return query
    .orderBy('opened_at', direction)
    .orderBy('id', direction)
    .limit(page.limit + 1)
    .execute();
}

export async function countByState(db: Db, filters: Filters): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('cases')
    .select(['state', (eb) => eb.fn.countAll<number>().as('cases')])
    .where(matching(filters, { state: false }))
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.cases)]));
}

/** Every case that is still one of its own. */
export async function countCases({ db }: Store): Promise<number> {
  const row = await db
    .selectFrom('cases')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('state', '!=', 'merged')
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
