/** What looks like a stall in one scene: the model's own stalls and carts, and composites for models without the class. */

import type { EventObject } from '../../../contracts/event.ts';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { area, distance, footPoint, gapBetween, intersection, iou } from '../../geometry/box.ts';
import { withSecondOpinion } from './second-opinion.ts';
import { isNearZone, sizeOf } from './spot.ts';
import {
  MAX_BESIDE_HEIGHTS,
  MAX_SAME_SPOT_SIZES,
  MIN_DOUBLE_IOU,
  MIN_DOUBLE_SHARE,
  MIN_PERSON_SCORE,
  MIN_WITHIN_SHARE,
} from './tuning.ts';

export type StallSource = 'stall' | 'cart' | 'props' | 'vehicle';

export type StallSighting = {
  readonly source: StallSource;
  readonly box: BoxXywh;
  readonly score: number;
  /** ms; earlier than now where a composite had to be watched before it could be called a stall. */
  readonly since: number;
  readonly attended: boolean;
  /** Share of the time in which a person must stand by before this counts at all. */
  readonly mustAttend: number;
  /** Mean score asked for at this spot, where it is raised. */
  readonly bar?: number;
  readonly objects: readonly EventObject[];
};

/** Persons that the model is sure enough of. */
export function personsOf(scene: Scene): readonly Track[] {
  return scene.tracks.filter((track) => track.concept === 'person' && track.score >= MIN_PERSON_SCORE);
}

/** Whether a person stands by a thing. @param aspect width over height of the frame */
export function isBeside(person: Track, box: BoxXywh, aspect: number): boolean {
  return gapBetween(person.box, box, aspect) <= MAX_BESIDE_HEIGHTS * person.box[3];
}

/** Overlap in shares of the smaller box, 0..1. */
export function overlapShare(a: BoxXywh, b: BoxXywh): number {
  const smaller = Math.min(area(a), area(b));
  return smaller > 0 ? intersection(a, b) / smaller : 0;
}

function toObject(track: Track): EventObject {
  return { track: track.id, class: track.concept, score: track.score, box: [...track.box] };
}

/** The model's own stalls and carts. */
export function directSightings(scene: Scene, context: RuleContext<'road-stall'>): StallSighting[] {
  const persons = personsOf(scene);
  return scene.tracks.flatMap((track): StallSighting[] => {
    if (track.concept !== 'stall' && track.concept !== 'cart') return [];
    if (track.score < context.params.minScore || !isNearZone(track.box, context, scene.aspect)) return [];
    const attended = persons.some((person) => isBeside(person, track.box, scene.aspect));
    const { box, score, concept } = track;
    const bar = track.bar === undefined ? {} : { bar: track.bar };
    const objects = [toObject(track)];
    return [{ source: concept, box, score, since: scene.at, attended, mustAttend: 0, ...bar, objects }];
  });
}

const rank: Readonly<Record<StallSource, number>> = { stall: 0, cart: 1, props: 2, vehicle: 3 };

/** One thing under two boxes; a stall half behind another one shares as much of its box but stands elsewhere. */
export function isDouble(a: BoxXywh, b: BoxXywh, aspect: number): boolean {
  const share = overlapShare(a, b);
  if (share < MIN_DOUBLE_SHARE) return false;
  if (share >= MIN_WITHIN_SHARE || iou(a, b) >= MIN_DOUBLE_IOU) return true;
  return (
    distance(footPoint(a), footPoint(b), aspect) <= MAX_SAME_SPOT_SIZES * Math.max(sizeOf(a, aspect), sizeOf(b, aspect))
  );
}

/**
 * In order of trust, without composites of what the model or a surer composite has seen: the model's own class goes
 * before a composite's, whose opinion is weighed into its score. The model's own doubles stay: which of two boxes is
 * meant, the places know.
 */
export function withoutDoubles(sightings: readonly StallSighting[], aspect: number): StallSighting[] {
  const kept: StallSighting[] = [];
  const ordered = [...sightings].sort((a, b) => rank[a.source] - rank[b.source] || b.score - a.score);
  for (const sighting of ordered) {
    const direct = rank[sighting.source] <= rank.cart;
    if (direct || !kept.some((other) => isDouble(other.box, sighting.box, aspect))) kept.push(sighting);
  }
  return kept.map((sighting) => {
    if (rank[sighting.source] > rank.cart) return sighting;
    const others = ordered.filter(({ source, box }) => rank[source] > rank.cart && isDouble(box, sighting.box, aspect));
    return others.length > 0 ? withSecondOpinion(sighting, others) : sighting;
  });
}
