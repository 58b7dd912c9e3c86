/**
 * What a confined user reaches, as conditions of queries: the one confinement of lists, counts, files and streams.
 * Nothing is filtered after it was read.
 */
import { type Expression, type SqlBool, SqliteAdapter, sql } from 'kysely';
import type { UserScope } from '../../contracts/api/scope.ts';
import type { Role } from '../../contracts/api/session.ts';
import { oneOf } from './one-of.ts';
import type { Db } from './store.ts';

/** Within where any list has it; three empty lists reach nothing. */
export type Reach = {
  readonly districts: readonly string[];
  readonly sites: readonly string[];
  readonly units: readonly string[];
};

/** Null: the whole city. */
export type Confinement = Reach | null;

/** The unit of a user of one, or what an administrator has confined the user to. */
export function reachOf(user: {
  readonly role: Role;
  readonly unit?: string | undefined;
  readonly scope?: UserScope | undefined;
}): Confinement {
  // A user of a unit without its name reaches nothing: no unit is called so.
  if (user.role === 'unit') return { districts: [], sites: [], units: [user.unit ?? ''] };
  if (!user.scope) return null;
  const { districts = [], sites = [], units = [] } = user.scope;
  return { districts, sites, units };
}

/** `350500` is the city with every county of it; any other code is the beginning of what lies in it. */
const beginning = (code: string) => (code.length === 6 && code.endsWith('00') ? code.slice(0, 4) : code);

const anyOf = (ways: readonly Expression<SqlBool>[]) =>
  ways.length === 0 ? sql<SqlBool>`(1 = 0)` : sql<SqlBool>`(${sql.join(ways, sql` or `)})`;

/** @param code of a grid cell or a district, null where neither is known: within no district */
function inDistricts(code: Expression<string | null>, districts: readonly string[]): Expression<SqlBool>[] {
  return districts.map((district) => sql<SqlBool>`${code} like ${`${beginning(district)}%`}`);
}

const codeOfCamera = (table: string) =>
  sql<string | null>`coalesce(${sql.ref(`${table}.grid`)}, ${sql.ref(`${table}.district`)})`;

/** Cases seen by a camera of the districts, of the sites, or dispatched to the units. @param table as the query calls it */
export function casesWithin(db: Db, reach: Reach, table = 'cases'): Expression<SqlBool> {
  const { districts, sites, units } = reach;
  const cameras = anyOf(inDistricts(codeOfCamera('here'), districts));
  return anyOf([
    ...(units.length > 0 ? [oneOf(db, `${table}.unit`, units)] : []),
    ...(sites.length > 0 ? [oneOf(db, `${table}.site`, sites)] : []),
    ...(districts.length > 0
      ? [sql<SqlBool>`${sql.ref(`${table}.camera`)} in (select here.id from cameras as here where ${cameras})`]
      : []),
  ]);
}

/** A column that names a case, where that case is within. */
export function ofCaseWithin(db: Db, reach: Reach, column: string): Expression<SqlBool> {
  const within = casesWithin(db, reach, 'own');
  return sql<SqlBool>`exists (select 1 from cases as own where own.id = ${sql.ref(column)} and ${within})`;
}

const dispatched = (db: Db, units: readonly string[]) => oneOf(db, 'sent.unit', units);

/** Cameras that lie in the districts, stand at the sites, or that a case of the units is about. */
export function camerasWithin(db: Db, reach: Reach, table = 'cameras'): Expression<SqlBool> {
  const { districts, sites, units } = reach;
  const id = sql.ref(`${table}.id`);
  return anyOf([
    ...inDistricts(codeOfCamera(table), districts),
    ...(sites.length > 0 ? [oneOf(db, `${table}.site`, sites)] : []),
    ...(units.length > 0
      ? [sql<SqlBool>`${id} in (select sent.camera from cases as sent where ${dispatched(db, units)})`]
      : []),
  ]);
}

