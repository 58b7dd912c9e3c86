/** Queries on `events`: the highest revision of each. */
import type { Selectable } from 'kysely';
import type { ViolationEvent } from '../../contracts/event.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { EventsTable } from './tables/events.ts';

export type EventRow = Selectable<EventsTable>;
/** An event without its body: what joining and summing up need. */
export type EventFactsRow = Omit<EventRow, 'body'>;

const upsert: BulkInsert<'events'> = {
  table: 'events',
  columns: [
    'id',
    'rev',
    'seq',
    'node',
    'camera',
    'zone',
    'kind',
    'phase',
    'started_at',
    'at',
    'ended_at',
    'score',
    'body',
    'case_id',
    'received_at',
    'places',
    'until',
    'thumbnail',
  ],
  onConflict: { key: ['id'], update: true },
};

const facts = upsert.columns.filter((column) => column !== 'body') as Exclude<keyof EventsTable, 'body'>[];

/** Adds events or writes them anew, each whole; an id may occur once in `rows`. */
export function writeEvents(db: Db, dialect: Store['dialect'], rows: readonly EventRow[]): Promise<void> {
  return insertRows(db, dialect, upsert, rows);
}

/** In no order; an id that is not known is left out. */
export async function eventFactsByIds(db: Db, ids: readonly string[]): Promise<EventFactsRow[]> {
  return ids.length === 0
    ? []
    : db
        .selectFrom('events')
        .select(facts)
        .where(oneOf(db, 'id', ids))
        .execute();
}

/** Events of all these cases, in no order. */
export async function eventFactsOfCases(db: Db, cases: readonly string[]): Promise<EventFactsRow[]> {
  return cases.length === 0
    ? []
    : db
        .selectFrom('events')
        .select(facts)
        .where(oneOf(db, 'case_id', cases))
        .execute();
}

/** Events of a case with their bodies, in the order in which they began. */
export function eventsOfCase(db: Db, caseId: string): Promise<EventRow[]> {
  return db
    .selectFrom('events')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
}

/** The event as its node signed it, JSON; null where it is not known. */
export async function eventBody(db: Db, id: string): Promise<string | null> {
  const row = await db.selectFrom('events').select('body').where('id', '=', id).executeTakeFirst();
  return row?.body ?? null;
}

/** Events as their nodes signed them, JSON, with the plate that a person typed for their case; in no order. */
export function eventBodies(db: Db, ids: readonly string[]): Promise<{ body: string; plate: string | null }[]> {
  return db
    .selectFrom('events')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .select(['events.body', 'cases.plate'])
    .where(oneOf(db, 'events.id', ids))
    .execute();
}

/** @param to the case that holds them from now on */
export async function moveEvents(db: Db, ids: readonly string[], to: string): Promise<void> {
  if (ids.length > 0) await db.updateTable('events').set({ case_id: to }).where('id', 'in', ids).execute();
}

/** A later sight of the event widened what is known of its place and time, without being its highest revision. */
export async function widenEvent(
  db: Db,
  id: string,
  known: { readonly places: string; readonly until: string },
): Promise<void> {
  await db.updateTable('events').set(known).where('id', '=', id).execute();
}

/** The highest revision of every event, in the order in which they began. For summaries of small runs. */
export async function latestEvents({ db }: Store): Promise<ViolationEvent[]> {
  const rows = await db.selectFrom('events').select('body').orderBy('started_at').orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as ViolationEvent);
}
