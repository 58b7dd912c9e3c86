/** Webhooks as administrators enter them, and what becomes of messages that are tried no more. */
import { randomUUID } from 'node:crypto';
import type {
  WebhookBody,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryCommand,
  WebhookEvent,
  WebhookMade,
  WebhookView,
} from '../../contracts/api/webhook.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { type Author, appendAudit } from '../audit.ts';
import type { Seal } from '../seal.ts';
import type { Store } from '../storage/store.ts';
import {
  countWebhookDeliveries,
  type DeadWebhookRow,
  deadWebhookDeliveries,
  settleDeadWebhookDelivery,
} from '../storage/webhook-deliveries.ts';
import {
  addWebhook,
  allWebhooks,
  changeWebhook,
  deleteWebhook,
  type WebhookRow,
  webhookById,
} from '../storage/webhooks.ts';
import { makeSecret } from './post.ts';
import { targetFault } from './target.ts';

const LIST = 500;

type Counts = { readonly queued: number; readonly dead: number };

function toView(row: WebhookRow, { queued, dead }: Counts = { queued: 0, dead: 0 }): WebhookView {
  const { id, name, url } = row;
  const events = JSON.parse(row.events) as WebhookEvent[];
  const made = { createdAt: row.created_at, createdBy: row.created_by };
  return { id, name, url, events, enabled: row.enabled === 1, ...made, queued, dead };
}

function toDelivery(row: DeadWebhookRow): WebhookDelivery {
  const { id, webhook_id: webhook, number, at, attempts, reason } = row;
  const event = row.event as WebhookEvent;
  return { id, webhook, event, case: row.case_id, number, at, attempts, settledAt: row.settled_at, reason };
}

/** An address may hold a key of the receiver: the log names its host alone. */
const logged = ({ name, url, events, enabled }: WebhookChange) => ({
  ...(name === undefined ? {} : { name }),
  ...(url === undefined ? {} : { host: new URL(url).host }),
  ...(events === undefined ? {} : { events }),
  ...(enabled === undefined ? {} : { enabled }),
});

/** @param parts `allowPrivate`: the office's own networks and plain http may be pointed at */
export function createWebhooks(parts: { readonly store: Store; readonly seal: Seal; readonly allowPrivate: boolean }) {
  const { store, seal, allowPrivate } = parts;

  function checkUrl(url: string | undefined): void {
    const message = url === undefined ? null : targetFault(url, allowPrivate);
    if (message) throw new AppError('API_VALIDATION', 'url', { faults: [{ path: 'url', message }] });
  }

  return {
    /** Every webhook with what waits for it. */
    async list(): Promise<WebhookView[]> {
      const counts = await countWebhookDeliveries(store.db);
      return (await allWebhooks(store.db)).map((row) => toView(row, counts.get(row.id)));
    },
    /** @returns it with its secret, which is not said again @throws API_VALIDATION */
    async create(body: WebhookBody, by: Author): Promise<WebhookMade> {
      checkUrl(body.url);
      const { url, events, enabled = true } = body;
      const [id, secret, name] = [randomUUID(), makeSecret(), body.name.trim()];
      const made = { created_at: timestamp(by.now), created_by: by.actor, secret_sealed: seal.seal(secret) };
      const row = { id, name, url, events: JSON.stringify(events), enabled: enabled ? 1 : 0, ...made };
      await store.transaction(async (trx) => {
        await addWebhook(trx, row);
        const data = logged({ name, url, events, enabled });
        await appendAudit(trx, by, [{ action: 'create', thing: 'webhook', id, data }]);
      });
      return { ...toView(row), secret };
    },
    /** @throws API_NOT_FOUND, API_VALIDATION */
    async change(id: string, body: WebhookChange, by: Author): Promise<WebhookView> {
      checkUrl(body.url);
      const { name, url, events, enabled } = body;
      const fields = {
        ...(name === undefined ? {} : { name: name.trim() }),
        ...(url === undefined ? {} : { url }),
        ...(events === undefined ? {} : { events: JSON.stringify(events) }),
        ...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
      };
      const row = await store.transaction(async (trx) => {
        const before = await webhookById(trx, id);
        if (!before) throw new AppError('API_NOT_FOUND', `webhook ${id}`);
        if (Object.keys(fields).length === 0) return before;
        await changeWebhook(trx, id, fields);
        await appendAudit(trx, by, [{ action: 'change', thing: 'webhook', id, data: logged(body) }]);
        return { ...before, ...fields };
      });
      return toView(row, (await countWebhookDeliveries(store.db)).get(id));
    },
    /** Takes what is on its way along. @throws API_NOT_FOUND */
    async remove(id: string, by: Author): Promise<void> {
      await store.transaction(async (trx) => {
        if (!(await webhookById(trx, id))) throw new AppError('API_NOT_FOUND', `webhook ${id}`);
        await deleteWebhook(trx, id);
        await appendAudit(trx, by, [{ action: 'delete', thing: 'webhook', id }]);
      });
    },
    /** Messages that are tried no more, the latest first. */
    async deadLetters(): Promise<WebhookDelivery[]> {
      return (await deadWebhookDeliveries(store.db, LIST)).map(toDelivery);
    },
    /** Sends a dead letter again, for another day of tries, or gives it up. @throws API_TRANSITION when it is none */
    async settle(id: string, { command }: WebhookDeliveryCommand, by: Author): Promise<void> {
      const at = timestamp(by.now);
      const fields =
        command === 'retry'
          ? { state: 'queued', attempts: 0, next_at: at, settled_at: null, reason: null }
          : { state: 'given-up', settled_at: at };
      await store.transaction(async (trx) => {
        if (!(await settleDeadWebhookDelivery(trx, id, fields)))
          throw new AppError('API_TRANSITION', `delivery ${id} is no dead letter`);
        await appendAudit(trx, by, [{ action: 'change', thing: 'webhook', id, data: { command } }]);
      });
    },
  };
}
export type Webhooks = ReturnType<typeof createWebhooks>;
