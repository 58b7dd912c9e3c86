/** Queries on `merged_notices`: what gathers the notices of one site and one shift. */
import type { Selectable } from 'kysely';
import type { NoticeRow } from './notices.ts';
import type { Db } from './store.ts';
import type { MergedNoticesTable } from './tables/cases.ts';

export type MergedNoticeRow = Selectable<MergedNoticesTable>;

/** What still gathers the notices of this site and shift, or undefined. @param now RFC 3339 UTC */
export function gatheringNotice(
  db: Db,
  { site, shiftUntil, now }: { readonly site: string; readonly shiftUntil: string; readonly now: string },
): Promise<MergedNoticeRow | undefined> {
  return db
    .selectFrom('merged_notices')
    .selectAll()
    .where('site', '=', site)
    .where('shift_until', '=', shiftUntil)
    .where('handed_at', 'is', null)
    .where('send_at', '>', now)
    .executeTakeFirst();
}

/** Adds one that gathers. */
export async function insertMergedNotice(db: Db, row: MergedNoticeRow): Promise<void> {
  await db.insertInto('merged_notices').values(row).execute();
}

/** Changes until when it gathers, or says that it was handed over. */
export async function updateMergedNotice(
  db: Db,
  id: string,
  fields: Partial<Omit<MergedNoticeRow, 'id' | 'site'>>,
): Promise<void> {
  await db.updateTable('merged_notices').set(fields).where('id', '=', id).execute();
}

/** Only one that was not handed over is ever deleted. */
export async function deleteMergedNotice(db: Db, id: string): Promise<void> {
  await db.deleteFrom('merged_notices').where('id', '=', id).execute();
}

/** These, in any order. */
export function mergedNoticesByIds(db: Db, ids: readonly string[]): Promise<MergedNoticeRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db.selectFrom('merged_notices').selectAll().where('id', 'in', ids).execute();
}

/** Notices of all these merged ones, each one's first notice first. */
export function noticesOfMerged(db: Db, ids: readonly string[]): Promise<NoticeRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('notices')
    .selectAll()
    .where('merged_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('number')
    .execute();
}
