/** What a batch needs to know of what is stored, read once and kept up to date while the batch is worked through. */

import type { ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import type { CaseSettings } from '../cases/settings.ts';
import { windowMs } from '../dedupe/report.ts';
import { foldSightings, type Sighting, sightingOf, spotOf } from '../dedupe/sighting.ts';
import { type CameraPlace, cameraPlaces } from '../storage/cameras.ts';
import { type CaseRow, type CaseSpot, casesByIds, casesNear } from '../storage/cases.ts';
import { reportedCases } from '../storage/citizen-reports.ts';
import { type EventFactsRow, eventFactsByIds, eventFactsOfCases } from '../storage/events.ts';
import { type MessageKey, messageBody, messagesBySeq, messagesOfEvents } from '../storage/messages.ts';
import type { Db } from '../storage/store.ts';
import type { ValidMessage } from './message.ts';

export type BatchState = {
  /** By `node seq` and by `event rev`. */
  readonly messages: Map<string, MessageKey>;
  /** Bodies of messages that came before under another `seq`, and of this batch's own, by `event rev`. */
  readonly texts: Map<string, string>;
  readonly events: Map<string, EventFactsRow>;
  readonly cases: Map<string, CaseRow>;
  readonly cameras: ReadonlyMap<string, CameraPlace>;
  /** Ids of open cases that citizens reported and no camera has seen yet. */
  readonly reported: Set<string>;
  /** Sightings by camera, zone and kind. */
  readonly spots: Map<string, Map<string, Sighting>>;
};

/** Key of a message by its number. */
export const seqKey = (node: string, seq: number) => `${node} ${seq}`;
/** Key of a message by its event. */
export const revKey = (event: string, rev: number) => `${event}/${rev}`;

/** What all revisions so far say of an event. */
export function sightingOfRow(row: EventFactsRow): Sighting {
  return {
    id: row.id,
    camera: row.camera,
    zone: row.zone,
    kind: row.kind as ViolationKind,
    startedAt: Date.parse(row.started_at),
    until: Date.parse(row.until),
    places: JSON.parse(row.places) as BoxXywh[],
  };
}

/** Later events of the batch may join it. */
export function rememberSighting(state: BatchState, sighting: Sighting): void {
  const key = spotOf(sighting);
  const spot = state.spots.get(key);
  if (spot) spot.set(sighting.id, sighting);
  else state.spots.set(key, new Map([[sighting.id, sighting]]));
}

async function readMessages(db: Db, events: readonly ViolationEvent[]): Promise<Map<string, MessageKey>> {
  const seqs = new Map<string, Set<number>>();
  for (const { node, seq } of events) {
    // With its neighbours in the chain.
    const list = seqs.get(node) ?? new Set();
    for (const near of [seq - 1, seq, seq + 1]) list.add(near);
    seqs.set(node, list);
  }
  const known = new Map<string, MessageKey>();
  const ids = [...new Set(events.map((event) => event.id))];
  const keep = (message: MessageKey) => {
    known.set(seqKey(message.node, message.seq), message);
    known.set(revKey(message.event_id, message.rev), message);
  };
  for (const [node, list] of seqs) for (const message of await messagesBySeq(db, node, [...list])) keep(message);
  for (const message of await messagesOfEvents(db, ids)) keep(message);
  return known;
}

/** Only of the few that seem to come a second time. */
async function readTexts(
  db: Db,
  events: readonly ViolationEvent[],
  messages: ReadonlyMap<string, MessageKey>,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const { id, rev, node, seq } of events) {
    const known = messages.get(revKey(id, rev));
    if (!known || (known.node === node && known.seq === seq)) continue;
    const body = await messageBody(db, known.node, known.seq);
    if (body !== null) texts.set(revKey(id, rev), body);
  }
  return texts;
}

type Windows = Pick<CaseSettings, 'recurrenceMs' | 'expireMs' | 'reportJoin'>;

/**
 * The spots that a batch speaks of, each with the time within which a case could still matter: closed cases from one
 * recurrence before the earliest start, none that began so long after the latest sight that nothing could join them.
 */
function spotsOf(
  joining: readonly ViolationEvent[],
  own: readonly EventFactsRow[],
  { recurrenceMs, expireMs }: Windows,
): CaseSpot[] {
  const known = new Map(own.map((row) => [row.id, row]));
  const spots = new Map<string, { camera: string; zone: string; kind: string; from: number; to: number }>();
  for (const event of joining) {
    const row = known.get(event.id);
    const seen = row ? foldSightings(sightingOfRow(row), sightingOf(event)) : sightingOf(event);
    const spot = spots.get(spotOf(seen)) ?? { ...event, from: seen.startedAt, to: seen.until };
    spot.from = Math.min(spot.from, seen.startedAt);
    spot.to = Math.max(spot.to, seen.until);
    spots.set(spotOf(seen), spot);
  }
  return [...spots.values()].map(({ camera, zone, kind, from, to }) => {
    return { camera, zone, kind, closedSince: timestamp(from - recurrenceMs), startedBy: timestamp(to + expireMs) };
  });
}

/** What was reported and may be what new events show. */
async function readReported(
  db: Db,
  events: readonly ViolationEvent[],
  own: readonly EventFactsRow[],
  { reportJoin }: Windows,
): Promise<CaseRow[]> {
  const known = new Set(own.map(({ id }) => id));
  const fresh = events.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return [];
  const kinds = [...new Set(fresh.map(({ kind }) => kind))];
  const from = Math.min(...fresh.map(({ startedAt }) => Date.parse(startedAt)));
  const longest = Math.max(...kinds.map((kind) => windowMs(kind, 'open', reportJoin)));
  return reportedCases(db, kinds, timestamp(from - longest));
}

/** @param batch at least one message */
export async function readBatchState(db: Db, batch: readonly ValidMessage[], settings: Windows): Promise<BatchState> {
  const events = batch.map((message) => message.event);
  const messages = await readMessages(db, events);
  const own = await eventFactsByIds(db, [...new Set(events.map((event) => event.id))]);
  const joining = events.filter((event) => violations[event.kind].joins !== 'event');
  const near = await casesNear(db, spotsOf(joining, own, settings));
  const reported = await readReported(db, events, own, settings);
  const nearIds = new Set([...near, ...reported].map((row) => row.id));
  const others = [...new Set(own.map((row) => row.case_id))].filter((id) => !nearIds.has(id));
  const cases = [...near, ...reported, ...(await casesByIds(db, others))];
  const facts = await eventFactsOfCases(
    db,
    cases.map((row) => row.id),
  );
  const state: BatchState = {
    messages,
    texts: await readTexts(db, events, messages),
    events: new Map(facts.map((row) => [row.id, row])),
    cases: new Map(cases.map((row) => [row.id, row])),
    cameras: await cameraPlaces(db, [...new Set(events.map((event) => event.camera))]),
    reported: new Set(reported.map((row) => row.id)),
    spots: new Map(),
  };
  for (const row of facts)
    if (violations[row.kind as ViolationKind]?.joins !== 'event') rememberSighting(state, sightingOfRow(row));
  return state;
}
