/** What a batch needs to know of what is stored, read once and kept up to date while the batch is worked through. */

import type { ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { type Sighting, spotOf } from '../dedupe/sighting.ts';
import { type CaseRow, casesByIds, casesNear } from '../storage/cases.ts';
import { type EventFactsRow, eventFactsByIds, eventFactsOfCases } from '../storage/events.ts';
import { type MessageKey, messagesBySeq, messagesOfEvents } from '../storage/messages.ts';
import { oneOf } from '../storage/one-of.ts';
import type { Db } from '../storage/store.ts';
import type { ValidMessage } from './message.ts';

export type CameraFacts = { readonly lon: number | null; readonly lat: number | null; readonly site: string | null };

export type World = {
  /** By `node seq` and by `event rev`. */
  readonly messages: Map<string, MessageKey>;
  readonly events: Map<string, EventFactsRow>;
  readonly cases: Map<string, CaseRow>;
  readonly cameras: ReadonlyMap<string, CameraFacts>;
  /** Sightings by camera, zone and kind. */
  readonly spots: Map<string, Map<string, Sighting>>;
};

export const seqKey = (node: string, seq: number) => `${node} ${seq}`;
export const revKey = (event: string, rev: number) => `${event}/${rev}`;

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

export function rememberSighting(world: World, sighting: Sighting): void {
  const key = spotOf(sighting);
  const spot = world.spots.get(key);
  if (spot) spot.set(sighting.id, sighting);
  else world.spots.set(key, new Map([[sighting.id, sighting]]));
}

async function readMessages(db: Db, events: readonly ViolationEvent[]): Promise<Map<string, MessageKey>> {
  const seqs = new Map<string, number[]>();
  for (const { node, seq } of events) {
    const list = seqs.get(node);
    if (list) list.push(seq);
    else seqs.set(node, [seq]);
  }
  const known = new Map<string, MessageKey>();
  const ids = [...new Set(events.map((event) => event.id))];
  const keep = (message: MessageKey) => {
    known.set(seqKey(message.node, message.seq), message);
    known.set(revKey(message.event_id, message.rev), message);
  };
  for (const [node, list] of seqs) for (const message of await messagesBySeq(db, node, list)) keep(message);
  for (const message of await messagesOfEvents(db, ids)) keep(message);
  return known;
}

async function readCameras(db: Db, ids: readonly string[]): Promise<Map<string, CameraFacts>> {
  const rows = await db
    .selectFrom('cameras')
    .select(['id', 'lon', 'lat', 'site'])
    .where(oneOf(db, 'id', ids))
    .execute();
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** @param batch at least one message */
export async function readWorld(db: Db, batch: readonly ValidMessage[], recurrenceMs: number): Promise<World> {
  const events = batch.map((message) => message.event);
  const messages = await readMessages(db, events);
  const own = await eventFactsByIds(db, [...new Set(events.map((event) => event.id))]);
  const joining = events.filter((event) => violations[event.kind].joins !== 'event');
  const cameras = [...new Set(joining.map((event) => event.camera))];
  const earliest = joining.map((event) => event.startedAt).sort()[0];
  const since = earliest === undefined ? '' : timestamp(Date.parse(earliest) - recurrenceMs);
  const near = await casesNear(db, cameras, since);
  const nearIds = new Set(near.map((row) => row.id));
  const others = [...new Set(own.map((row) => row.case_id))].filter((id) => !nearIds.has(id));
  const cases = [...near, ...(await casesByIds(db, others))];
  const facts = await eventFactsOfCases(
    db,
    cases.map((row) => row.id),
  );
  const world: World = {
    messages,
    events: new Map(facts.map((row) => [row.id, row])),
    cases: new Map(cases.map((row) => [row.id, row])),
    cameras: await readCameras(db, [...new Set(events.map((event) => event.camera))]),
    spots: new Map(),
  };
  for (const row of facts)
    if (violations[row.kind as ViolationKind]?.joins !== 'event') rememberSighting(world, sightingOfRow(row));
  return world;
}
