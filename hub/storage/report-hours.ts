/** What nodes counted in a month, summed up where it lies: a month of a city is more rows than a program should hold. */
import { sql } from 'kysely';
import type { Db, Store } from './store.ts';

/** Seconds in which each camera was watched: of its zones in one hour the one watched longest. */
export async function watchedByCamera(db: Db, from: string, to: string): Promise<Map<string, number>> {
  const { rows } = await sql<{ camera: string; seconds: number }>`
    select camera, sum(watched) as seconds from (
      select camera, hour, max(watched_seconds) as watched from observation_hours
      where hour >= ${from} and hour < ${to} group by camera, hour) as hours
    group by camera`.execute(db);
  return new Map(rows.map(({ camera, seconds }) => [camera, Number(seconds)]));
}

export type CameraStatisticRow = {
  readonly kind: string;
  readonly camera: string;
  readonly name: string;
  readonly sum: number;
  readonly max: number;
};

/** Sum and largest value of each statistic of these cameras, whose zones are few beside all others. */
export async function statisticsByCamera(
  { db, dialect }: Store,
  from: string,
  to: string,
  cameras: readonly string[],
): Promise<CameraStatisticRow[]> {
  if (cameras.length === 0) return [];
  const entries = dialect === 'sqlite' ? sql`json_each(statistics)` : sql`json_each_text(statistics::json)`;
  const value = dialect === 'sqlite' ? sql`e.value` : sql`e.value::double precision`;
  const some =
    dialect === 'sqlite'
      ? sql`camera in (select value from json_each(${JSON.stringify(cameras)}))`
      : sql`camera = any(${[...cameras]})`;
  const { rows } = await sql<CameraStatisticRow>`
    select kind, camera, e.key as name, sum(${value}) as sum, max(${value}) as max
    from observation_hours, ${entries} as e
    where hour >= ${from} and hour < ${to} and ${some}
    group by kind, camera, e.key order by kind, camera, e.key`.execute(db);
  return rows;
}
