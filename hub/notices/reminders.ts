/** Reminders of a notice whose correction is awaited: once before its limit, once when it is reached. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { startRounds } from '../rounds.ts';
import { deliveriesOf, queueDeliveries } from '../storage/notice-deliveries.ts';
import { type NoticeRow, noticesDueBetween } from '../storage/notices.ts';
import type { Store } from '../storage/store.ts';

export const reminderMarks = ['before', 'limit'] as const;
export type ReminderMark = (typeof reminderMarks)[number];

export type ReminderSettings = {
  /** So long before the limit, ms; 0 = not at all. */
  readonly beforeMs: number;
  readonly atLimit: boolean;
};

const HOUR = 3_600_000;
/** What has been late for longer is no news: a hub that was away for days does not write to everybody. */
const LATE_MS = 24 * HOUR;
const AT_ONCE = 200;

/** How a reminder stands in the queue of deliveries, beside the notice itself. @example reminderKey('smtp', 'limit') // 'smtp+limit' */
export const reminderKey = (channel: string, mark: ReminderMark): string => `${channel}+${mark}`;

/** @example readKey('smtp+limit') // { channel: 'smtp', mark: 'limit' } */
export function readKey(key: string): { readonly channel: string; readonly mark: ReminderMark | null } {
  const [channel = '', mark] = key.split('+');
  return { channel, mark: reminderMarks.find((known) => known === mark) ?? null };
}

/** Which reminder of a notice is due; null while none is. Pure. @param now ms since the epoch */
export function reminderDue(
  notice: Pick<NoticeRow, 'created_at' | 'correct_by'>,
  { beforeMs, atLimit }: ReminderSettings,
  now: number,
): ReminderMark | null {
  const [limit, issued] = [Date.parse(notice.correct_by), Date.parse(notice.created_at)];
  if (now >= limit) return atLimit && now < limit + LATE_MS ? 'limit' : null;
  // A limit that is as near as that from the start is not reminded of: the notice itself has just said so.
  const worthIt = beforeMs > 0 && limit - issued >= 2 * beforeMs;
  return worthIt && now >= limit - beforeMs ? 'before' : null;
}

type ReminderParts = {
  readonly store: Pick<Store, 'db' | 'transaction'>;
  readonly clock: Clock;
  /** Kinds of the channels that remind. */
  readonly channels: readonly string[];
  readonly settings: ReminderSettings;
};

/** Queues what is due, each once. @returns how many notices are reminded of */
export async function queueReminders({ store, clock, channels, settings }: ReminderParts): Promise<number> {
  if (channels.length === 0) return 0;
  const now = clock.now();
  const window = { from: timestamp(now - LATE_MS), to: timestamp(now + settings.beforeMs) };
  let queued = 0;
  for (const notice of await noticesDueBetween(store.db, window, AT_ONCE)) {
    const mark = reminderDue(notice, settings, now);
    if (mark === null) continue;
    const keys = channels.map((channel) => reminderKey(channel, mark));
    queued += await store.transaction(async (trx) => {
      const there = new Set((await deliveriesOf(trx, notice.id)).map(({ channel }) => channel));
      const missing = keys.filter((key) => !there.has(key));
      await queueDeliveries(trx, notice.id, missing, timestamp(now));
      return missing.length > 0 ? 1 : 0;
    });
  }
  return queued;
}

/** Looks for reminders in rounds, until it is closed. */
export function startReminders(parts: ReminderParts & { readonly log: Log }) {
  return startRounds(() => queueReminders(parts), 'reminders of notices were not queued; tried again', parts.log);
}
