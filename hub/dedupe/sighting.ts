/**
 * What joins events to a case, and why arrival cannot matter: all that is known of one event id is folded from its
 * revisions by minimum, maximum and set union, so links between sightings only ever appear and never go.
 */
import type { ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import { placeOf, samePlace } from './place.ts';

export type Sighting = {
  readonly id: string;
  readonly camera: string;
  readonly zone: string;
  readonly kind: ViolationKind;
  /** ms since the epoch */
  readonly startedAt: number;
  /** Latest instant that any revision speaks of, ms since the epoch. */
  readonly until: number;
  /** Every place where any revision saw it, without repetition, in a fixed order. */
  readonly places: readonly BoxXywh[];
};

export type DedupeSettings = {
  /** Two sightings of an unreviewed case on one spot join when less than this lies between them, ms. */
  readonly joinMs: number;
  /** A case opened within this of a closed one on the same spot is its recurrence, ms. */
  readonly recurrenceMs: number;
};

function orderPlaces(places: readonly BoxXywh[]): BoxXywh[] {
  const byText = new Map(places.map((place) => [place.join(' '), place]));
  return [...byText.keys()].sort().map((text) => byText.get(text) as BoxXywh);
}

/** What one revision says; fold those of one event together with `foldSightings`. */
export function sightingOf(event: ViolationEvent): Sighting {
  const place = placeOf(event.objects);
  const ends = event.endedAt === null ? 0 : Date.parse(event.endedAt);
  return {
    id: event.id,
    camera: event.camera,
    zone: event.zone,
    kind: event.kind,
    startedAt: Date.parse(event.startedAt),
    until: Math.max(Date.parse(event.startedAt), Date.parse(event.at), ends),
    places: place ? [place] : [],
  };
}

/** Two revisions of one event. Commutative, associative, idempotent. */
export function foldSightings(a: Sighting, b: Sighting): Sighting {
  return {
    ...a,
    startedAt: Math.min(a.startedAt, b.startedAt),
    until: Math.max(a.until, b.until),
    places: orderPlaces([...a.places, ...b.places]),
  };
}

/** Cameras, zones and kinds never join each other. */
export function spotOf(sighting: Pick<Sighting, 'camera' | 'zone' | 'kind'>): string {
  return `${sighting.camera}\n${sighting.zone}\n${sighting.kind}`;
}

/** Same spot of the street, whenever it was. */
export function onSameSpot(a: Sighting, b: Sighting): boolean {
  // Compared as they are: a batch asks this of every pair on a busy pavement.
  if (a.camera !== b.camera || a.zone !== b.zone || a.kind !== b.kind) return false;
  const joins = violations[a.kind].joins;
  if (joins === 'event') return false;
  return joins === 'zone' || a.places.some((place) => b.places.some((other) => samePlace(place, other)));
}

/** Time between the end of one and the start of the other, ms; 0 when they overlap. */
export function gapMs(a: Pick<Sighting, 'startedAt' | 'until'>, b: Pick<Sighting, 'startedAt' | 'until'>): number {
  return Math.max(0, Math.max(a.startedAt, b.startedAt) - Math.min(a.until, b.until));
}
