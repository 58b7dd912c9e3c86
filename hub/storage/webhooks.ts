/** Queries on `webhooks`. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { WebhooksTable } from './tables/doors.ts';

export type WebhookRow = Selectable<WebhooksTable>;

/** Adds a webhook. */
export async function addWebhook(db: Db, row: WebhookRow): Promise<void> {
  await db.insertInto('webhooks').values(row).execute();
}

/** Every webhook, by name. */
export function allWebhooks(db: Db): Promise<WebhookRow[]> {
  return db.selectFrom('webhooks').selectAll().orderBy('name').orderBy('id').execute();
}

/** One webhook, or undefined. */
export function webhookById(db: Db, id: string): Promise<WebhookRow | undefined> {
  return db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Writes what a person changed. */
export async function changeWebhook(db: Db, id: string, fields: Partial<Omit<WebhookRow, 'id'>>): Promise<void> {
  await db.updateTable('webhooks').set(fields).where('id', '=', id).execute();
}

/** Removes a webhook with what was on its way to it. */
export async function deleteWebhook(db: Db, id: string): Promise<void> {
  await db.deleteFrom('webhook_deliveries').where('webhook_id', '=', id).execute();
  await db.deleteFrom('webhooks').where('id', '=', id).execute();
}
