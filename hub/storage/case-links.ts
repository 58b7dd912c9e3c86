/** Queries on `event_marks` and `case_links`: bounded in time and place by their indexes. */
import { type RawBuilder, type Selectable, SqliteAdapter, sql } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { CaseLinksTable, EventMarksTable } from './tables/links.ts';

export type EventMarkRow = Selectable<EventMarksTable>;
/** A mark with the case that holds its event now. */
export type MarkOfCase = EventMarkRow & { readonly case_id: string };
export type CaseLinkRow = Selectable<CaseLinksTable>;

const marks: BulkInsert<'event_marks'> = {
  table: 'event_marks',
  columns: [
    ...(['event_id', 'kind', 'camera', 'started_at', 'until', 'by', 'plate', 'site', 'lon', 'lat'] as const),
    ...(['cell', 'traits'] as const),
  ],
  onConflict: { key: ['event_id'], update: true },
};

/** Adds marks or writes them anew; an event may occur once in `rows`. */
export function writeMarks(db: Db, dialect: Store['dialect'], rows: readonly EventMarkRow[]): Promise<void> {
  return insertRows(db, dialect, marks, rows);
}

/** Marks of these events, in no order. */
export async function marksOfEvents(db: Db, events: readonly string[]): Promise<MarkOfCase[]> {
  if (events.length === 0) return [];
  return db
    .selectFrom('event_marks')
    .innerJoin('events', 'events.id', 'event_marks.event_id')
    .selectAll('event_marks')
    .select('events.case_id')
    .where(oneOf(db, 'event_marks.event_id', events))
    .execute();
}

/** What is looked for around one mark: the value of an index's first column, and the time; instants as text of the wire. */
export type MarkProbe = {
  readonly on: 'plate' | 'site' | 'cell';
  readonly value: string;
  readonly from: string;
  readonly to: string;
};

/** The index's second column: of what stands, the end counts. */
const BOUND = { plate: 'started_at', site: 'started_at', cell: 'until' } as const;

function probeSource(db: Db, probes: readonly MarkProbe[]): RawBuilder<unknown> {
  const list = JSON.stringify(probes);
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sql`json_each(${list}) as probe`
    : sql`jsonb_array_elements(${list}::jsonb) as probe(value)`;
}

/** Marks that fit any of these probes and whose case is neither over nor merged, each once. */
export async function marksNear(db: Db, probes: readonly MarkProbe[]): Promise<MarkOfCase[]> {
  const found = new Map<string, MarkOfCase>();
  for (const on of ['plate', 'site', 'cell'] as const) {
    const own = probes.filter((probe) => probe.on === on);
    if (own.length === 0) continue;
    const [column, bound] = [sql.ref(`m.${on}`), sql.ref(`m.${BOUND[on]}`)];
    const { rows } = await sql<MarkOfCase>`
      select m.*, e.case_id from ${probeSource(db, own)}
        join event_marks m on ${column} = probe.value->>'value'
          and ${bound} >= probe.value->>'from' and m.started_at <= probe.value->>'to'
        join events e on e.id = m.event_id
        join cases c on c.id = e.case_id and c.closed_at is null`.execute(db);
    for (const row of rows) found.set(row.event_id, row);
  }
  return [...found.values()];
}

const links: BulkInsert<'case_links'> = {
  table: 'case_links',
  columns: ['a', 'b', 'state', 'reason', 'proposed_at', 'decided_by', 'decided_at'],
  onConflict: { key: ['a', 'b'], update: false },
};

/** The order in which a pair is kept. */
export const pairOf = (one: string, other: string): { readonly a: string; readonly b: string } =>
  one < other ? { a: one, b: other } : { a: other, b: one };

/** Adds links; one that is there stays as it is. */
export function addLinks(db: Db, dialect: Store['dialect'], rows: readonly CaseLinkRow[]): Promise<void> {
  return insertRows(db, dialect, links, rows);
}

/** Every link of any of these cases, in no order. */
export async function linksOfCases(db: Db, cases: readonly string[]): Promise<CaseLinkRow[]> {
  if (cases.length === 0) return [];
  return db
    .selectFrom('case_links')
    .selectAll()
    .where((eb) => eb.or([oneOf(db, 'a', cases), oneOf(db, 'b', cases)]))
    .execute();
}

/** The link of two cases, in whatever order they are named. */
export function linkOf(db: Db, one: string, other: string): Promise<CaseLinkRow | undefined> {
  const { a, b } = pairOf(one, other);
  return db.selectFrom('case_links').selectAll().where('a', '=', a).where('b', '=', b).executeTakeFirst();
}

/** What a person decided about a link; `proposed` again takes it back. */
export async function settleLink(
  db: Db,
  { a, b }: { readonly a: string; readonly b: string },
  settled: Pick<CaseLinkRow, 'state' | 'decided_by' | 'decided_at'>,
): Promise<void> {
  await db.updateTable('case_links').set(settled).where('a', '=', a).where('b', '=', b).execute();
}
