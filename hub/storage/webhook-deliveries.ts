/** Queries on `webhook_deliveries`: the queue of each webhook, filled in the transaction that changes a case. */
import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type WebhookEvent, webhookEvents } from '../../contracts/api/webhook.ts';
import type { HistoryRow } from './case-history.ts';
import type { CaseRow } from './cases.ts';
import type { Db } from './store.ts';
import type { WebhookDeliveriesTable } from './tables/doors.ts';

export type WebhookDeliveryRow = Selectable<WebhookDeliveriesTable>;

type Step = Pick<HistoryRow, 'case_id' | 'n' | 'at' | 'from_state' | 'to_state'>;

/** Rows of one statement: parameters are counted. */
const AT_ONCE = 100;

/** What a step is to others; null where the case stays in its state. */
function eventOf({ n, from_state, to_state }: Step): WebhookEvent | null {
  if (n === 1) return 'case.opened';
  if (from_state === to_state) return null;
  return webhookEvents.find((event) => event === `case.${to_state}`) ?? null;
}

/** Queues steps of trails for each webhook that wants to hear of them. */
export async function queueWebhooks(db: Db, steps: readonly Step[]): Promise<void> {
  const told = steps.flatMap((step) => {
    const event = eventOf(step);
    return event === null ? [] : [{ event, case_id: step.case_id, n: step.n, at: step.at }];
  });
  if (told.length === 0) return;
  const webhooks = await db.selectFrom('webhooks').select(['id', 'events']).where('enabled', '=', 1).execute();
  const rows = webhooks.flatMap(({ id, events }) => {
    const wanted = new Set(JSON.parse(events) as string[]);
    const blank = { webhook_id: id, state: 'queued', attempts: 0, settled_at: null, reason: null };
    return told
      .filter(({ event }) => wanted.has(event))
      .map((step) => ({ id: `msg_${randomUUID()}`, ...step, ...blank, next_at: step.at }));
  });
  for (let done = 0; done < rows.length; done += AT_ONCE)
    await db
      .insertInto('webhook_deliveries')
      .values(rows.slice(done, done + AT_ONCE))
      .execute();
}

/**
 * What is due at one webhook, the oldest change first.
 *
 * @param latest a wait beyond it was given by a clock that was ahead, and is over
 */
export function webhookDeliveriesDue(
  db: Db,
  webhook: string,
  { now, latest }: { readonly now: string; readonly latest: string },
  limit: number,
): Promise<WebhookDeliveryRow[]> {
  return db
    .selectFrom('webhook_deliveries')
    .selectAll()
    .where('webhook_id', '=', webhook)
    .where('state', '=', 'queued')
    .where((eb) => eb.or([eb('next_at', '<=', now), eb('next_at', '>', latest)]))
    .orderBy('at')
    .orderBy('n')
    .limit(limit)
    .execute();
}

/** Writes what became of a try, unless somebody else has claimed it since: each claim counts an attempt. */
export async function updateWebhookDelivery(
  db: Db,
  row: Pick<WebhookDeliveryRow, 'id' | 'attempts'>,
  fields: Partial<Pick<WebhookDeliveryRow, 'state' | 'attempts' | 'next_at' | 'settled_at' | 'reason'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('webhook_deliveries')
    .set(fields)
    .where('id', '=', row.id)
    .where('state', '=', 'queued')
    .where('attempts', '=', row.attempts)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** How many wait, and how many are dead letters, by webhook. */
export async function countWebhookDeliveries(db: Db): Promise<Map<string, { queued: number; dead: number }>> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(['webhook_id', 'state', (eb) => eb.fn.countAll<number | string>().as('n')])
    .where('state', 'in', ['queued', 'failed'])
    .groupBy(['webhook_id', 'state'])
    .execute();
  const counts = new Map<string, { queued: number; dead: number }>();
  for (const { webhook_id, state, n } of rows) {
    const own = counts.get(webhook_id) ?? { queued: 0, dead: 0 };
    counts.set(webhook_id, { ...own, [state === 'queued' ? 'queued' : 'dead']: Number(n) });
  }
  return counts;
}

export type DeadWebhookRow = WebhookDeliveryRow & Pick<CaseRow, 'number'>;

/** Dead letters, the latest first. */
export function deadWebhookDeliveries(db: Db, limit: number): Promise<DeadWebhookRow[]> {
  return db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('cases as c', 'c.id', 'd.case_id')
    .selectAll('d')
    .select('c.number')
    .where('d.state', '=', 'failed')
    .orderBy('d.settled_at', 'desc')
    .limit(limit)
    .execute();
}

/** What a person makes of a dead letter. @returns false when it is none (any more) */
export async function settleDeadWebhookDelivery(
  db: Db,
  id: string,
  fields: Partial<Omit<WebhookDeliveryRow, 'id' | 'webhook_id'>>,
): Promise<boolean> {
  const result = await db
    .updateTable('webhook_deliveries')
    .set(fields)
    .where('id', '=', id)
    .where('state', '=', 'failed')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** What arrived or was given up before an instant is no longer kept. */
export async function removeSettledWebhookDeliveries(db: Db, before: string): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('state', 'in', ['delivered', 'given-up'])
    .where('settled_at', '<', before)
    .execute();
}
