/** Deliveries as people see them, and what a supervisor does with those that are tried no more. */
import type { DeadLetter, DeliveryCommand, DeliveryState, NoticeDelivery } from '../../contracts/api/delivery.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Changes } from '../changes.ts';
import { casesByIds } from '../storage/cases.ts';
import { type DeliveryRow, deadDeliveries, deliveriesOf, settleDeadDelivery } from '../storage/notice-deliveries.ts';
import { noticeById } from '../storage/notices.ts';
import type { Confinement } from '../storage/reach.ts';
import type { Store } from '../storage/store.ts';
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
      if (!(await noticeById(store.db, id))) throw new AppError('API_NOT_FOUND', `notice ${id}`);
      return (await deliveriesOf(store.db, id)).map(toView);
    },
    /** The latest first, as far as the reach goes. */
    async list(reach: Confinement): Promise<DeadLetter[]> {
      const rows = await deadDeliveries(store.db, LIST, reach);
      return rows.map((row) => {
        const { notice_id: notice, number, case_id, site } = row;
        return { notice, number, case: case_id, site, ...toView(row) };
      });
    },
    /**
     * Has a dead letter tried again, or gives it up; the case's trail says who did.
     *
     * @throws API_NOT_FOUND, API_TRANSITION when it is no dead letter (any more)
     */
    async settle(id: string, channel: string, command: DeliveryCommand, by: string): Promise<NoticeDelivery> {
      const at = timestamp(clock.now());
      const notice = await store.exclusive(async (trx) => {
        const row = await noticeById(trx, id);
        if (!row || !(await deliveriesOf(trx, id)).some((own) => own.channel === channel))
          throw new AppError('API_NOT_FOUND', `delivery of notice ${id} by ${channel}`);
        if (!(await settleDeadDelivery(trx, { notice: id, channel }, fieldsOf(command.command, by, at))))
          throw new AppError('API_TRANSITION', `delivery of notice ${row.number} by ${channel}`);
        const [caseRow] = await casesByIds(trx, [row.case_id]);
        const action = command.command === 'retry' ? 'notice-delivery-retried' : 'notice-delivery-given-up';
        const note = command.command === 'give-up' ? command.note : undefined;
        const data = { notice: id, number: row.number, channel };
        if (caseRow) await noteInTrail(trx, caseRow, { at, actor: by, action, note, data });
        return row;
      });
      changes.emit({ type: 'notice', notice: id, case: notice.case_id });
      const after = (await deliveriesOf(store.db, id)).find((own) => own.channel === channel);
      if (!after) throw new AppError('API_NOT_FOUND', `delivery of notice ${id} by ${channel}`);
      return toView(after);
    },
  };
}
