/** Queries on `matters`: what the office edited of the filing tables. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { MattersTable } from './tables/limits.ts';

export type MatterRow = Selectable<MattersTable>;

/** Adds the matter, or replaces what was edited before. */
export async function writeMatter(db: Db, row: MatterRow): Promise<void> {
  const { body, edited_at, edited_by } = row;
  await db
    .insertInto('matters')
    .values(row)
    .onConflict((conflict) => conflict.columns(['scheme', 'code']).doUpdateSet({ body, edited_at, edited_by }))
    .execute();
}

/** Everything that was edited, by table and code. */
export function editedMatters(db: Db): Promise<MatterRow[]> {
  return db.selectFrom('matters').selectAll().orderBy('scheme').orderBy('code').execute();
}
