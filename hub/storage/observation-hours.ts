/** Queries on `observation_hours`: what nodes counted. */
import { type Selectable, type SqlBool, sql } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import { type Confinement, camerasWithin } from './reach.ts';
import type { Db, Store } from './store.ts';
import type { ObservationHoursTable } from './tables/events.ts';

export type ObservationHourRow = Selectable<ObservationHoursTable>;

const key = ['hour', 'node', 'camera', 'zone', 'kind'] as const;
const insert: BulkInsert<'observation_hours'> = {
  table: 'observation_hours',
  columns: [...key, 'rev', 'watched_seconds', 'statistics'],
  onConflict: { key, update: true, whenGreater: 'rev' },
};

/** Keeps the highest revision of each hour: order and repetition do not matter. */
export function putObservationHours(
  db: Db,
  dialect: Store['dialect'],
  rows: readonly ObservationHourRow[],
): Promise<void> {
  const highest = new Map<string, ObservationHourRow>();
  for (const row of rows) {
    const name = JSON.stringify(key.map((column) => row[column]));
    if (row.rev > (highest.get(name)?.rev ?? 0)) highest.set(name, row);
  }
  return insertRows(db, dialect, insert, [...highest.values()]);
}

export type KindHours = {
  readonly kind: string;
  /** Hours of zones in which anything was watched or counted. */
  readonly hours: number;
  readonly watchedSeconds: number;
  /** Over all those hours. */
  readonly statistics: readonly { readonly name: string; readonly sum: number; readonly max: number }[];
};

/** What cameras within reach counted in the hours that begin in [from, to), by kind. */
export async function observationHoursOf(
  { db, dialect }: Store,
  from: string,
  to: string,
  reach: Confinement = null,
): Promise<KindHours[]> {
  const within =
    reach === null
      ? sql<SqlBool>`(1 = 1)`
      : sql<SqlBool>`camera in (select cameras.id from cameras where ${camerasWithin(db, reach)})`;
  const kinds = await db
    .selectFrom('observation_hours')
    .select((eb) => [
      'kind',
      eb.fn.countAll<number>().as('hours'),
      eb.fn.sum<number>('watched_seconds').as('watchedSeconds'),
    ])
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .where(within)
    .groupBy('kind')
    .orderBy('kind')
    .execute();
  const entries = dialect === 'sqlite' ? sql`json_each(statistics)` : sql`json_each_text(statistics::json)`;
  const value = dialect === 'sqlite' ? sql`e.value` : sql`e.value::double precision`;
  const { rows } = await sql<{ kind: string; name: string; sum: number; max: number }>`
    select kind, e.key as name, sum(${value}) as sum, max(${value}) as max
    from observation_hours, ${entries} as e where hour >= ${from} and hour < ${to} and ${within}
    group by kind, e.key order by kind, e.key`.execute(db);
  return kinds.map(({ kind, hours, watchedSeconds }) => ({
    kind,
    hours: Number(hours),
    watchedSeconds: Number(watchedSeconds),
    statistics: rows.filter((row) => row.kind === kind).map(({ name, sum, max }) => ({ name, sum, max })),
  }));
}

/** Removes hours that begin before this instant, the oldest first. @param limit rows at most @returns how many went */
export async function removeObservationHours(db: Db, before: string, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from observation_hours where (hour, node, camera, zone, kind) in (
    select hour, node, camera, zone, kind from observation_hours where hour < ${before} order by hour limit ${limit}
  )`.execute(db);
  return Number(numAffectedRows ?? 0);
}
