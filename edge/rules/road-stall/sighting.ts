/** What looks like a stall in one scene: the model's own stalls and carts, and composites for models without the class. */

import type { EventObject } from '../../../contracts/event.ts';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleSetting } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { area, distance, footPoint, gapBetween, intersection } from '../../geometry/box.ts';
import { inPolygon } from '../../geometry/polygon.ts';

export type Source = 'stall' | 'cart' | 'props' | 'vehicle';

export type Sighting = {
  readonly source: Source;
  readonly box: BoxXywh;
  readonly score: number;
  /** ms; earlier than now where a composite had to be watched before it could be called a stall. */
  readonly since: number;
  readonly attended: boolean;
  /** Share of the time in which a person must stand by before this counts at all. */
  readonly mustAttend: number;
  readonly objects: readonly EventObject[];
};

/** A person within this many of his own heights of a stall stands by it. */
const BESIDE_HEIGHTS = 0.5;
const PERSON_SCORE = 0.25;
/** Two sightings that share this much of the smaller one are one thing seen twice. */
const SAME_SHARE = 0.5;

export function personsOf(scene: Scene): readonly Track[] {
  return scene.tracks.filter((track) => track.concept === 'person' && track.score >= PERSON_SCORE);
}

export function isBeside(person: Track, box: BoxXywh, aspect: number): boolean {
  return gapBetween(person.box, box, aspect) <= BESIDE_HEIGHTS * person.box[3];
}

/** Foot point in the zone, and not on a spot that an operator silenced. */
export function standsIn(box: BoxXywh, setting: RuleSetting<'road-stall'>, aspect: number): boolean {
  const foot = footPoint(box);
  if (!inPolygon(foot, setting.zone.polygon)) return false;
  return !(setting.zone.fixtures ?? []).some((fixture) => distance(foot, fixture.at, aspect) <= fixture.radius);
}

export function overlapShare(a: BoxXywh, b: BoxXywh): number {
  const smaller = Math.min(area(a), area(b));
  return smaller > 0 ? intersection(a, b) / smaller : 0;
}

export function toObject(track: Track): EventObject {
  return { track: track.id, class: track.concept, score: track.score, box: [...track.box] };
}

/** The model's own stalls and carts. */
export function directSightings(scene: Scene, setting: RuleSetting<'road-stall'>): Sighting[] {
  const persons = personsOf(scene);
  return scene.tracks.flatMap((track): Sighting[] => {
    if (track.concept !== 'stall' && track.concept !== 'cart') return [];
    if (track.score < setting.params.minScore || !standsIn(track.box, setting, scene.aspect)) return [];
    const attended = persons.some((person) => isBeside(person, track.box, scene.aspect));
    const { box, score, concept } = track;
    return [{ source: concept, box, score, since: scene.at, attended, mustAttend: 0, objects: [toObject(track)] }];
  });
}

const rank: Readonly<Record<Source, number>> = { stall: 0, cart: 1, props: 2, vehicle: 3 };

/** Drops what is seen twice: the model's own word goes before a composite's, the surer before the less sure. */
export function withoutDoubles(sightings: readonly Sighting[]): Sighting[] {
  const kept: Sighting[] = [];
  const ordered = [...sightings].sort((a, b) => rank[a.source] - rank[b.source] || b.score - a.score);
  for (const sighting of ordered) {
    if (!kept.some((other) => overlapShare(other.box, sighting.box) >= SAME_SHARE)) kept.push(sighting);
  }
  return kept;
}
