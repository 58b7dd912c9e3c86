/** What a batch changes, gathered while its messages are worked through; all of it dies with the batch. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { HistoryAction } from '../../contracts/api/history-actions.ts';
import { timestamp } from '../../platform/clock.ts';
import { extendHistory, SYSTEM } from '../cases/history.ts';
import type { CaseSettings } from '../cases/settings.ts';
import type { HistoryRow } from '../storage/case-history.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { EventFactsRow, EventRow } from '../storage/events.ts';
import type { BatchState } from './batch-state.ts';
import type { Fork } from './chain.ts';

export type PlanContext = { readonly state: BatchState; readonly settings: CaseSettings; readonly now: number };

export type PlanDraft = PlanContext & {
  /** RFC 3339 form of `now`. */
  readonly at: string;
  /** Events of each case, by id of the case. */
  readonly members: Map<string, Set<string>>;
  /** Events with a new highest revision, whole. */
  readonly bodies: Map<string, EventRow>;
  /** Events that moved to another case, or whose place or time was widened by an older revision. */
  readonly changed: Map<string, EventFactsRow>;
  readonly touched: Set<string>;
  readonly opened: Set<string>;
  readonly history: HistoryRow[];
  readonly forks: Fork[];
};

/** An empty draft over what is stored. */
export function createPlanDraft(context: PlanContext): PlanDraft {
  const draft: PlanDraft = {
    ...context,
    at: timestamp(context.now),
    members: new Map(),
    bodies: new Map(),
    changed: new Map(),
    touched: new Set(),
    opened: new Set(),
    history: [],
    forks: [],
  };
  for (const event of context.state.events.values()) membersOf(draft, event.case_id).add(event.id);
  return draft;
}

/** Ids of the events that a case holds now. */
export function membersOf({ members }: PlanDraft, caseId: string): Set<string> {
  let set = members.get(caseId);
  if (!set) {
    set = new Set();
    members.set(caseId, set);
  }
  return set;
}

/** Adds to the trail of a case, which is there. */
export function recordStep(
  { state, history, at }: PlanDraft,
  caseId: string,
  action: HistoryAction,
  data: Record<string, unknown>,
  to?: CaseState,
): void {
  const row = state.cases.get(caseId) as CaseRow;
  const from = action === 'opened' ? null : (row.state as CaseState);
  const step = { at, actor: SYSTEM, action, from, to: to ?? (row.state as CaseState), data };
  const { caseRow, entry } = extendHistory(row, step);
  state.cases.set(caseId, caseRow);
  history.push(entry);
}
