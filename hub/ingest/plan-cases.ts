/** Which case an event belongs to: joined, opened, or found to be one with others. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { isProposal } from '../../contracts/violations/detail.ts';
import { noClaim } from '../cases/lifecycle/claim.ts';
import { phaseOf } from '../cases/placed-case.ts';
import { assign, type CaseFacts } from '../dedupe/assign.ts';
import { onSameSpot, type Sighting, spotOf } from '../dedupe/sighting.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { EventFactsRow } from '../storage/events.ts';
import { adoptReported } from './adopt.ts';
import { membersOf, type PlanDraft, recordStep } from './plan-draft.ts';
import { newCaseRow } from './rows.ts';

function factsOfCase(draft: PlanDraft, row: CaseRow): CaseFacts {
  const state = row.state as CaseState;
  const starts = [...membersOf(draft, row.id)].map((id) => draft.state.events.get(id)?.started_at ?? row.started_at);
  return {
    id: row.id,
    phase: phaseOf(state),
    startedAt: Math.min(Date.parse(row.started_at), ...starts.map((start) => Date.parse(start))),
    closedAt: row.closed_at === null ? null : Date.parse(row.closed_at),
    handled: state === 'closed',
    touched: row.claimed_by !== null || state === 'field-check' || row.pinned === 1,
  };
}

function openCase(draft: PlanDraft, event: ViolationEvent, recurrenceOf: string | null): string {
  const { state, settings, now } = draft;
  const row = newCaseRow(event, state.cameras.get(event.camera), settings, now);
  state.cases.set(row.id, { ...row, recurrence_of: recurrenceOf });
  draft.opened.add(row.id);
  recordStep(draft, row.id, 'opened', { event: event.id, ...(recurrenceOf ? { recurrenceOf } : {}) });
  return row.id;
}

function moveMembers(draft: PlanDraft, from: string, to: string): void {
  const { state, bodies, changed } = draft;
  for (const id of membersOf(draft, from)) {
    membersOf(draft, to).add(id);
    const facts = state.events.get(id);
    if (!facts) continue;
    state.events.set(id, { ...facts, case_id: to });
    const body = bodies.get(id);
    if (body) bodies.set(id, { ...body, case_id: to });
    else changed.set(id, { ...facts, case_id: to });
  }
  membersOf(draft, from).clear();
}

/** A case that no other process has seen yet leaves no trace; one that was there stays to be read, as merged. */
function absorb(draft: PlanDraft, from: string, into: string): void {
  const { state, opened, touched, history, at } = draft;
  const row = state.cases.get(from) as CaseRow;
  const events = [...membersOf(draft, from)];
  moveMembers(draft, from, into);
  if (opened.has(from)) {
    opened.delete(from);
    touched.delete(from);
    state.cases.delete(from);
    for (let i = history.length - 1; i >= 0; i--) if (history[i]?.case_id === from) history.splice(i, 1);
    for (const id of events) recordStep(draft, into, 'sighting', { event: id });
    return;
  }
  const ended = { ...noClaim, due_at: null, closed_at: at, merged_into: into };
  recordStep(draft, from, 'merged', { into, events }, 'merged');
  const recorded = state.cases.get(from) as CaseRow;
  state.cases.set(from, { ...recorded, ...ended, state: 'merged', version: row.version + 1 });
  touched.add(from);
  recordStep(draft, into, 'merged-in', { case: from, number: row.number, events });
  const survivor = state.cases.get(into) as CaseRow;
  state.cases.set(into, { ...survivor, version: survivor.version + 1 });
}

function factsOfSpot(draft: PlanDraft, spot: readonly Sighting[]): Map<string, CaseFacts> {
  const { cases, events } = draft.state;
  const facts = new Map<string, CaseFacts>();
  for (const other of spot) {
    const row = cases.get(events.get(other.id)?.case_id ?? '');
    if (row && !facts.has(row.id)) facts.set(row.id, factsOfCase(draft, row));
  }
  return facts;
}

/** A stall that arrives where something was proposed as a fixture is a case of its own, and the other way round. */
function isOfOneNature(row: CaseRow | undefined, event: ViolationEvent): boolean {
  return row !== undefined && isProposal(JSON.parse(row.detail)) === isProposal(event.detail);
}

/**
 * Puts an event into its case, which is opened where there is none; cases that turn out to be the same become one.
 * @param known the event as an earlier revision left it
 * @returns id of the case
 */
export function placeEvent(
  draft: PlanDraft,
  event: ViolationEvent,
  sighting: Sighting,
  known: EventFactsRow | undefined,
): string {
  const { cases, events, spots } = draft.state;
  const near = [...(spots.get(spotOf(sighting))?.values() ?? [])].filter((other) => onSameSpot(other, sighting));
  const spot = near.filter(({ id }) => isOfOneNature(cases.get(events.get(id)?.case_id ?? ''), event));
  const neighbours = spot.map((other) => ({ sighting: other, caseId: events.get(other.id)?.case_id ?? '' }));
  const current = known ? cases.get(known.case_id) : undefined;
  // A person who split a case apart has the last word: its events stay where they were put.
  if (current?.pinned === 1) return current.id;
  const { expireMs: joinMs, recurrenceMs } = draft.settings;
  const facts = current ? factsOfCase(draft, current) : null;
  const result = assign(sighting, facts, neighbours, factsOfSpot(draft, spot), { joinMs, recurrenceMs });
  const caseId = result.caseId ?? adoptReported(draft, event, sighting) ?? openCase(draft, event, result.recurrenceOf);
  if (!known && result.caseId !== null) recordStep(draft, caseId, 'sighting', { event: event.id });
  membersOf(draft, caseId).add(event.id);
  for (const id of result.absorbs) if (cases.get(id)?.pinned !== 1) absorb(draft, id, caseId);
  return caseId;
}
