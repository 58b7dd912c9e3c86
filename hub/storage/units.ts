/** Queries on `units`, and which cameras and files the cases of a unit let it see. */
import type { UnitBody } from '../../contracts/api/unit.ts';
import type { CameraRow } from './cameras.ts';
import type { Db } from './store.ts';

/** Adds the unit or replaces what is known of it. */
export async function writeUnit(db: Db, unit: UnitBody): Promise<void> {
  const body = JSON.stringify(unit);
  await db
    .insertInto('units')
    .values({ id: unit.id, body })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ body }))
    .execute();
}

/** Every unit, by id. */
export async function allUnits(db: Db): Promise<UnitBody[]> {
  const rows = await db.selectFrom('units').select('body').orderBy('id').execute();
  return rows.map((row) => JSON.parse(row.body) as UnitBody);
}

/** One unit, or null where none of that id is registered. */
export async function findUnit(db: Db, id: string): Promise<UnitBody | null> {
  const row = await db.selectFrom('units').select('body').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.body) as UnitBody) : null;
}

/** Whether any unit is registered: without one, dispatches name units in free text. */
export async function hasUnits(db: Db): Promise<boolean> {
  return (await db.selectFrom('units').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Cameras that a case of this unit is about, by id. */
export function camerasOfUnit(db: Db, unit: string): Promise<CameraRow[]> {
  return db
    .selectFrom('cameras')
    .selectAll()
    .where('id', 'in', (eb) => eb.selectFrom('cases').select('camera').where('cases.unit', '=', unit))
    .orderBy('id')
    .execute();
}

/** Whether a file belongs to a case of this unit: named by one of its events, or brought after handling. */
export async function isFileOfUnit(db: Db, sha256: string, unit: string): Promise<boolean> {
  const named = await db
    .selectFrom('event_evidence')
    .innerJoin('events', 'events.id', 'event_evidence.event_id')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .select('cases.id')
    .where('event_evidence.sha256', '=', sha256)
    .where('cases.unit', '=', unit)
    .limit(1)
    .executeTakeFirst();
  if (named) return true;
  const brought = await db
    .selectFrom('case_photos')
    .innerJoin('cases', 'cases.id', 'case_photos.case_id')
    .select('cases.id')
    .where('case_photos.sha256', '=', sha256)
    .where('cases.unit', '=', unit)
    .limit(1)
    .executeTakeFirst();
  return brought !== undefined;
}
