/** Deliveries as people see them, and what a supervisor does with those that are tried no more. */
import type { DeadLetter, DeliveryCommand, DeliveryState, NoticeDelivery } from '../../contracts/api/delivery.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import { type DeliveryRow, deadDeliveries, deliveriesOf, settleDeadDelivery } from '../storage/notice-deliveries.ts';
import { type NoticeRow, noticeById } from '../storage/notices.ts';
import type { Confinement } from '../storage/reach.ts';
import type { Store, Trx } from '../storage/store.ts';
import { envelopeOfDelivery } from './envelope.ts';
import { readKey } from './reminders.ts';
import { noteInTrail } from './trail.ts';

const LIST = 500;

function toView(row: DeliveryRow): NoticeDelivery {
  return {
    channel: row.channel,
    state: row.state as DeliveryState,
    attempts: row.attempts,
    // The lease of whoever tries it now is nothing to look forward to.
    nextAt: row.next_at === '' ? null : row.next_at,
    settledAt: row.settled_at,
    reason: row.reason,
    sentTo: row.sent_to,
    receipt: row.receipt,
    settledBy: row.settled_by,
  };
}

type Settling = {
  readonly at: string;
  readonly actor: string;
  readonly channel: string;
  readonly command: DeliveryCommand;
};

/** In the trail of each case that the delivery is of. */
async function noteSettled(trx: Trx, notice: NoticeRow, { at, actor, channel, command }: Settling): Promise<void> {
  const [caseRow] = await casesByIds(trx, [notice.case_id]);
  const action = command.command === 'retry' ? 'notice-delivery-retried' : 'notice-delivery-given-up';
  const note = command.command === 'give-up' ? command.note : undefined;
  const data = { notice: notice.id, number: notice.number, channel };
  if (caseRow) await noteInTrail(trx, caseRow, { at, actor, action, note, data });
}

/** @param parts `changes` hears of each command */
export function createDeadLetters(parts: {
  readonly store: Pick<Store, 'db' | 'exclusive'>;
  readonly clock: Clock;
  readonly changes: Changes;
}) {
  const { store, clock, changes } = parts;

  /** What the row says from now on. A new day of tries begins; or nobody tries any more. */
  function fieldsOf(command: DeliveryCommand['command'], by: string, at: string) {
    return command === 'retry'
      ? { state: 'queued', attempts: 0, next_at: at, settled_at: null, reason: null, settled_by: by }
      : { state: 'given-up', settled_at: at, settled_by: by };
  }

  return {
    /** Every delivery of a notice, by channel. @throws API_NOT_FOUND */
    async ofNotice(id: string): Promise<NoticeDelivery[]> {
      const row = await noticeById(store.db, id);
      if (!row) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      return (await deliveriesOf(store.db, id, row.merged_id)).map(toView);
    },
    /** The latest first, as far as the reach goes. */
    async list(reach: Confinement): Promise<DeadLetter[]> {
      const letters: DeadLetter[] = [];
      for (const row of await deadDeliveries(store.db, LIST, reach)) {
        const envelope = await envelopeOfDelivery(store.db, row.notice_id, readKey(row.channel).mark);
        // Withdrawn since it was read: nobody waits for it any more.
        const [first] = envelope?.notices ?? [];
        if (!envelope || !first) continue;
        const { id: notice, case_id, site } = first;
        letters.push({ notice, number: envelope.number, case: case_id, site, ...toView(row) });
      }
      return letters;
    },
    /**
     * Has a dead letter tried again, or gives it up; the case's trail says who did.
     *
     * @throws API_NOT_FOUND, API_TRANSITION when it is no dead letter (any more)
     */
    async settle(id: string, channel: string, command: DeliveryCommand, by: string): Promise<NoticeDelivery> {
      const at = timestamp(clock.now());
      const { key, notices } = await store.exclusive(async (trx) => {
        const row = await noticeById(trx, id);
        const own = row && (await deliveriesOf(trx, id, row.merged_id)).find((one) => one.channel === channel);
        if (!row || !own) throw new AppError('API_NOT_FOUND', `delivery of notice ${id} by ${channel}`);
        const key = { notice: own.notice_id, channel };
        if (!(await settleDeadDelivery(trx, key, fieldsOf(command.command, by, at))))
          throw new AppError('API_TRANSITION', `delivery of notice ${row.number} by ${channel}`);
        const envelope = await envelopeOfDelivery(trx, own.notice_id, readKey(channel).mark);
        const step = { at, actor: by, channel, command };
        for (const notice of envelope?.notices ?? []) await noteSettled(trx, notice, step);
        return { key, notices: envelope?.notices ?? [] };
      });
      for (const { id: notice, case_id } of notices) changes.emit({ type: 'notice', notice, case: case_id });
      const after = (await deliveriesOf(store.db, key.notice)).find((own) => own.channel === channel);
      if (!after) throw new AppError('API_NOT_FOUND', `delivery of notice ${id} by ${channel}`);
      return toView(after);
    },
  };
}
