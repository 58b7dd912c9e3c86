/** A rule's finding as an event, but for the number, revision and signature that the outbox gives it. */
import type { ClockState, EventObject, ModelRef } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { BoxXywh, Location } from '../../contracts/geometry.ts';
import { timestamp } from '../../platform/clock.ts';
import { eventId } from '../../platform/event-id.ts';
import type { EventDraft } from '../outbox/index.ts';
import type { ZoneFinding } from './zone-rules.ts';

export type EventPlace = {
  readonly node: string;
  readonly camera: string;
  readonly location: Location | null;
  readonly model: ModelRef;
  readonly clock: ClockState;
};

/** Bounds of the wire (contracts/event.ts). */
const MAX_OBJECTS = 200;
const MAX_EVIDENCE = 32;

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

function wireObject(object: EventObject): EventObject {
  const [x, y, w, h] = object.box;
  const box: BoxXywh = [within(x, -1, 2), within(y, -1, 2), within(w, 0, 3), within(h, 0, 3)];
  return { ...object, score: within(object.score, 0, 1), box };
}

function wireObjects(objects: readonly EventObject[]): EventObject[] {
  const best =
    objects.length > MAX_OBJECTS ? [...objects].sort((a, b) => b.score - a.score).slice(0, MAX_OBJECTS) : objects;
  return best.map(wireObject);
}

/** One file in one role is named once. */
function distinct(evidence: readonly EvidenceRef[]): EvidenceRef[] {
  const seen = new Set<string>();
  return evidence.filter(({ role, sha256 }) => {
    const name = `${role} ${sha256}`;
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

/** Within the bounds of the wire: numbers are clamped, the best objects and the first files kept. */
export function draftOf(
  { zone, rule, finding, clock }: ZoneFinding,
  place: EventPlace,
  evidence: EvidenceRef[],
): EventDraft {
  return {
    id: eventId(place.node, place.camera, zone, finding.kind, finding.key),
    camera: place.camera,
    zone,
    kind: finding.kind,
    phase: finding.phase,
    startedAt: timestamp(finding.startedAt),
    at: timestamp(finding.at),
    endedAt: finding.endedAt === null ? null : timestamp(finding.endedAt),
    score: within(finding.score, 0, 1),
    objects: wireObjects(finding.objects),
    detail: finding.detail,
    location: place.location,
    evidence: distinct(evidence).slice(0, MAX_EVIDENCE),
    model: place.model,
    rule,
    clock: clock ?? place.clock,
  } as EventDraft;
}
