/** Queries on `notice_deliveries`: a queue of notices, one row for each channel that a notice goes by. */
import type { OnConflictBuilder, Selectable } from 'kysely';
import { type Confinement, ofCaseWithin } from './reach.ts';
import type { Database } from './schema.ts';
import type { Db } from './store.ts';
import type { NoticeDeliveriesTable } from './tables/cases.ts';

export type DeliveryRow = Selectable<NoticeDeliveriesTable>;

/** Queues a notice for each channel, in the transaction that issues it. @param at RFC 3339 UTC, from when it may go */
export async function queueDeliveries(db: Db, notice: string, channels: readonly string[], at: string): Promise<void> {
  const unsent = { settled_at: null, reason: null, sent_to: null, receipt: null, settled_by: null };
  const blank = { notice_id: notice, state: 'queued', attempts: 0, next_at: at, ...unsent };
  const rows = channels.map((channel) => ({ ...blank, channel }));
  if (rows.length === 0) return;
  // Another hub may have found the same reminder due.
  const unlessThere = (conflict: OnConflictBuilder<Database, 'notice_deliveries'>) =>
    conflict.columns(['notice_id', 'channel']).doNothing();
  await db.insertInto('notice_deliveries').values(rows).onConflict(unlessThere).execute();
}

/**
 * Deliveries whose time has come, the longest waiting first. A draft waits until it is ready, what was withdrawn until it
 * is reinstated.
 *
 * @param latest a wait beyond it was given by a clock that was ahead, and is over
 */
export function deliveriesDue(
  db: Db,
  channels: readonly string[],
  { now, latest }: { readonly now: string; readonly latest: string },
  limit: number,
): Promise<DeliveryRow[]> {
  if (channels.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('notice_deliveries as d')
    .innerJoin('notices as n', 'n.id', 'd.notice_id')
    .selectAll('d')
    .where('d.state', '=', 'queued')
    .where('d.channel', 'in', channels)
    .where('n.state', 'not in', ['drafted', 'withdrawn'])
    .where((eb) => eb.or([eb('d.next_at', '<=', now), eb('d.next_at', '>', latest)]))
    .orderBy('d.next_at')
    .limit(limit)
    .execute();
}

/**
 * Writes what became of a delivery, unless somebody else has claimed it since the row was read: each claim counts an
 * attempt.
 *
 * @returns whether it was written
 */
export async function updateDelivery(
  db: Db,
  row: Pick<DeliveryRow, 'notice_id' | 'channel' | 'attempts'>,
  fields: Partial<Omit<DeliveryRow, 'notice_id' | 'channel' | 'settled_by'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('notice_deliveries')
    .set(fields)
    .where('notice_id', '=', row.notice_id)
    .where('channel', '=', row.channel)
    .where('state', '=', 'queued')
    .where('attempts', '=', row.attempts)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Those of a draft that was taken back. */
export async function deleteDeliveries(db: Db, notice: string): Promise<void> {
  await db.deleteFrom('notice_deliveries').where('notice_id', '=', notice).execute();
}

/** Deliveries of one notice, by channel. */
export function deliveriesOf(db: Db, notice: string): Promise<DeliveryRow[]> {
  return db.selectFrom('notice_deliveries').selectAll().where('notice_id', '=', notice).orderBy('channel').execute();
}

/** States in which a delivery waits for a person: a dead letter. */
const deadStates = ['refused', 'failed'] as const;

export type DeadDeliveryRow = DeliveryRow & {
  readonly number: string;
  readonly case_id: string;
  readonly site: string;
};

/** Dead letters of notices that still stand and are within reach, the latest first. */
export function deadDeliveries(db: Db, limit: number, reach: Confinement = null): Promise<DeadDeliveryRow[]> {
  const all = db
    .selectFrom('notice_deliveries as d')
    .innerJoin('notices as n', 'n.id', 'd.notice_id')
    .selectAll('d')
    .select(['n.number', 'n.case_id', 'n.site'])
    .where('d.state', 'in', deadStates)
    .where('n.state', '!=', 'withdrawn');
  const within = reach === null ? all : all.where(ofCaseWithin(db, reach, 'n.case_id'));
  return within.orderBy('d.settled_at', 'desc').limit(limit).execute();
}

/** How many dead letters there are. */
export async function countDeadDeliveries(db: Db): Promise<number> {
  const row = await db
    .selectFrom('notice_deliveries as d')
    .innerJoin('notices as n', 'n.id', 'd.notice_id')
    .select(({ fn }) => fn.countAll<number | string>().as('dead'))
    .where('d.state', 'in', deadStates)
    .where('n.state', '!=', 'withdrawn')
    .executeTakeFirstOrThrow();
  return Number(row.dead);
}

/** What a person makes of a dead letter. @returns false when it is none (any more) */
export async function settleDeadDelivery(
  db: Db,
  { notice, channel }: { readonly notice: string; readonly channel: string },
  fields: Partial<Omit<DeliveryRow, 'notice_id' | 'channel'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('notice_deliveries')
    .set(fields)
    .where('notice_id', '=', notice)
    .where('channel', '=', channel)
    .where('state', 'in', deadStates)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
