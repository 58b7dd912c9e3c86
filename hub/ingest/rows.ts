/** Rows of a new event and of the case that it opens. */
import { CAMERA_SOURCE } from '../../contracts/api/case-source.ts';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { isProposal, reasonsOf } from '../../contracts/violations/detail.ts';
import { timestamp } from '../../platform/clock.ts';
import { noClaim } from '../cases/lifecycle/claim.ts';
import { dueAt } from '../cases/lifecycle/deadline.ts';
import type { CaseSettings } from '../cases/settings.ts';
import type { Sighting } from '../dedupe/sighting.ts';
import { thumbnailOf } from '../dedupe/thumbnail.ts';
import type { CameraPlace } from '../storage/cameras.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { EventRow } from '../storage/events.ts';

/** The case has no number yet: numbers are given when the whole batch is known. */
export function newCaseRow(
  event: ViolationEvent,
  camera: CameraPlace | undefined,
  settings: CaseSettings,
  now: number,
): CaseRow {
  const detail = JSON.stringify(event.detail);
  const state = isProposal(event.detail) ? 'proposed' : 'pending-review';
  const due = dueAt(state, event.kind, reasonsOf(event.kind, event.detail), now, settings.calendar);
  return {
    id: event.id,
    number: '',
    kind: event.kind,
    state,
    version: 1,
    node: event.node,
    camera: event.camera,
    zone: event.zone,
    lon: event.location?.lon ?? camera?.lon ?? null,
    lat: event.location?.lat ?? camera?.lat ?? null,
    started_at: event.startedAt,
    ended_at: event.endedAt,
    opened_at: timestamp(now),
    last_seen_at: event.at,
    sightings: 1,
    score: event.score,
    detail,
    place: null,
    ...noClaim,
    due_at: due === null ? null : timestamp(due),
    site: (event.detail as { site?: string | null }).site ?? camera?.site ?? null,
    recurrence_of: null,
    merged_into: null,
    thumbnail: null,
    outcome: null,
    rework: 0,
    confirmed_at: null,
    closed_at: null,
    history_length: 0,
    history_head: GENESIS,
    pinned: 0,
    plate: null,
    unit: null,
    extension: null,
    appeal: null,
    escalation: 0,
    closure: null,
    source: CAMERA_SOURCE,
    district: null,
  };
}

/** @param text RFC 8785 form of the event */
export function newEventRow(
  event: ViolationEvent,
  text: string,
  sighting: Sighting,
  caseId: string,
  receivedAt: string,
): EventRow {
  return {
    id: event.id,
    rev: event.rev,
    seq: event.seq,
    node: event.node,
    camera: event.camera,
    zone: event.zone,
    kind: event.kind,
    phase: event.phase,
    started_at: event.startedAt,
    at: event.at,
    ended_at: event.endedAt,
    score: event.score,
    body: text,
    case_id: caseId,
    received_at: receivedAt,
    places: JSON.stringify(sighting.places),
    until: timestamp(sighting.until),
    thumbnail: thumbnailOf(event.kind, event.evidence),
  };
}
