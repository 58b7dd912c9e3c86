/** When a notice may be handed over, and when it may not any more: drafts come due, are taken back, are reinstated. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { SYSTEM } from '../cases/history.ts';
import type { Changes } from '../changes.ts';
import { startRounds } from '../rounds.ts';
import { type CaseRow, casesByIds } from '../storage/cases.ts';
import { deleteDeliveries } from '../storage/notice-deliveries.ts';
import {
  deleteNotice,
  draftsDue,
  handedOverState,
  noticeById,
  noticesOfCase,
  updateNotice,
} from '../storage/notices.ts';
import type { Store, Trx } from '../storage/store.ts';
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

/** Drafts whose confirmation can no longer be taken back become ready. @returns how many */
export async function handOverDue(parts: {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
}): Promise<number> {
  const { store, clock, changes } = parts;
  // Read without the lock that orders changes of cases: most often there is none.
  const due = await draftsDue(store.db, timestamp(clock.now()), AT_ONCE);
  for (const { id } of due) {
    const notice = await store.exclusive(async (trx) => {
      const row = await noticeById(trx, id);
      const [caseRow] = row ? await casesByIds(trx, [row.case_id]) : [];
      if (row?.state !== 'drafted' || !caseRow) return null;
      await updateNotice(trx, id, { state: 'ready' });
      const data = { notice: id, number: row.number, site: row.site };
      await noteInTrail(trx, caseRow, { at: timestamp(clock.now()), actor: SYSTEM, action: 'notice-ready', data });
      return row;
    });
    if (notice) changes.emit({ type: 'notice', notice: id, case: notice.case_id });
  }
  return due.length;
}

/** Marks drafts as ready in rounds, until it is closed. */
export function startHandOver(parts: Parameters<typeof handOverDue>[0] & { readonly log: Log }) {
  return startRounds(() => handOverDue(parts), 'notices did not come due; tried again', parts.log);
}
