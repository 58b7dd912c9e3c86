/** Bikes that are in use or under way: with a rider on them, or carried on a lorry. Neither is parked. */
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Track } from '../../domain/detection.ts';
import type { Scene } from '../../domain/scene.ts';
import { coveredShare } from '../../geometry/box.ts';
import {
  BED_SHARE,
  MAX_FEET,
  MAX_OFF_MIDDLE,
  MIN_CARRIED_SHARE,
  MIN_FEET,
  MIN_HEAD_ABOVE,
  MIN_PERSON_SCORE,
} from './tuning.ts';

export type Others = { readonly persons: readonly Track[]; readonly lorries: readonly Track[] };

/** Who may ride or carry a bike in this scene. */
export function othersOf(scene: Scene): Others {
  return {
    persons: scene.tracks.filter((t) => t.concept === 'person' && t.score >= MIN_PERSON_SCORE),
    lorries: scene.tracks.filter((t) => t.concept === 'truck' || t.concept === 'muck_truck'),
  };
}

function isRiding([px, py, pw, ph]: BoxXywh, [bx, by, bw, bh]: BoxXywh): boolean {
  if (Math.abs(px + pw / 2 - bx - bw / 2) > MAX_OFF_MIDDLE * bw) return false;
  const feet = (py + ph - by) / bh;
  return feet >= MIN_FEET && feet <= MAX_FEET && py <= by - MIN_HEAD_ABOVE * bh;
}

/** With a rider on it, or carried on a lorry. */
export function isInUse(bike: Track, others: Others): boolean {
  const { box } = bike;
  if (others.persons.some((person) => isRiding(person.box, box))) return true;
  return others.lorries.some(
    ({ box: lorry }) =>
      coveredShare(box, lorry) >= MIN_CARRIED_SHARE &&
      // A bike in front of a lorry has its wheels below the lorry's.
      box[1] + box[3] < lorry[1] + BED_SHARE * lorry[3],
  );
}
