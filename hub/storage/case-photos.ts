/** Queries on `case_photos`: photographs of a place after handling. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { CasePhotosTable } from './tables/units.ts';

export type CasePhotoRow = Selectable<CasePhotosTable>;

/** Adds a photograph once, however often it is sent. @returns false when it was there */
export async function addCasePhoto(db: Db, row: CasePhotoRow): Promise<boolean> {
  const result = await db
    .insertInto('case_photos')
    .values(row)
    .onConflict((conflict) => conflict.columns(['case_id', 'sha256', 'round']).doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

/** Photographs of a case, oldest first. */
export function photosOfCase(db: Db, caseId: string): Promise<CasePhotoRow[]> {
  return db
    .selectFrom('case_photos')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('at')
    .orderBy('sha256')
    .execute();
}
