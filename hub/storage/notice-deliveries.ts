/** Queries on `notice_deliveries`: a queue of notices, one row for each channel that a notice goes by. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { NoticeDeliveriesTable } from './tables/cases.ts';

export type DeliveryRow = Selectable<NoticeDeliveriesTable>;

/** Queues a notice for each channel, in the transaction that issues it. @param at RFC 3339 UTC, from when it may go */
export async function queueDeliveries(db: Db, notice: string, channels: readonly string[], at: string): Promise<void> {
  const blank = { notice_id: notice, state: 'queued', attempts: 0, next_at: at, settled_at: null, reason: null };
  const rows = channels.map((channel) => ({ ...blank, channel }));
  if (rows.length > 0) await db.insertInto('notice_deliveries').values(rows).execute();
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
  fields: Partial<Pick<DeliveryRow, 'state' | 'attempts' | 'next_at' | 'settled_at' | 'reason'>>,
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
