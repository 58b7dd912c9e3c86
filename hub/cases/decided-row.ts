/** A case's row as a decision leaves it: state, claim and deadline. */
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { enteredAt } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Db } from '../storage/store.ts';
import { claimOf, noClaim } from './lifecycle/claim.ts';
import { asksTable, dueAt } from './lifecycle/deadline.ts';
import type { Decision } from './lifecycle/decide.ts';
import type { LifecycleFacts } from './lifecycle/facts.ts';
import type { LimitTable } from './lifecycle/limits.ts';
import { over } from './lifecycle/transitions.ts';
import type { CaseSettings } from './settings.ts';
import { reasonsOfCase } from './summary.ts';

type Decided = Decision & { ok: true };

function claimAfter(row: CaseRow, by: string | null, settings: CaseSettings, now: number) {
  if (by === null) return noClaim;
  if (claimOf(row, now)?.by === by) return {};
  return { claimed_by: by, claimed_at: timestamp(now), claim_until: timestamp(now + settings.claimMs) };
}

/** The same state keeps its deadline; the clock of handling starts at dispatch and is not set back by beginning to handle. */
function keepsDeadline(row: CaseRow, to: string): boolean {
  return to === row.state || (row.state === 'dispatched' && to === 'handling');
}

/** Whether the limits of the filing table must be known to carry the decision out. */
export function setsLimit(row: CaseRow, { to }: Pick<Decided, 'to'>): boolean {
  return asksTable(to) && !keepsDeadline(row, to);
}

/**
 * The row after a decision; the same state keeps its deadline running.
 *
 * @param settings with the limits of the filing table, which count for the deadline
 * @param now ms since the epoch
 * @param since when the state began, for its deadline, ms since the epoch
 */
export function decidedRow(
  row: CaseRow,
  decision: Decided,
  settings: CaseSettings & { readonly table?: LimitTable },
  now: number,
  since: number,
): CaseRow {
  const at = timestamp(now);
  const moved = decision.to !== row.state;
  const keeps = keepsDeadline(row, decision.to);
  const due = dueAt(
    decision.to,
    row.kind as ViolationKind,
    reasonsOfCase(row),
    since,
    settings.calendar,
    settings.table,
  );
  return {
    ...row,
    ...claimAfter(row, decision.claimedBy, settings, now),
    state: decision.to,
    version: row.version + 1,
    rework: decision.rework,
    outcome: decision.outcome === 'keep' ? row.outcome : decision.outcome,
    due_at: keeps ? row.due_at : due === null ? null : timestamp(due),
    // Another limit begins at the first level again.
    escalation: keeps ? row.escalation : 0,
    closure: decision.outcome === null ? null : row.closure,
    closed_at: !over.includes(decision.to) ? null : moved ? at : row.closed_at,
    confirmed_at: decision.to === 'filed' ? (row.confirmed_at ?? at) : row.confirmed_at,
  };
}

/** A decision taken back leaves the case as it was: its deadline, and evidence that nobody has confirmed. */
export async function takenBackRow(
  db: Db,
  row: CaseRow,
  decision: Decided,
  facts: LifecycleFacts,
  settings: CaseSettings & { readonly table?: LimitTable },
): Promise<CaseRow> {
  const since = Date.parse((await enteredAt(db, row.id, decision.to)) ?? row.opened_at);
  const after = decidedRow(row, decision, settings, facts.now, since);
  if (facts.lastMove?.action !== 'confirm') return after;
  const first = Date.parse(row.confirmed_at ?? '') === facts.lastMove.at;
  return { ...after, plate: null, ...(first ? { confirmed_at: null } : {}) };
}
