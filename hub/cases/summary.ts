/** A case's row as the API shows it, and the row brought up to date with the events it holds. */
import type { CaseState, CaseSummary } from '../../contracts/api/case.ts';
import type { CaseAppeal, CaseClosure, CaseExtension } from '../../contracts/api/case-round.ts';
import type { CaseSource } from '../../contracts/api/case-source.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import { reasonsOf } from '../../contracts/violations/detail.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { type EventFacts, summarise } from '../dedupe/summary.ts';
import type { CaseRow } from '../storage/cases.ts';
import { type EventFactsRow, eventBody, eventFactsOfCases } from '../storage/events.ts';
import type { Db } from '../storage/store.ts';
import { claimOf } from './lifecycle/claim.ts';

/** @param now ms since the epoch: a claim that has lapsed is not shown */
export function toCaseSummary(row: CaseRow, now: number): CaseSummary {
  const claim = claimOf(row, now);
  return {
    id: row.id,
    number: row.number,
    kind: row.kind as ViolationKind,
    state: row.state as CaseState,
    version: row.version,
    node: row.node,
    camera: row.camera,
    zone: row.zone,
    location: row.lon === null || row.lat === null ? null : { lon: row.lon, lat: row.lat },
    startedAt: row.started_at,
    endedAt: row.ended_at,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    sightings: row.sightings,
    score: row.score,
    detail: JSON.parse(row.detail) as unknown,
    claimedBy: claim?.by ?? null,
    claimedAt: claim?.since ?? null,
    claimedUntil: claim?.until ?? null,
    dueAt: row.due_at,
    site: row.site,
    recurrenceOf: row.recurrence_of,
    mergedInto: row.merged_into,
    thumbnail: row.thumbnail,
    unit: row.unit,
    rework: row.rework,
    extension: row.extension === null ? null : (JSON.parse(row.extension) as CaseExtension),
    appeal: row.appeal === null ? null : (JSON.parse(row.appeal) as CaseAppeal),
    escalation: row.escalation,
    closure: row.closure === null ? null : (JSON.parse(row.closure) as CaseClosure),
    source: row.source as CaseSource,
    district: row.district,
  };
}

/** An event's row as dedupe reads it. */
export function factsOfEvent(row: EventFactsRow): EventFacts {
  return {
    id: row.id,
    startedAt: row.started_at,
    at: row.at,
    endedAt: row.ended_at,
    score: row.score,
    thumbnail: row.thumbnail,
  };
}

/** The last place of the list is where it was seen last only by order of text; the case shows any one of them. */
export function withEvents(
  row: CaseRow,
  events: readonly EventFactsRow[],
): { readonly caseRow: CaseRow; readonly latest: string } {
  const facts = summarise(events.map(factsOfEvent));
  const latest = events.find((event) => event.id === facts.latest);
  const places = latest ? (JSON.parse(latest.places) as unknown[]) : [];
  const caseRow: CaseRow = {
    ...row,
    started_at: facts.startedAt,
    ended_at: facts.endedAt,
    last_seen_at: facts.lastSeenAt,
    sightings: facts.sightings,
    score: facts.score,
    thumbnail: facts.thumbnail,
    place: places.length > 0 ? JSON.stringify(places.at(-1)) : row.place,
  };
  return { caseRow, latest: facts.latest };
}

/** Reads the case's events anew; a case without any (all of them went elsewhere) keeps what it said. */
export async function refreshCase(db: Db, row: CaseRow): Promise<CaseRow> {
  const events = await eventFactsOfCases(db, [row.id]);
  if (events.length === 0) return row;
  const { caseRow, latest } = withEvents(row, events);
  const body = await eventBody(db, latest);
  if (body === null) return caseRow;
  return { ...caseRow, detail: JSON.stringify((JSON.parse(body) as ViolationEvent).detail) };
}

/** Why the case is a violation, as its latest event says. */
export function reasonsOfCase({ kind, detail }: Pick<CaseRow, 'kind' | 'detail'>): string[] {
  return reasonsOf(kind as ViolationKind, JSON.parse(detail));
}