/** `district` of a register's row, which is kept as JSON. */
function districtIn(db: Db, table: string) {
  const body = sql.ref(`${table}.body`);
  return db.getExecutor().adapter instanceof SqliteAdapter
    ? sql<string | null>`(${body} ->> 'district')`
    : sql<string | null>`(${body}::jsonb ->> 'district')`;
}

/** Sites that are named, lie in the districts by their own code or by a camera's at their gate, or had a case of the units. */
export function sitesWithin(db: Db, reach: Reach, table = 'sites'): Expression<SqlBool> {
  const { districts, sites, units } = reach;
  const id = sql.ref(`${table}.id`);
  const gates = anyOf(inDistricts(codeOfCamera('gate'), districts));
  return anyOf([
    ...(sites.length > 0 ? [oneOf(db, `${table}.id`, sites)] : []),
    ...inDistricts(districtIn(db, table), districts),
    ...(districts.length > 0 ? [sql<SqlBool>`${id} in (select gate.site from cameras as gate where ${gates})`] : []),
    ...(units.length > 0
      ? [sql<SqlBool>`${id} in (select sent.site from cases as sent where ${dispatched(db, units)})`]
      : []),
  ]);
}

/** A column that names a site, where that site is within. */
export function ofSiteWithin(db: Db, reach: Reach, column: string): Expression<SqlBool> {
  const within = sitesWithin(db, reach, 'place');
  return sql<SqlBool>`exists (select 1 from sites as place where place.id = ${sql.ref(column)} and ${within})`;
}

/** Stall points of the districts: they belong to no site and no unit. */
export function stallPointsWithin(db: Db, { districts }: Reach): Expression<SqlBool> {
  return anyOf(inDistricts(districtIn(db, 'stall_points'), districts));
}

/** A file that an event, a photograph or an answer brought to a case that is within, or a letter of a site that is. */
function evidenceWithin(db: Db, reach: Reach, sha256: string): Expression<SqlBool> {
  const own = (column: string) => ofCaseWithin(db, reach, column);
  return sql<SqlBool>`(
    exists (select 1 from event_evidence as use join events as e on e.id = use.event_id
      where use.sha256 = ${sha256} and ${own('e.case_id')})
    or exists (select 1 from case_photos as p where p.sha256 = ${sha256} and ${own('p.case_id')})
    or exists (select 1 from notice_replies as r join notices as n on n.id = r.notice_id
      where (r.photo = ${sha256} or r.photos like ${`%${sha256}%`}) and ${own('n.case_id')})
    or exists (select 1 from responsibility_letters as l where l.sha256 = ${sha256}
      and ${ofSiteWithin(db, reach, 'l.site')}))`;
}

/** Things that a route can name in its address. */
export type ReachedThing = 'case' | 'site' | 'camera' | 'notice' | 'evidence';

const conditions: Readonly<Record<ReachedThing, (db: Db, reach: Reach, id: string) => Expression<SqlBool>>> = {
  case: (db, reach, id) =>
    sql<SqlBool>`exists (select 1 from cases where cases.id = ${id} and ${casesWithin(db, reach)})`,
  site: (db, reach, id) =>
    sql<SqlBool>`exists (select 1 from sites where sites.id = ${id} and ${sitesWithin(db, reach)})`,
  camera: (db, reach, id) =>
    sql<SqlBool>`exists (select 1 from cameras where cameras.id = ${id} and ${camerasWithin(db, reach)})`,
  notice: (db, reach, id) =>
    sql<SqlBool>`exists (select 1 from notices as n where n.id = ${id} and ${ofCaseWithin(db, reach, 'n.case_id')})`,
  evidence: evidenceWithin,
};

/** Whether a user may know of the thing at all. */
export async function isWithin(db: Db, reach: Confinement, thing: ReachedThing, id: string): Promise<boolean> {
  if (reach === null) return true;
  const within = conditions[thing](db, reach, id);
  const { rows } = await sql<{ yes: number }>`select case when ${within} then 1 else 0 end as yes`.execute(db);
  return Number(rows[0]?.yes ?? 0) === 1;
}
