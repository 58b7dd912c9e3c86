/** The audit trail of a case: each entry carries the hash of the one before, so that a changed or missing one shows. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { GENESIS } from '../../contracts/event.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import type { HistoryRow } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';

export type HistoryStep = {
  /** RFC 3339 */
  readonly at: string;
  readonly actor: string;
  readonly action: HistoryAction;
  readonly from: CaseState | null;
  readonly to: CaseState;
  readonly note?: string | undefined;
  readonly data?: Readonly<Record<string, unknown>>;
};

/** Actor of what the hub does by itself. */
export const SYSTEM = 'system';

/** SHA-256 over the RFC 8785 form of the entry with the hash before it. */
export function historyHash(row: Omit<HistoryRow, 'hash'>): string {
  return sha256Hex(canonicalJson({ ...row, data: JSON.parse(row.data) as unknown }));
}

/** Adds to the trail: the row to write and the case with its trail's new end. */
export function extendHistory(caseRow: CaseRow, step: HistoryStep): { caseRow: CaseRow; entry: HistoryRow } {
  const unhashed = {
    case_id: caseRow.id,
    n: caseRow.history_length + 1,
    at: step.at,
    actor: step.actor,
    action: step.action,
    from_state: step.from,
    to_state: step.to,
    note: step.note ?? null,
    data: JSON.stringify(step.data ?? {}),
    prev_hash: caseRow.history_head || GENESIS,
  };
  const entry = { ...unhashed, hash: historyHash(unhashed) };
  return { caseRow: { ...caseRow, history_length: entry.n, history_head: entry.hash }, entry };
}
