/** Queries on `closure_lists`: lists are added and never changed. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { ClosureListsTable } from './tables/limits.ts';

export type ClosureListRow = Selectable<ClosureListsTable>;

/** Adds the next version. */
export async function addClosureList(db: Db, row: ClosureListRow): Promise<void> {
  await db.insertInto('closure_lists').values(row).execute();
}

/** Every list that the office made, oldest first. */
export function closureLists(db: Db): Promise<ClosureListRow[]> {
  return db.selectFrom('closure_lists').selectAll().orderBy('version').execute();
}
