/** What happens to cases by the clock: what nobody reviews expires, what nobody holds is free, what is late rises. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { timestamp } from '../../platform/clock.ts';
import { addHistory } from '../storage/case-history.ts';
import { type CaseRow, casesToEscalate, lapsedClaims, unreviewedBefore, writeCases } from '../storage/cases.ts';
import type { Store, Trx } from '../storage/store.ts';
import { extendHistory, SYSTEM } from './history.ts';
import { noClaim } from './lifecycle/claim.ts';
import { confirmed } from './lifecycle/transitions.ts';
import type { CaseSettings } from './settings.ts';

/** Cases of one transaction: who reads or writes meanwhile waits for so many. */
export const AT_ONCE = 50;

type Moved = { readonly rows: readonly CaseRow[]; readonly action: HistoryAction };

async function moveAll(
  trx: Trx,
  store: Store,
  rows: readonly CaseRow[],
  now: number,
  action: HistoryAction,
  change: (row: CaseRow) => Partial<CaseRow> & { readonly state: string },
): Promise<Moved> {
  const steps = rows.map((row) => {
    const changed = { ...row, ...noClaim, ...change(row), version: row.version + 1 };
    const [from, to] = [row.state as CaseState, changed.state as CaseState];
    return extendHistory(changed, { at: timestamp(now), actor: SYSTEM, action, from, to, ...heldBy(row, action) });
  });
  const moved = steps.map((step) => step.caseRow);
  await writeCases(trx, store.dialect, moved);
  await addHistory(
    trx,
    store.dialect,
    steps.map((step) => step.entry),
  );
  return { rows: moved, action };
}

const heldBy = (row: CaseRow, action: HistoryAction) =>
  action === 'claim-lapsed' ? { data: { claimedBy: row.claimed_by } } : {};

/** Cases nobody reviewed in time end as `expired`; never confirmed. */
export function expireSome(store: Store, settings: CaseSettings, clock: () => number): Promise<Moved> {
  return store.exclusive(async (trx) => {
    const now = clock();
    const rows = await unreviewedBefore(trx, ['pending-review'], timestamp(now - settings.expireMs), AT_ONCE);
    const ended = { state: 'expired', due_at: null, closed_at: timestamp(now) };
    return moveAll(trx, store, rows, now, 'expired', () => ended);
  });
}

/** Claims whose holder gives no sign of life any more end; so do those of a clock that was ahead. */
export function lapseSome(store: Store, settings: CaseSettings, clock: () => number): Promise<Moved> {
  return store.exclusive(async (trx) => {
    const now = clock();
    const rows = await lapsedClaims(trx, timestamp(now), timestamp(now + settings.claimMs), AT_ONCE);
    return moveAll(trx, store, rows, now, 'claim-lapsed', ({ state }) => ({ state }));
  });
}

const MINUTE = 60_000;

/**
 * Confirmed cases near their limit or past it rise to the level that they have reached, whatever lies between. Their
 * version and claim stay: nobody who works on them is held up.
 */
export function escalateSome(store: Store, settings: CaseSettings, clock: () => number): Promise<Moved> {
  return store.exclusive(async (trx) => {
    const now = clock();
    const risen: CaseRow[] = [];
    for (let level = settings.escalation.length; level > 0 && risen.length < AT_ONCE; level--) {
      const minutes = settings.escalation[level - 1] ?? 0;
      const before = timestamp(now - minutes * MINUTE);
      const rows = await casesToEscalate(trx, confirmed, level, before, AT_ONCE - risen.length);
      const steps = rows.map((row) => {
        const state = row.state as CaseState;
        const data = { level, minutes, dueAt: row.due_at };
        const step = { at: timestamp(now), actor: SYSTEM, action: 'escalated', from: state, to: state, data } as const;
        return extendHistory({ ...row, escalation: level }, step);
      });
      const changed = steps.map(({ caseRow }) => caseRow);
      await writeCases(trx, store.dialect, changed);
      await addHistory(
        trx,
        store.dialect,
        steps.map(({ entry }) => entry),
      );
      risen.push(...changed);
    }
    return { rows: risen, action: 'escalated' };
  });
}
