/** Until when a case should be moved on, by its state. Limits: a city's published table ("B"), ours where it is silent. */
import type { CaseState } from '../../../contracts/api/case.ts';
import type { Calendar } from '../../../contracts/schedule.ts';
import type { Detail, ViolationKind } from '../../../contracts/violations/index.ts';
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

const byFinding: Readonly<Record<Detail<'muck-truck'>['findings'][number], Limit>> = {
  spill: { clock: 'working', ms: 4 * HOUR },
  unwashed: { clock: 'working', ms: WORKING_DAY_MS },
  uncovered: { clock: 'working', ms: 2 * WORKING_DAY_MS },
  'no-permit': { clock: 'working', ms: 2 * WORKING_DAY_MS },
};
type TruckFinding = keyof typeof byFinding;
const isTruckFinding = (finding: string): finding is TruckFinding => Object.hasOwn(byFinding, finding);

/** The shortest of its findings; a gate pass always has one. */
function truckLimit(findings: readonly string[]): Limit {
  const limits = findings.filter(isTruckFinding).map((finding) => byFinding[finding]);
  return limits.reduce((least, limit) => (limit.ms < least.ms ? limit : least), byFinding.uncovered);
}

/**
 * Table B: 占道经营 2 紧急工作时, 共享单车 2 工作时, 道路遗撒 4 工作时, 夹带 1 工作日, 未密闭 2 工作日. A new kind states its own
 * limit here, or this does not compile.
 */
const handlingLimits: Readonly<Record<ViolationKind, (findings: readonly string[]) => Limit>> = {
  'road-stall': () => ({ clock: 'running', ms: 2 * HOUR }),
  'bike-clutter': () => ({ clock: 'working', ms: 2 * HOUR }),
  'muck-truck': truckLimit,
};

function limitOf(state: CaseState, kind: ViolationKind, findings: readonly string[]): Limit | null {
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
      return handlingLimits[kind](findings);
    case 'feedback':
    case 'inspecting':
      return INSPECT;
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'voided':
    case 'merged':
      return null;
  }
}

/** True where the deadline counts working days, which are only as sure as the calendar is. */
export function countsWorkingTime(state: CaseState, kind: ViolationKind, findings: readonly string[]): boolean {
  return limitOf(state, kind, findings)?.clock === 'working';
}

/** @returns ms since the epoch, or null where nothing is waited for */
export function dueAt(
  state: CaseState,
  kind: ViolationKind,
  findings: readonly string[],
  since: number,
  calendar: Calendar,
): number | null {
  const limit = limitOf(state, kind, findings);
  if (!limit) return null;
  return limit.clock === 'running' ? since + limit.ms : addWorkingTime(since, limit.ms, calendar);
}
