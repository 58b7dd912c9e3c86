/** Queries on `quarantine`: what came in and could not be accepted, with one reason each. */
import type { Insertable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import type { QuarantineTable } from './schema.ts';
import type { Db, Store } from './store.ts';

const insert: BulkInsert<'quarantine'> = {
  table: 'quarantine',
  columns: ['node', 'code', 'reason', 'payload', 'bytes', 'received_at'],
};

export function addQuarantine(
  db: Db,
  dialect: Store['dialect'],
  rows: readonly Insertable<QuarantineTable>[],
): Promise<void> {
  return insertRows(db, dialect, insert, rows);
}

/** Garbage must not fill the disk: the oldest rows beyond `keep` go. */
export async function trimQuarantine(db: Db, keep: number): Promise<void> {
  const newest = await db.selectFrom('quarantine').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  if (newest)
    await db
      .deleteFrom('quarantine')
      .where('id', '<=', newest.id - keep)
      .execute();
}

/** Newest first. */
export function listQuarantine(db: Db, limit: number) {
  return db
    .selectFrom('quarantine')
    .select(['id', 'node', 'code', 'reason', 'bytes', 'received_at'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
