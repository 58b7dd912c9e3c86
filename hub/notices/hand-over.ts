/** When a notice may be handed over, and when it may not any more: drafts come due, are taken back, are reinstated. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { SYSTEM } from '../cases/history.ts';
import type { Changes } from '../changes.ts';
import { startRounds } from '../rounds.ts';
import { type CaseRow, casesByIds } from '../storage/cases.ts';
import { noticesOfMerged } from '../storage/merged-notices.ts';
import { deleteDeliveries } from '../storage/notice-deliveries.ts';
import {
  deleteNotice,
  draftsDue,
  handedOverState,
  type NoticeRow,
  noticeById,
  noticesOfCase,
  updateNotice,
} from '../storage/notices.ts';
import type { Store, Trx } from '../storage/store.ts';
import { closeMerged, leaveMerged } from './merging.ts';
import { noteInTrail } from './trail.ts';

type Actor = { readonly name: string };

/** In the transaction that takes the confirmation back: what nobody can have seen goes, what was ready is withdrawn. */
export async function withdrawNotices(trx: Trx, caseRow: CaseRow, actor: Actor, now: number): Promise<void> {
  let row = caseRow;
  for (const notice of await noticesOfCase(trx, caseRow.id)) {
    const state = handedOverState(notice, now);
    if (state === 'withdrawn') continue;
    if (state === 'drafted') {
      await deleteDeliveries(trx, notice.id);
      await deleteNotice(trx, notice.id);
      await leaveMerged(trx, notice);
    } else await updateNotice(trx, notice.id, { state: 'withdrawn' });
    const data = { notice: notice.id, number: notice.number, from: state };
    row = await noteInTrail(trx, row, { at: timestamp(now), actor: actor.name, action: 'notice-withdrawn', data });
  }
}

/** In the transaction that takes a void back: the site is asked again. */
export async function reinstateNotices(trx: Trx, caseRow: CaseRow, actor: Actor, now: number): Promise<void> {
  let row = caseRow;
  for (const notice of await noticesOfCase(trx, caseRow.id)) {
    if (notice.state !== 'withdrawn') continue;
    await updateNotice(trx, notice.id, { state: 'ready' });
    const data = { notice: notice.id, number: notice.number };
    row = await noteInTrail(trx, row, { at: timestamp(now), actor: actor.name, action: 'notice-ready', data });
  }
}

const AT_ONCE = 100;

/** The draft with all that it is gathered with, where all may be handed over; in the order of their confirmations. */
async function dueWith(trx: Trx, id: string, now: number): Promise<NoticeRow[]> {
  const row = await noticeById(trx, id);
  if (row?.state !== 'drafted') return [];
  const all = row.merged_id === null ? [row] : await noticesOfMerged(trx, [row.merged_id]);
  // Somebody may have confirmed another of this shift meanwhile: all wait for it.
  return all.some(({ ready_at }) => ready_at !== null && Date.parse(ready_at) > now) ? [] : all;
}

async function makeReady(trx: Trx, row: NoticeRow, merged: string | null, now: number): Promise<void> {
  await updateNotice(trx, row.id, { state: 'ready' });
  const [caseRow] = await casesByIds(trx, [row.case_id]);
  const data = { notice: row.id, number: row.number, site: row.site, ...(merged === null ? {} : { merged }) };
  if (caseRow) await noteInTrail(trx, caseRow, { at: timestamp(now), actor: SYSTEM, action: 'notice-ready', data });
}

/** Drafts whose confirmation can no longer be taken back become ready, what was gathered at once. @returns how many were due */
export async function handOverDue(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}): Promise<number> {
  const { store, clock, changes } = parts;
  // Read without the lock that orders changes of cases: most often there is none.
  const due = await draftsDue(store.db, timestamp(clock.now()), AT_ONCE);
  for (const { id } of due) {
    const ready = await store.exclusive(async (trx) => {
      const now = clock.now();
      const rows = await dueWith(trx, id, now);
      const merged = await closeMerged(trx, rows, now);
      for (const row of rows) await makeReady(trx, row, merged, now);
      return rows;
    });
    for (const { id: notice, case_id } of ready) changes.emit({ type: 'notice', notice, case: case_id });
  }
  return due.length;
}

/** Marks drafts as ready in rounds, until it is closed. */
export function startHandOver(parts: Parameters<typeof handOverDue>[0] & { readonly log: Log }) {
  return startRounds(() => handOverDue(parts), 'notices did not come due; tried again', parts.log);
}
