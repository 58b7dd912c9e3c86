/** Queries on `approvals`. */
import { type Selectable, sql } from 'kysely';
import { type Confinement, ofCaseWithin } from './reach.ts';
import type { Db, Trx } from './store.ts';
import type { ApprovalsTable } from './tables/approvals.ts';

export type ApprovalRow = Selectable<ApprovalsTable>;
export type ApprovalTarget = Pick<ApprovalRow, 'action' | 'thing' | 'thing_id' | 'requested_by'>;

/** Adds a request. */
export async function insertApproval(db: Db, row: ApprovalRow): Promise<void> {
  await db.insertInto('approvals').values(row).execute();
}

/** One request, whatever became of it. */
export function approvalById(db: Db, id: string): Promise<ApprovalRow | undefined> {
  return db.selectFrom('approvals').selectAll().where('id', '=', id).executeTakeFirst();
}

/** A user's own requests, and those about what is within reach, the latest first: of registers, whoever is not confined. */
export function listApprovals(db: Db, user: string, reach: Confinement, limit: number): Promise<ApprovalRow[]> {
  const all = db.selectFrom('approvals').selectAll();
  const seen =
    reach === null
      ? all
      : all.where((eb) =>
          eb.or([
            eb('requested_by', '=', user),
            eb.and([eb('thing', '=', 'case'), ofCaseWithin(db, reach, 'approvals.thing_id')]),
          ]),
        );
  return seen.orderBy('requested_at', 'desc').limit(limit).execute();
}

/** What somebody has asked for already and still waits or may be used at `now`. */
export function openApproval(db: Db, target: ApprovalTarget, now: string): Promise<ApprovalRow | undefined> {
  return db
    .selectFrom('approvals')
    .selectAll()
    .where('action', '=', target.action)
    .where('thing', '=', target.thing)
    .where('thing_id', '=', target.thing_id)
    .where('requested_by', '=', target.requested_by)
    .where('state', 'in', ['waiting', 'approved'])
    .where('expires_at', '>', now)
    .orderBy(sql`case when state = 'approved' then 0 else 1 end`)
    .limit(1)
    .executeTakeFirst();
}

/** Moves a request on, unless somebody else has. @returns whether it was moved */
export async function moveApproval(
  trx: Trx,
  id: string,
  from: 'waiting' | 'approved',
  fields: Partial<Omit<ApprovalRow, 'id'>>,
): Promise<boolean> {
  const result = await trx
    .updateTable('approvals')
    .set(fields)
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
