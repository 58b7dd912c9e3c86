/** Queries on `notices` and `notice_replies`. */
import type { Insertable, Selectable } from 'kysely';
import { type Confinement, ofCaseWithin } from './reach.ts';
import type { Db } from './store.ts';
import type { NoticeRepliesTable, NoticesTable } from './tables/cases.ts';

export type NoticeRow = Selectable<NoticesTable>;
export type NoticeReplyRow = Selectable<NoticeRepliesTable>;

/** Adds a notice with its document and its link. */
export async function insertNotice(db: Db, row: NoticeRow): Promise<void> {
  await db.insertInto('notices').values(row).execute();
}

/** Those of cases within reach, the newest first. */
export function listNoticeRows(db: Db, limit: number, reach: Confinement = null): Promise<NoticeRow[]> {
  const all = db.selectFrom('notices').selectAll();
  const within = reach === null ? all : all.where(ofCaseWithin(db, reach, 'notices.case_id'));
  return within.orderBy('created_at', 'desc').limit(limit).execute();
}

/** One notice, or undefined. */
export function noticeById(db: Db, id: string): Promise<NoticeRow | undefined> {
  return db.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @param token as it is kept: its hash */
export function noticeByToken(db: Db, token: string): Promise<NoticeRow | undefined> {
  return db.selectFrom('notices').selectAll().where('token', '=', token).executeTakeFirst();
}

/** Tokens of an earlier version, in clear. */
export function unsealedTokens(db: Db): Promise<{ id: string; token: string }[]> {
  return db.selectFrom('notices').select(['id', 'token']).where('token_sealed', 'is', null).execute();
}

/** Drafts may be handed over from the moment on at which nobody can take their confirmation back any more. */
export function handedOverState({ state, ready_at }: Pick<NoticeRow, 'state' | 'ready_at'>, now: number): string {
  return state === 'drafted' && ready_at !== null && Date.parse(ready_at) <= now ? 'ready' : state;
}

/** Drafts whose time has come, oldest first. */
export function draftsDue(db: Db, now: string, limit: number): Promise<NoticeRow[]> {
  return db
    .selectFrom('notices')
    .selectAll()
    .where('state', '=', 'drafted')
    .where('ready_at', '<=', now)
    .orderBy('ready_at')
    .limit(limit)
    .execute();
}

/** Case states in which nobody waits for a correction any more. */
const OVER = ['closed', 'voided', 'rejected', 'expired'];

/** Notices whose correction is awaited and whose limit lies in this time (RFC 3339 UTC), the nearest limit first. */
export function noticesDueBetween(
  db: Db,
  { from, to }: { readonly from: string; readonly to: string },
  limit: number,
): Promise<NoticeRow[]> {
  return db
    .selectFrom('notices as n')
    .innerJoin('cases as c', 'c.id', 'n.case_id')
    .selectAll('n')
    .where('n.state', 'in', ['ready', 'sent', 'delivered', 'acknowledged'])
    .where('c.state', 'not in', OVER)
    .where('n.correct_by', '>', from)
    .where('n.correct_by', '<=', to)
    .orderBy('n.correct_by')
    .limit(limit)
    .execute();
}

/** Notices of a case, the first one first. */
export function noticesOfCase(db: Db, caseId: string): Promise<NoticeRow[]> {
  return db.selectFrom('notices').selectAll().where('case_id', '=', caseId).orderBy('created_at').execute();
}

/** Only a draft is ever deleted: nobody has seen it. */
export async function deleteNotice(db: Db, id: string): Promise<void> {
  await db.deleteFrom('notices').where('id', '=', id).execute();
}

/** Changes these fields of a notice. */
export async function updateNotice(db: Db, id: string, fields: Partial<Omit<NoticeRow, 'id'>>): Promise<void> {
  await db.updateTable('notices').set(fields).where('id', '=', id).execute();
}

/** What the site answered, or what was recorded for it. */
export async function addNoticeReply(db: Db, row: Insertable<NoticeRepliesTable>): Promise<void> {
  await db.insertInto('notice_replies').values(row).execute();
}

/** Answers to all these notices, in the order in which they came. */
export function repliesOf(db: Db, noticeIds: readonly string[]): Promise<NoticeReplyRow[]> {
  if (noticeIds.length === 0) return Promise.resolve([]);
  return db.selectFrom('notice_replies').selectAll().where('notice_id', 'in', noticeIds).orderBy('id').execute();
}
