/** Until when a case should be moved on, by its state. Limits: a city's published table ("B"), ours where it is silent. */
import type { CaseState } from '../../../contracts/api/case.ts';
import type { Calendar } from '../../../contracts/schedule.ts';
import { type ViolationKind, violations } from '../../../contracts/violations/index.ts';
import type { HandlingLimit } from '../../../contracts/violations/violation.ts';
import type { LimitTable } from './limits.ts';
import { addWorkingTime, WORKING_DAY_MS } from './working-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `running` counts round the clock (紧急工作时), `working` in working time (工作时). */
type Limit = { readonly clock: 'running' | 'working'; readonly ms: number };

/** An alert of a machine is reviewed within 10 minutes (one county's rule). */
const REVIEW: Limit = { clock: 'running', ms: 10 * MINUTE };
const FIELD_CHECK: Limit = { clock: 'running', ms: 2 * HOUR };
/** Verified, filed and dispatched within an hour of working time. */
const DISPATCH: Limit = { clock: 'working', ms: HOUR };
/** Ours: the table gives no limit for looking again. */
const INSPECT: Limit = { clock: 'working', ms: 4 * HOUR };

const unitMs: Readonly<Record<HandlingLimit['unit'], number>> = {
  'running-hours': HOUR,
  'working-hours': HOUR,
  'working-days': WORKING_DAY_MS,
};

function limitIn({ amount, unit }: HandlingLimit): Limit {
  return { clock: unit === 'running-hours' ? 'running' : 'working', ms: amount * unitMs[unit] };
}

const matterUnits = { urgent_hour: 'running-hours', work_hour: 'working-hours', work_day: 'working-days' } as const;

/** A handling limit and where it is from: the filing table, or the kind's entry where the table is silent. */
export type AppliedLimit = { readonly limit: HandlingLimit; readonly from: 'table' | 'entry' };

/** What the filing table says; where it is silent, the shortest of what the kind's entry says for it and its reasons. */
export function handlingLimit(
  kind: ViolationKind,
  reasons: readonly string[],
  table: LimitTable | undefined,
): AppliedLimit {
  const said = table?.(kind, reasons);
  if (said) return { limit: { amount: said.amount, unit: matterUnits[said.unit] }, from: 'table' };
  const { limit, byReason = {} } = violations[kind].handling;
  const stricter = Object.entries(byReason).filter(([reason]) => reasons.includes(reason));
  const shortest = stricter
    .map(([, own]) => own)
    .reduce((least, own) => (limitIn(own).ms < limitIn(least).ms ? own : least), limit);
  return { limit: shortest, from: 'entry' };
}

/** Until when a case that is dispatched at `since` must be handled, ms since the epoch. */
export function handledBy(since: number, handling: HandlingLimit, calendar: Calendar): number {
  return untilOf(limitIn(handling), since, calendar);
}

function untilOf({ clock, ms }: Limit, since: number, calendar: Calendar): number {
  return clock === 'running' ? since + ms : addWorkingTime(since, ms, calendar);
}

/** Whether the filing table has a say in the limit of a case in this state. */
export function asksTable(state: CaseState): boolean {
  return state === 'dispatched' || state === 'handling';
}

function limitOf(state: CaseState, kind: ViolationKind, reasons: readonly string[], table?: LimitTable): Limit | null {
  switch (state) {
    case 'pending-review':
      return REVIEW;
    case 'field-check':
      return FIELD_CHECK;
    case 'filed':
    case 'returned':
      return DISPATCH;
    case 'dispatched':
    case 'handling':
      return limitIn(handlingLimit(kind, reasons, table).limit);
    case 'feedback':
    case 'inspecting':
      return INSPECT;
    case 'proposed':
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'voided':
    case 'merged':
      return null;
  }
}

/** True where the deadline counts working days, which are only as sure as the calendar is. */
export function countsWorkingTime(
  state: CaseState,
  kind: ViolationKind,
  reasons: readonly string[],
  table?: LimitTable,
): boolean {
  return limitOf(state, kind, reasons, table)?.clock === 'working';
}

/**
 * @param table limits of the filing table; without one the kinds' own
 * @returns ms since the epoch, or null where nothing is waited for
 */
export function dueAt(
  state: CaseState,
  kind: ViolationKind,
  reasons: readonly string[],
  since: number,
  calendar: Calendar,
  table?: LimitTable,
): number | null {
  const limit = limitOf(state, kind, reasons, table);
  return limit && untilOf(limit, since, calendar);
}
