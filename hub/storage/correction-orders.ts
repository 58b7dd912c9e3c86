/** Queries on `correction_orders`: one draft or order for a notice. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { CorrectionOrdersTable } from './tables/cases.ts';

export type CorrectionOrderRow = Selectable<CorrectionOrdersTable>;

/** The order of a notice, or undefined. */
export function orderOfNotice(db: Db, notice: string): Promise<CorrectionOrderRow | undefined> {
  return db.selectFrom('correction_orders').selectAll().where('notice_id', '=', notice).executeTakeFirst();
}

/** Adds the draft of a notice. */
export async function insertOrder(db: Db, row: CorrectionOrderRow): Promise<void> {
  await db.insertInto('correction_orders').values(row).execute();
}

/** Changes these fields, if nobody was quicker. @returns whether it was written */
export async function updateOrder(
  db: Db,
  { notice_id, version }: Pick<CorrectionOrderRow, 'notice_id' | 'version'>,
  fields: Partial<Omit<CorrectionOrderRow, 'notice_id' | 'version'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('correction_orders')
    .set({ ...fields, version: version + 1 })
    .where('notice_id', '=', notice_id)
    .where('version', '=', version)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
