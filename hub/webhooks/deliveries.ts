/** Sends what is queued: each webhook in a turn of its own, so that a slow or dead receiver holds up no other. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { BackOffLimits } from '../../platform/back-off.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type Attempted, failedAttempt, settled } from '../attempts.ts';
import { startRounds } from '../rounds.ts';
import type { Seal } from '../seal.ts';
import { historyEntry } from '../storage/case-history.ts';
import { casesByIds } from '../storage/cases.ts';
import type { Store } from '../storage/store.ts';
import {
  countWebhookDeliveries,
  updateWebhookDelivery,
  type WebhookDeliveryRow,
  webhookDeliveriesDue,
} from '../storage/webhook-deliveries.ts';
import { allWebhooks, type WebhookRow } from '../storage/webhooks.ts';
import { webhookMessage } from './message.ts';
import { postMessage } from './post.ts';

export type WebhookParts = {
  readonly store: Pick<Store, 'db'>;
  readonly clock: Clock;
  readonly seal: Seal;
  /** Private networks and plain http are allowed. */
  readonly allowPrivate: boolean;
  readonly log: Log;
  readonly metrics: Registry;
  /** What a receiver does not answer in this time is tried again, ms. */
  readonly answerMs?: number;
};

const AT_ONCE = 50;
const ANSWER_MS = 10_000;
const LIMITS: BackOffLimits = { minMs: 5_000, maxMs: 3_600_000 };
/** About a day. */
export const MAX_WEBHOOK_ATTEMPTS = 32;

/** @param parts `seal` as it sealed the secrets */
export function createWebhookDeliveries(parts: WebhookParts) {
  const { store, clock, seal, allowPrivate, log, metrics, answerMs = ANSWER_MS } = parts;
  const stop = new AbortController();
  const turns = new Map<string, Promise<void>>();
  const counter = new Counter({
    name: 'kerbwatch_webhook_deliveries_total',
    help: 'Tries to tell another system of a case, by what became of it: delivered, queued again, failed',
    labelNames: ['state'],
    registers: [metrics],
  });
  new Gauge({
    name: 'kerbwatch_webhook_dead_letters',
    help: 'Messages to other systems that are tried no more and wait for a person',
    registers: [metrics],
    async collect() {
      const counts = await countWebhookDeliveries(store.db);
      this.set([...counts.values()].reduce((sum, { dead }) => sum + dead, 0));
    },
  });

  async function send(webhook: WebhookRow, row: WebhookDeliveryRow): Promise<void> {
    const [caseRow] = await casesByIds(store.db, [row.case_id]);
    const entry = await historyEntry(store.db, row.case_id, row.n);
    const secret = seal.open(webhook.secret_sealed);
    if (!caseRow || !entry) throw new Error('the case is gone');
    if (secret === null) throw new Error('its secret was sealed by another root key: make the webhook anew');
    const message = webhookMessage(row, caseRow, entry.to_state);
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(answerMs)]);
    const { url } = webhook;
    await postMessage(
      { id: row.id, url, secret, body: JSON.stringify(message), now: clock.now() },
      allowPrivate,
      signal,
    );
  }

  /** @returns null when the hub ends in the middle: its lease runs out, and it is tried again */
  async function attempt(webhook: WebhookRow, row: WebhookDeliveryRow): Promise<Attempted | null> {
    try {
      await send(webhook, row);
      return settled('delivered', null, clock.now());
    } catch (error) {
      if (stop.signal.aborted) return null;
      log.warn({ err: error, webhook: webhook.name, delivery: row.id }, 'webhook was not delivered');
      return failedAttempt(row.attempts, error, clock.now(), { limits: LIMITS, max: MAX_WEBHOOK_ATTEMPTS });
    }
  }

  /** What is due, one after the other; the first failure ends the turn, since the next would fail alike. */
  async function takeTurn(webhook: WebhookRow): Promise<void> {
    const now = clock.now();
    const window = { now: timestamp(now), latest: timestamp(now + LIMITS.maxMs) };
    for (const row of await webhookDeliveriesDue(store.db, webhook.id, window, AT_ONCE)) {
      // Who claims it and dies holds it for so long: longer than a try takes.
      const claim = { attempts: row.attempts + 1, next_at: timestamp(clock.now() + 2 * answerMs) };
      if (!(await updateWebhookDelivery(store.db, row, claim))) continue;
      const claimed = { ...row, ...claim };
      const result = await attempt(webhook, claimed);
      if (result === null) return;
      await updateWebhookDelivery(store.db, claimed, result);
      counter.inc({ state: result.state });
      if (result.state !== 'delivered') return;
    }
  }

  /** Begins a turn of each webhook that has none under way, and waits for nobody. */
  async function round(): Promise<void> {
    for (const webhook of await allWebhooks(store.db)) {
      if (webhook.enabled === 0 || turns.has(webhook.id) || stop.signal.aborted) continue;
      const turn = takeTurn(webhook)
        .catch((error: unknown) => log.warn({ err: error, webhook: webhook.name }, 'webhook was not looked after'))
        .finally(() => turns.delete(webhook.id));
      turns.set(webhook.id, turn);
    }
  }

  return {
    round,
    /** Every turn that is under way has ended. */
    idle: async () => void (await Promise.all(turns.values())),
    /** Ends what is under way; it is tried again after the next start. */
    async stop(): Promise<void> {
      stop.abort();
      await Promise.all(turns.values());
    },
  };
}

/** Sends in rounds, until it is closed. */
export function startWebhooks(parts: WebhookParts) {
  const deliveries = createWebhookDeliveries(parts);
  const rounds = startRounds(deliveries.round, 'webhooks were not looked for; tried again', parts.log);
  return {
    async close(): Promise<void> {
      await rounds.close();
      await deliveries.stop();
    },
  };
}
