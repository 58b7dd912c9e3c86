/** Delivers notices over the hub's channels: at least once, again with back-off when a channel fails, for a day. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { BackOffLimits } from '../../platform/back-off.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type Attempted, failedAttempt, MAX_REASON, settled } from '../attempts.ts';
import type { Changes } from '../changes.ts';
import { startRounds } from '../rounds.ts';
import { countDeadDeliveries, type DeliveryRow, deliveriesDue, updateDelivery } from '../storage/notice-deliveries.ts';
import { type NoticeRow, noticeById } from '../storage/notices.ts';
import { findSite } from '../storage/sites.ts';
import type { Store } from '../storage/store.ts';
import type { Deliver, DeliveryResult } from './channels/contract.ts';
import { reasons } from './channels/reasons.ts';
import type { NoticeContent } from './content.ts';
import { readKey, reminderKey, reminderMarks } from './reminders.ts';
import { recordSent } from './sent.ts';

export type DeliveryParts = {
  readonly store: Pick<Store, 'db' | 'exclusive'>;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly channels: ReadonlyMap<string, Deliver>;
  /** The address of a notice's page; null where it cannot be opened. */
  readonly linkOf: (notice: NoticeRow) => string | null;
  /** The document of a notice, as a PDF. */
  readonly print: (notice: NoticeRow, link: string | null) => Promise<Buffer>;
  readonly log: Log;
  readonly metrics: Registry;
};

const AT_ONCE = 20;
/** What a channel does not finish in this time is tried again, ms. */
const DELIVER_MS = 30_000;
/** Who claims a delivery and dies holds it for so long, ms: longer than a delivery takes. */
const LEASE_MS = 2 * DELIVER_MS;
const LIMITS: BackOffLimits = { minMs: 10_000, maxMs: 3_600_000 };
/** About a day: by then a site is overdue, and the office must hear of it. */
export const MAX_ATTEMPTS = 36;

/** What a delivery's row says after an attempt. */
type AttemptedDelivery = Attempted & Partial<Pick<DeliveryRow, 'sent_to' | 'receipt'>>;

function ended(result: DeliveryResult, now: number): AttemptedDelivery {
  if (result.state === 'refused') return settled('refused', result.reason.slice(0, MAX_REASON), now);
  const { to = null, receipt = null } = result.sent ?? {};
  return { ...settled('delivered', null, now), sent_to: to, receipt };
}

/** The worker goes on also when a channel does not end with its signal. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new Promise<never>((_, reject) => {
    const end = () => reject(signal.reason as Error);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  return Promise.race([work, ended]);
}

/** @param parts `channels` by kind: rows of others are left alone */
export function createDeliveries(parts: DeliveryParts) {
  const { store, clock, channels, changes, log, metrics } = parts;
  const stop = new AbortController();
  const counter = new Counter({
    name: 'kerbwatch_notice_deliveries_total',
    help: 'Tries to deliver a notice, by channel and by what became of it: delivered, refused, queued again, failed',
    labelNames: ['channel', 'state'],
    registers: [metrics],
  });

  new Gauge({
    name: 'kerbwatch_notice_dead_letters',
    help: 'Deliveries that are tried no more and wait for a person',
    registers: [metrics],
    async collect() {
      this.set(await countDeadDeliveries(store.db));
    },
  });

  /** @returns null when the hub ends in the middle: its lease runs out, and it is tried again */
  async function attempt(row: DeliveryRow, notice: NoticeRow, deliver: Deliver): Promise<AttemptedDelivery | null> {
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(DELIVER_MS)]);
    try {
      const content = JSON.parse(notice.body) as NoticeContent;
      const link = notice.revoked_at === null ? parts.linkOf(notice) : null;
      const recipient = (await findSite(store.db, notice.site))?.manager ?? content.site.manager;
      const document = () => parts.print(notice, link);
      const reminder = readKey(row.channel).mark;
      const work = deliver({ id: notice.id, content, reminder, link, recipient, document }, signal);
      return ended(await within(work, signal), clock.now());
    } catch (error) {
      if (stop.signal.aborted) return null;
      const result = failedAttempt(row.attempts, error, clock.now(), { limits: LIMITS, max: MAX_ATTEMPTS });
      log.warn({ err: error, notice: notice.number, channel: row.channel, ...result }, 'notice was not delivered');
      return result;
    }
  }

  /** What was sent is written with the notice's state and its case's trail. @returns false when the claim was lost */
  function write(claimed: DeliveryRow, result: AttemptedDelivery): Promise<boolean> {
    const { sent_to: to, settled_at: at } = result;
    if (!to || !at) return updateDelivery(store.db, claimed, result);
    return store.exclusive(async (trx) => {
      if (!(await updateDelivery(trx, claimed, result))) return false;
      await recordSent(trx, { notice: claimed.notice_id, channel: claimed.channel, to, at });
      return true;
    });
  }

  async function deliverOne(row: DeliveryRow): Promise<void> {
    const { channel, mark } = readKey(row.channel);
    const [notice, deliver] = [await noticeById(store.db, row.notice_id), channels.get(channel)];
    if (!notice || !deliver) return;
    const claim = { attempts: row.attempts + 1, next_at: timestamp(clock.now() + LEASE_MS) };
    if (!(await updateDelivery(store.db, row, claim))) return;
    const claimed = { ...row, ...claim };
    const over = mark !== null && (notice.state === 'corrected' || notice.state === 'verified');
    const result = over ? settled('given-up', reasons.notNeeded, clock.now()) : await attempt(claimed, notice, deliver);
    if (result === null || !(await write(claimed, result))) return;
    counter.inc({ channel: row.channel, state: result.state });
    changes.emit({ type: 'notice', notice: notice.id, case: notice.case_id });
  }

  return {
    /** Tries once what is due. @returns how many there were */
    async round(): Promise<number> {
      const now = clock.now();
      const window = { now: timestamp(now), latest: timestamp(now + LIMITS.maxMs) };
      const keys = [...channels.keys()].flatMap((kind) => [
        kind,
        ...reminderMarks.map((mark) => reminderKey(kind, mark)),
      ]);
      const due = await deliveriesDue(store.db, keys, window, AT_ONCE);
      // Each to its end, so that nothing is under way any more when the round is over.
      const results = await Promise.allSettled(due.map(deliverOne));
      for (const result of results) if (result.status === 'rejected') throw result.reason;
      return due.length;
    },
    /** Ends what is under way; it is tried again after the next start. */
    stop: () => stop.abort(),
  };
}

/** One worker delivers what any of the hubs on the database has issued, as far as it has the channel. */
export function startDeliveries(parts: DeliveryParts) {
  const deliveries = createDeliveries(parts);
  const rounds = startRounds(deliveries.round, 'deliveries of notices were not looked for; tried again', parts.log);
  return {
    close(): Promise<void> {
      deliveries.stop();
      return rounds.close();
    },
  };
}
