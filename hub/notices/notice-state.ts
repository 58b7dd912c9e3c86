/** The states of a notice: what an answer makes of it, who waits for whom, when it takes answers. Pure. */
import { type NoticeReplyBody, type NoticeState, noticeStates } from '../../contracts/api/notice.ts';
import { AppError } from '../../platform/app-error.ts';
import { handedOverState, type NoticeRow } from '../storage/notices.ts';

/** A later state never goes back because of an earlier step that is repeated. */
const rank: readonly NoticeState[] = noticeStates;

/** Any answer proves that a person has the notice; a statement in defence changes nothing about what was asked. */
export const stateAfter: Readonly<Record<NoticeReplyBody['kind'], NoticeState>> = {
  acknowledge: 'acknowledged',
  correction: 'corrected',
  statement: 'delivered',
};

/**
 * The later of two states in the order of `noticeStates`.
 *
 * @example further('acknowledged', 'delivered') // 'acknowledged'
 */
export const further = (now: string, next: NoticeState): NoticeState =>
  rank.indexOf(next) > rank.indexOf(now as NoticeState) ? next : (now as NoticeState);

/** Nobody is late with what nobody is known to have. */
export const isAwaited = (state: NoticeState) =>
  rank.indexOf(state) >= rank.indexOf('delivered') && rank.indexOf(state) < rank.indexOf('corrected');

/**
 * @param now ms since the epoch
 * @throws API_TRANSITION while its confirmation may still be taken back, and once it was
 */
export function checkOpen(row: NoticeRow, now: number): void {
  const state = handedOverState(row, now);
  if (state !== 'drafted' && state !== 'withdrawn') return;
  const fault =
    state === 'drafted'
      ? { message: 'the notice is not ready to be handed over yet', messageZh: '整改提醒尚不能送达' }
      : { message: 'the notice was withdrawn', messageZh: '整改提醒已撤回' };
  throw new AppError('API_TRANSITION', `notice ${row.number}: ${fault.message}`, { faults: [{ path: '', ...fault }] });
}
