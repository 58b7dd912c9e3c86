/** Which sighting belongs to which place: nearest first, then what a place has only just lost, then new places. */
import type { RuleContext } from '../../domain/rule.ts';
import { distance, footPoint, iou } from '../../geometry/box.ts';
import { greedyPairs } from '../../geometry/greedy-pairs.ts';
import type { Place } from './place.ts';
import { isDouble, overlapShare, type StallSighting } from './sighting.ts';
import { feetMetres, sizeOf } from './spot.ts';
import {
  FAR_SIZES,
  FLICKER_MS,
  MAX_ALIKE_HEIGHT,
  MAX_HANDOVER_RADII,
  MAX_MERGE_SIZES,
  MAX_SHIFT_METRES,
  MIN_ALIKE_HEIGHT,
  MIN_COMPOSITE_SHARE,
  MIN_MERGE_IOU,
  MIN_PLACE_IOU,
  MIN_STANDING_HITS,
} from './tuning.ts';

type Context = RuleContext<'road-stall'>;
export type Pairing = { readonly taken: ReadonlyMap<Place, StallSighting>; readonly fresh: readonly StallSighting[] };

/** 0 = the same spot, 1 = as far as a stall may shift; above 1 = somewhere else. */
function apartness(place: Place, sighting: StallSighting, context: Context, aspect: number): number {
  const radius = context.params.placeRadius;
  // Far from both at a glance: most pairs are.
  const size = sizeOf(place.box, aspect);
  const dx = Math.abs(place.box[0] + place.box[2] / 2 - sighting.box[0] - sighting.box[2] / 2) * aspect;
  if (dx > FAR_SIZES * Math.max(size, radius * size)) return FAR_SIZES;
  const shares = distance(footPoint(place.box), footPoint(sighting.box), aspect) / (radius * size);
  const metres = shares > 1 && shares <= FAR_SIZES ? feetMetres(place.box, sighting.box, context) : null;
  const moved = metres === null ? shares : Math.min(shares, metres / MAX_SHIFT_METRES);
  if (moved <= 1) return moved;
  // A composite's outline changes with the props that are seen; it stays the same stall.
  const composite = [sighting.source, place.source].some((source) => source === 'props' || source === 'vehicle');
  const same =
    iou(place.box, sighting.box) >= MIN_PLACE_IOU ||
    (composite && overlapShare(place.box, sighting.box) >= MIN_COMPOSITE_SHARE);
  return same ? 1 : moved;
}

const alike = (place: Place, sighting: StallSighting) => {
  const ratio = place.box[3] / Math.max(1e-6, sighting.box[3]);
  return ratio > MIN_ALIKE_HEIGHT && ratio < MAX_ALIKE_HEIGHT;
};

/** A place takes one sighting a scene. */
export function pairUp(
  places: readonly Place[],
  sightings: readonly StallSighting[],
  context: Context,
  aspect: number,
): Pairing {
  const pairs: { known: Place; seen: StallSighting; apart: number }[] = [];
  for (const known of places) {
    for (const seen of sightings) {
      const apart = apartness(known, seen, context, aspect);
      if (apart <= MAX_HANDOVER_RADII) pairs.push({ known, seen, apart });
    }
  }
  // Who stands keeps his own when somebody passes in front; who passes takes what is left.
  const rank = ({ known, apart }: (typeof pairs)[number]) => (apart > 1 ? 2 : known.hits >= MIN_STANDING_HITS ? 0 : 1);
  pairs.sort((a, b) => rank(a) - rank(b) || a.apart - b.apart);
  const isSuppressed = (sighting: StallSighting, used: ReadonlySet<StallSighting>) =>
    [...used].some((other) => isDouble(other.box, sighting.box, aspect));
  const taken = greedyPairs(pairs, ({ known, seen, apart }, used) => {
    const lost = known.blindMs === 0 && known.missMs <= FLICKER_MS;
    return (apart <= 1 || (lost && alike(known, seen))) && !isSuppressed(seen, used);
  });
  const used = new Set(taken.values());
  const fresh: StallSighting[] = [];
  for (const sighting of sightings) {
    if (used.has(sighting) || isSuppressed(sighting, used)) continue;
    if (places.some((place) => isDouble(place.box, sighting.box, aspect))) continue;
    used.add(sighting);
    fresh.push(sighting);
  }
  return { taken, fresh };
}

/** The older place of which this one is a second copy: a stall that shifted may have opened one before it was known again. */
export function twinOf(place: Place, places: readonly Place[], aspect: number): Place | null {
  const [x, y] = footPoint(place.box);
  return (
    places.find(
      (other) =>
        other.id < place.id &&
        distance(footPoint(other.box), [x, y], aspect) <= MAX_MERGE_SIZES * sizeOf(other.box, aspect) &&
        iou(other.box, place.box) >= MIN_MERGE_IOU,
    ) ?? null
  );
}
