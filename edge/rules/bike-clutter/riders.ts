/** Bikes that are in use or under way: with a rider on them, or carried on a lorry. Neither is parked. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { Scene } from '../../domain/scene.ts';
import { coveredShare } from '../../geometry/box.ts';

/** A bike that is carried lies this far within a vehicle's box, its wheels above the lorry's. */
const CARRIED_SHARE = 0.8;
const BED_SHARE = 0.9;
const PERSON_SCORE = 0.25;
/** A rider sits over the middle of the bike, his feet between its axles and the ground, his head well above it. */
const OFF_MIDDLE = 0.32;
const FEET_FROM = 0.4;
const FEET_TO = 1.06;
const HEAD_ABOVE = 0.25;

export type Others = { readonly persons: readonly Track[]; readonly lorries: readonly Track[] };

export function othersOf(scene: Scene): Others {
  return {
    persons: scene.tracks.filter((t) => t.concept === 'person' && t.score >= PERSON_SCORE),
    lorries: scene.tracks.filter((t) => t.concept === 'truck' || t.concept === 'muck_truck'),
  };
}

function isRiding([px, py, pw, ph]: BoxXywh, [bx, by, bw, bh]: BoxXywh): boolean {
  if (Math.abs(px + pw / 2 - bx - bw / 2) > OFF_MIDDLE * bw) return false;
  const feet = (py + ph - by) / bh;
  return feet >= FEET_FROM && feet <= FEET_TO && py <= by - HEAD_ABOVE * bh;
}

/** What of this bike's look says that it is not parked. */
export function isInUse(bike: Track, others: Others): boolean {
  const { box } = bike;
  if (others.persons.some((person) => isRiding(person.box, box))) return true;
  return others.lorries.some(
    ({ box: lorry }) =>
      coveredShare(box, lorry) >= CARRIED_SHARE &&
      // A bike in front of a lorry has its wheels below the lorry's.
      box[1] + box[3] < lorry[1] + BED_SHARE * lorry[3],
  );
}
