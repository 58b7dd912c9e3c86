/** A case with everything that a person needs to decide about it. */
import type { CaseDetail, CaseEvent, CaseState, HistoryEntry } from '../../contracts/api/case.ts';
import type { KeyPurpose } from '../../contracts/api/case-source.ts';
import type { CaseReport } from '../../contracts/api/citizen-report.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { Bilingual } from '../../contracts/text.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { isKnownAt } from '../../platform/calendar.ts';
import { timestamp } from '../../platform/clock.ts';
import { historyOf } from '../storage/case-history.ts';
import { photosOfCase } from '../storage/case-photos.ts';
import type { CaseRow } from '../storage/cases.ts';
import { type ReportRow, reportsOfCase } from '../storage/citizen-reports.ts';
import { type EventRow, eventsOfCase } from '../storage/events.ts';
import { type EventFile, filesOfEvents } from '../storage/evidence.ts';
import { handedOverState, noticesOfCase } from '../storage/notices.ts';
import type { Db } from '../storage/store.ts';
import { toCasePhoto } from './after-photos.ts';
import { countsWorkingTime } from './lifecycle/deadline.ts';
import type { Actor } from './lifecycle/facts.ts';
import type { LimitTable } from './lifecycle/limits.ts';
import { possibleSteps } from './lifecycle/transitions.ts';
import { undoUntil } from './lifecycle/undo.ts';
import { readLifecycleFacts } from './lifecycle-facts.ts';
import { readLimits } from './matters.ts';
import { haulageOf, plateOfCase } from './plate.ts';
import type { CaseSettings } from './settings.ts';
import { reasonsOfCase, toCaseSummary } from './summary.ts';

function toCaseEvent(row: EventRow, event: ViolationEvent, files: readonly EventFile[]): CaseEvent {
  return {
    id: row.id,
    rev: row.rev,
    seq: row.seq,
    phase: row.phase,
    camera: row.camera,
    zone: row.zone,
    startedAt: row.started_at,
    at: row.at,
    endedAt: row.ended_at,
    score: row.score,
    objects: event.objects,
    detail: event.detail,
    evidence: files.map(({ event: _, ...file }) => file),
    model: event.model,
    rule: event.rule,
    receivedAt: row.received_at,
  };
}

async function noticesOf(db: Db, caseId: string, now: number): Promise<CaseDetail['notices']> {
  const rows = await noticesOfCase(db, caseId);
  return rows.map((row) => {
    const { id, number, site, sent_at: sentAt } = row;
    return { id, number, state: handedOverState(row, now), site, sentAt };
  });
}

async function trailOf(db: Db, caseId: string): Promise<HistoryEntry[]> {
  const rows = await historyOf(db, caseId);
  return rows.map((row) => ({
    at: row.at,
    actor: row.actor,
    action: row.action,
    from: row.from_state as CaseState | null,
    to: row.to_state as CaseState,
    note: row.note,
    data: JSON.parse(row.data) as unknown,
    hash: row.hash,
  }));
}

function toCaseReport(row: ReportRow & { readonly contact: string | null }): CaseReport {
  const { id, ticket, at, received_at: receivedAt, address, text, lon, lat } = row;
  return {
    ...{ id, source: row.source as KeyPurpose, ticket, at, receivedAt, address, text },
    location: lon === null || lat === null ? null : { lon, lat },
    hasContact: row.contact !== null,
  };
}

/** A deadline in working time beyond the calendar may fall on a holiday that nobody has announced yet. */
function dueNoteOf(row: CaseRow, calendar: Calendar, table: LimitTable): Bilingual | null {
  if (row.due_at === null || isKnownAt(calendar, Date.parse(row.due_at))) return null;
  if (!countsWorkingTime(row.state as CaseState, row.kind as ViolationKind, reasonsOfCase(row), table)) return null;
  const { knownUntil } = calendar;
  return { zh: `工作日历已知至 ${knownUntil}`, en: `calendar known to ${knownUntil}` };
}

/** @param now ms since the epoch */
export async function caseDetail(
  db: Db,
  row: CaseRow,
  actor: Actor,
  settings: CaseSettings,
  now: number,
): Promise<CaseDetail> {
  const rows = await eventsOfCase(db, row.id);
  const events = rows.map((event) => ({ row: event, event: JSON.parse(event.body) as ViolationEvent }));
  const files = await filesOfEvents(
    db,
    rows.map((event) => event.id),
  );
  const filesOf = (id: string) => files.filter((file) => file.event === id);
  const facts = await readLifecycleFacts(db, row, settings, now);
  const undo = undoUntil(facts, actor.name);
  const plate = await plateOfCase(db, row);
  return {
    case: toCaseSummary(row, now),
    events: events.map(({ row: facts, event }) => toCaseEvent(facts, event, filesOf(facts.id))),
    history: await trailOf(db, row.id),
    notices: await noticesOf(db, row.id, now),
    steps: possibleSteps(facts, actor),
    dueNote: dueNoteOf(row, settings.calendar, await readLimits(db, settings.scheme)),
    undoUntil: undo === null ? null : timestamp(undo),
    photos: (await photosOfCase(db, row.id)).map(toCasePhoto),
    reports: (await reportsOfCase(db, row.id)).map(toCaseReport),
    haulage: plate && (await haulageOf(db, row, plate.text, settings.calendar)),
  };
}
