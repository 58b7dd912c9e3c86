/** Gathers the notices of a site's shift into one: a draft joins it, all of it is handed over at once, or one is left and goes alone. */
import { randomUUID } from 'node:crypto';
import type { Calendar } from '../../contracts/schedule.ts';
import { timestamp } from '../../platform/clock.ts';
import { takeNumbers } from '../storage/counters.ts';
import {
  deleteMergedNotice,
  gatheringNotice,
  insertMergedNotice,
  noticesOfMerged,
  updateMergedNotice,
} from '../storage/merged-notices.ts';
import { deleteDeliveries, moveDeliveries } from '../storage/notice-deliveries.ts';
import { type NoticeRow, updateNotice } from '../storage/notices.ts';
import type { Trx } from '../storage/store.ts';
import { localTime, type NoticeContent } from './content.ts';
import { gathering, type MergeRule } from './merge-rule.ts';

/** What a draft takes from the merged notice that it joins: when it is ready, and the link where there is one already. */
export type Joined = Pick<NoticeRow, 'merged_id' | 'ready_at'> & Partial<Pick<NoticeRow, 'token' | 'token_sealed'>>;

type Joining = {
  readonly site: string;
  /** When it is to be corrected; like `now` ms since the epoch. */
  readonly limit: number;
  readonly now: number;
  /** Until its confirmation can no longer be taken back, ms. */
  readonly holdMs: number;
};

/**
 * In the transaction that drafts the notice. What is gathered waits for the last confirmation that may still be taken back,
 * and goes out with the earliest limit of all.
 *
 * @returns null where it goes alone
 */
export async function joinMerged(
  trx: Trx,
  { site, limit, now, holdMs }: Joining,
  rule: MergeRule,
  calendar: Calendar,
): Promise<Joined | null> {
  const found = gathering({ now, limit }, rule, calendar);
  if (found === null) return null;
  const shiftUntil = timestamp(found.shiftUntil);
  const there = await gatheringNotice(trx, { site, shiftUntil, now: timestamp(now) });
  const sendAt = timestamp(
    Math.max(Math.min(found.sendAt, there ? Date.parse(there.send_at) : found.sendAt), now + holdMs),
  );
  if (!there) {
    const id = randomUUID();
    await insertMergedNotice(trx, {
      id,
      number: null,
      site,
      shift_until: shiftUntil,
      send_at: sendAt,
      handed_at: null,
    });
    return { merged_id: id, ready_at: sendAt };
  }
  const others = await noticesOfMerged(trx, [there.id]);
  await updateMergedNotice(trx, there.id, { send_at: sendAt });
  for (const { id } of others) await updateNotice(trx, id, { ready_at: sendAt });
  const { token, token_sealed } = others[0] ?? {};
  return { merged_id: there.id, ready_at: sendAt, ...(token ? { token, token_sealed: token_sealed ?? null } : {}) };
}

/** In the transaction that has deleted a draft: what gathered nothing else goes too. */
export async function leaveMerged(trx: Trx, { merged_id: id }: Pick<NoticeRow, 'merged_id'>): Promise<void> {
  if (id === null || (await noticesOfMerged(trx, [id])).length > 0) return;
  await deleteDeliveries(trx, id);
  await deleteMergedNotice(trx, id);
}

/** In the transaction that hands it over: what is left alone is no merged notice. @returns its number, or null */
export async function closeMerged(trx: Trx, members: readonly NoticeRow[], now: number): Promise<string | null> {
  const [first] = members;
  const id = first?.merged_id ?? null;
  if (!first || id === null) return null;
  if (members.length === 1) {
    await moveDeliveries(trx, id, first.id);
    await updateNotice(trx, first.id, { merged_id: null });
    await deleteMergedNotice(trx, id);
    return null;
  }
  const { utcOffsetMinutes } = JSON.parse(first.body) as NoticeContent;
  const day = localTime(timestamp(now), utcOffsetMinutes).slice(0, 10).replaceAll('-', '');
  const number = `KWM-${day}-${String(await takeNumbers(trx, `merged notices ${day}`, 1)).padStart(4, '0')}`;
  await updateMergedNotice(trx, id, { number, handed_at: timestamp(now) });
  return number;
}
