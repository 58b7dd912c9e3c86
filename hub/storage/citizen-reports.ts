/** Queries on `citizen_reports` and `report_contacts`, and on the cases that a report may join. */
import { type Selectable, sql } from 'kysely';
import type { CaseRow } from './cases.ts';
import type { Db } from './store.ts';
import type { CitizenReportsTable, ReportContactsTable } from './tables/doors.ts';

export type ReportRow = Selectable<CitizenReportsTable>;
type ContactRow = Selectable<ReportContactsTable>;

/** Adds a report, with whom to call where that was said. */
export async function addReport(db: Db, row: ReportRow, contact: Omit<ContactRow, 'report_id'> | null): Promise<void> {
  await db.insertInto('citizen_reports').values(row).execute();
  if (contact)
    await db
      .insertInto('report_contacts')
      .values({ report_id: row.id, ...contact })
      .execute();
}

/** The id of the case that a ticket of this key went to. */
export async function caseOfTicket(db: Db, key: string, ticket: string): Promise<string | null> {
  const row = await db
    .selectFrom('citizen_reports')
    .select('case_id')
    .where('key_id', '=', key)
    .where('ticket', '=', ticket)
    .executeTakeFirst();
  return row?.case_id ?? null;
}

/** Reports of a case and of those that were merged into it, oldest first; `contact` is not null where one is kept. */
export async function reportsOfCase(
  db: Db,
  caseId: string,
): Promise<(ReportRow & { readonly contact: string | null })[]> {
  const { rows } = await sql<ReportRow & { contact: string | null }>`
    with recursive own(id) as (
      select ${caseId}
      union select cases.id from cases join own on cases.merged_into = own.id
    )
    select r.*, c.report_id as contact from citizen_reports r
    left join report_contacts c on c.report_id = r.id
    where r.case_id in (select id from own) order by r.received_at, r.id`.execute(db);
  return rows;
}

/** Whom to call about a report; undefined where nobody was named, or it is no longer kept. */
export function contactOf(db: Db, report: string): Promise<ContactRow | undefined> {
  return db.selectFrom('report_contacts').selectAll().where('report_id', '=', report).executeTakeFirst();
}

/** Contacts whose time has come. @param now RFC 3339 UTC @returns how many there were */
export async function removeContacts(db: Db, now: string): Promise<number> {
  const result = await db.deleteFrom('report_contacts').where('until', '<=', now).executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** Degrees around a place; instants as text of the wire. */
export type Surroundings = {
  readonly kinds: readonly string[];
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
  readonly seenSince: string;
  readonly startedBy: string;
};

function within(db: Db, area: Surroundings) {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('kind', 'in', area.kinds)
    .where('last_seen_at', '>=', area.seenSince)
    .where('started_at', '<=', area.startedBy)
    .where('lon', '>=', area.west)
    .where('lon', '<=', area.east)
    .where('lat', '>=', area.south)
    .where('lat', '<=', area.north)
    .where('state', 'not in', ['merged', 'proposed']);
}

/** Cases around a place that were seen in this time, in no order. */
export function casesAround(db: Db, area: Surroundings): Promise<CaseRow[]> {
  return within(db, area).execute();
}

/** Those among all open ones that no camera has seen yet. */
export function reportedCases(db: Db, kinds: readonly string[], seenSince: string): Promise<CaseRow[]> {
  return db
    .selectFrom('cases')
    .selectAll()
    .where('camera', '=', '')
    .where('zone', '=', '')
    .where('kind', 'in', kinds)
    .where('closed_at', 'is', null)
    .where('last_seen_at', '>=', seenSince)
    .where('lon', 'is not', null)
    .execute();
}

/** A place whose district is registered. */
export type KnownPlace = { readonly lon: number; readonly lat: number; readonly district: string };

/** Cameras of the area with the district that they, or their grid cell, say. */
export async function camerasAround(
  db: Db,
  { west, east, south, north }: Pick<Surroundings, 'west' | 'east' | 'south' | 'north'>,
): Promise<KnownPlace[]> {
  const rows = await db
    .selectFrom('cameras')
    .select(['lon', 'lat', 'district', 'grid'])
    .where('lon', '>=', west)
    .where('lon', '<=', east)
    .where('lat', '>=', south)
    .where('lat', '<=', north)
    .execute();
  return rows.flatMap(({ lon, lat, district, grid }) => {
    const known = district ?? grid?.slice(0, 6);
    return lon === null || lat === null || known === undefined ? [] : [{ lon, lat, district: known }];
  });
}
