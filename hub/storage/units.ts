/** Queries on `units`. */
import type { UnitBody } from '../../contracts/api/unit.ts';
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
