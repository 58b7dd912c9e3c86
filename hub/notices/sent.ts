/** A notice has left this house for its site: its state, its time and its case's trail say so. */
import { SYSTEM } from '../cases/history.ts';
import { casesByIds } from '../storage/cases.ts';
import { type NoticeRow, noticeById, updateNotice } from '../storage/notices.ts';
import type { Trx } from '../storage/store.ts';
import { further } from './notice-state.ts';
import { readKey } from './reminders.ts';
import { noteInTrail } from './trail.ts';

type Sending = {
  /** Those that were in it. */
  readonly notices: readonly Pick<NoticeRow, 'id'>[];
  /** The number of the merged notice that they were in; null for one alone. */
  readonly merged: string | null;
  /** As it stands in the queue. */
  readonly channel: string;
  /** As people may read it: the trail is kept for good, and holds no address. */
  readonly to: string;
  /** RFC 3339 UTC */
  readonly at: string;
};

/**
 * In the transaction that records the delivery. The first channel that sends gives the time; what a person has answered
 * meanwhile stays, and what was withdrawn meanwhile stays withdrawn.
 */
export async function recordSent(trx: Trx, { notices, merged, channel: key, to, at }: Sending): Promise<void> {
  const { channel, mark } = readKey(key);
  const action = mark === null ? 'notice-channel-sent' : 'notice-reminder-sent';
  for (const { id } of notices) {
    const row = await noticeById(trx, id);
    if (!row) continue;
    const state = row.state === 'withdrawn' ? row.state : further(row.state, 'sent');
    await updateNotice(trx, id, { state, sent_at: row.sent_at ?? at });
    const [caseRow] = await casesByIds(trx, [row.case_id]);
    const within = { ...(merged === null ? {} : { merged }), ...(mark === null ? {} : { mark }) };
    const data = { notice: id, number: row.number, channel, to, ...within };
    if (caseRow) await noteInTrail(trx, caseRow, { at, actor: SYSTEM, action, data });
  }
}
