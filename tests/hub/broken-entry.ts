/** Whether the audit trail in the database is whole. */
import { GENESIS } from '../../contracts/event.ts';
import { historyHash } from '../../hub/cases/history.ts';
import type { HistoryRow } from '../../hub/storage/case-history.ts';

/** Number of the first entry whose hash or link is wrong; null when the trail is whole. */
export function firstBrokenEntry(rows: readonly HistoryRow[]): number | null {
  let prev = GENESIS;
  let n = 0;
  for (const row of rows) {
    n += 1;
    const { hash, ...unhashed } = row;
    if (row.n !== n || row.prev_hash !== prev || historyHash(unhashed) !== hash) return n;
    prev = hash;
  }
  return null;
}
