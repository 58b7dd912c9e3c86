/** What happens to a notice is written into its case's audit trail. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { extendHistory } from '../cases/history.ts';
import { appendHistory } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Trx } from '../storage/store.ts';

export type NoticeStep = {
  readonly at: string;
  readonly actor: string;
  readonly action: HistoryAction;
  readonly note?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
};

/**
 * The case's state and version stay: whoever has the case open need not read it again before the next command.
 * @returns the case with its trail's new end
 */
export async function noteInTrail(trx: Trx, caseRow: CaseRow, step: NoticeStep): Promise<CaseRow> {
  const state = caseRow.state as CaseState;
  const { caseRow: after, entry } = extendHistory(caseRow, { ...step, from: state, to: state });
  await appendHistory(trx, entry);
  return after;
}
