/** Queries on `cameras`. */
import type { Selectable } from 'kysely';
import { oneOf } from './one-of.ts';
import { type Confinement, camerasWithin } from './reach.ts';
import type { Db } from './store.ts';
import type { CamerasTable } from './tables/registry.ts';

export type CameraRow = Selectable<CamerasTable>;

/** Adds the camera or replaces what is known of it. */
export async function writeCamera(db: Db, { id, ...fields }: CameraRow): Promise<void> {
  await db
    .insertInto('cameras')
    .values({ id, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
}

/** Every camera within reach, by id. */
export function allCameras(db: Db, reach: Confinement = null): Promise<CameraRow[]> {
  const all = db.selectFrom('cameras').selectAll();
  return (reach === null ? all : all.where(camerasWithin(db, reach))).orderBy('id').execute();
}

/** One camera, or undefined where none of that id is registered. */
export function cameraById(db: Db, id: string): Promise<CameraRow | undefined> {
  return db.selectFrom('cameras').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Where a camera stands, WGS 84 degrees, and the construction site whose gate it watches. */
export type CameraPlace = Pick<CameraRow, 'lon' | 'lat' | 'site'>;

/** Places of these cameras, by id; one that is not registered is left out. */
export async function cameraPlaces(db: Db, ids: readonly string[]): Promise<Map<string, CameraPlace>> {
  const rows = await db
    .selectFrom('cameras')
    .select(['id', 'lon', 'lat', 'site'])
    .where(oneOf(db, 'id', ids))
    .execute();
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}

/** Names of these cameras, bilingual as JSON, by id. */
export async function cameraNames(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('cameras')
    .select(['id', 'name'])
    .where(oneOf(db, 'id', ids))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
