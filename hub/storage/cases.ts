/** Queries on `cases`. */
import { type Selectable, SqliteAdapter, sql } from 'kysely';
import { CAMERA_SOURCE } from '../../contracts/api/case-source.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import { searchText } from './search-text.ts';
import type { Db, Store } from './store.ts';
import type { CasesTable } from './tables/cases.ts';

export type CaseRow = Omit<Selectable<CasesTable>, 'search'>;

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
    'plate',
    'unit',
    'extension',
    'appeal',
    'escalation',
    'closure',
    'source',
    'district',
    'search',
  ],
  onConflict: { key: ['id'], update: true },
};

/** Adds cases or writes them anew, each whole; an id may occur once in `rows`. */
export function writeCases(db: Db, dialect: Store['dialect'], rows: readonly CaseRow[]): Promise<void> {
  return insertRows(
    db,
    dialect,
    upsert,
    rows.map((row) => ({ ...row, search: searchText(row) })),
  );
}

/** In no order; an id that is not known is left out. */
export async function casesByIds(db: Db, ids: readonly string[]): Promise<CaseRow[]> {
  return ids.length === 0
    ? []
    : db
        .selectFrom('cases')
        .selectAll()
        .where(oneOf(db, 'id', ids))
        .execute();
}

/** Instants as text of the wire. */
export type CaseSpot = {
  readonly camera: string;
  readonly zone: string;
  readonly kind: string;
  readonly closedSince: string;
  readonly startedBy: string;
};

/**
 * Cases on these spots that may still take a sighting: confirmed and open whenever they began, the others only near
 * in time: begun by `startedBy`, and not over or over at `closedSince` or later. What was merged into a case of another
 * camera since `closedSince` stands for it.
 */
export async function casesNear(db: Db, spots: readonly CaseSpot[]): Promise<CaseRow[]> {
  if (spots.length === 0) return [];
  const list = JSON.stringify(spots);
  const field = (name: keyof CaseSpot) => sql.raw(`spot.value->>'${name}'`);
  const source =
    db.getExecutor().adapter instanceof SqliteAdapter
      ? sql`json_each(${list}) as spot`
      : sql`jsonb_array_elements(${list}::jsonb) as spot(value)`;
  const { rows } = await sql<CaseRow>`
    select c.* from ${source} join cases c
      on c.camera = ${field('camera')} and c.zone = ${field('zone')} and c.kind = ${field('kind')}
    where c.state <> 'merged' and (
      c.closed_at is null and (c.state not in (${sql.join(WAITING)}) or c.started_at <= ${field('startedBy')})
      or c.closed_at >= ${field('closedSince')} and c.started_at <= ${field('startedBy')}
    )
    union
    select c.* from ${source} join cases own
      on own.camera = ${field('camera')} and own.zone = ${field('zone')} and own.kind = ${field('kind')}
      and own.closed_at >= ${field('closedSince')} and own.state = 'merged'
    join cases c on c.id = own.merged_into and c.camera <> own.camera and c.closed_at is null`.execute(db);
  return rows;
}

/** @param number the nineteen digits that people read */
export function caseByNumber(db: Db, number: string): Promise<CaseRow | undefined> {
  return db.selectFrom('cases').selectAll().where('number', '=', number).executeTakeFirst();
}

/** The holder is still there: nothing else of the case changes, so that nobody has to load it again. */
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

/** States in which nobody has decided yet. */
const WAITING = ['pending-review', 'field-check'];

/** Cases of cameras that nobody reviewed, opened before `before`, oldest first. What a citizen reported waits for a person. */
export function unreviewedBefore(db: Db, states: readonly string[], before: string, limit: number): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('state', 'in', states)
    .where('source', '=', CAMERA_SOURCE)
    .where('opened_at', '<', before)
    .orderBy('opened_at')
    .limit(limit)
    .execute();
}

/** Confirmed cases under this level whose limit lies before an instant, the longest overdue first. */
export function casesToEscalate(
  db: Db,
  states: readonly string[],
  level: number,
  dueBefore: string,
  limit: number,
): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('state', 'in', states)
    .where('due_at', '<=', dueBefore)
    .where('escalation', '<', level)
    .orderBy('due_at')
    .limit(limit)
    .execute();
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
