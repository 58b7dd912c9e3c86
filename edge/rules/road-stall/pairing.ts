/** Which sighting belongs to which place: nearest first, then what a place has only just lost, then new places. */
import type { RuleContext } from '../../domain/rule.ts';
import { distance, footPoint, iou } from '../../geometry/box.ts';
import type { Place } from './place.ts';
import { isDouble, overlapShare, type Sighting } from './sighting.ts';
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
export type Pairing = { readonly taken: ReadonlyMap<Place, Sighting>; readonly fresh: readonly Sighting[] };

/** 0 = the same spot, 1 = as far as a stall may shift; above 1 = somewhere else. */
function apartness(place: Place, sighting: Sighting, context: Context, aspect: number): number {
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

const alike = (place: Place, sighting: Sighting) => {
  const ratio = place.box[3] / Math.max(1e-6, sighting.box[3]);
  return ratio > MIN_ALIKE_HEIGHT && ratio < MAX_ALIKE_HEIGHT;
};

/** A place takes one sighting a scene. */
export function pairUp(
  places: readonly Place[],
  sightings: readonly Sighting[],
  context: Context,
  aspect: number,
): Pairing {
  const taken = new Map<Place, Sighting>();
  const used = new Set<Sighting>();
  const isTold = (sighting: Sighting) => [...used].some((other) => isDouble(other.box, sighting.box, aspect));
  const pairs: { place: Place; sighting: Sighting; apart: number }[] = [];
  for (const place of places) {
    for (const sighting of sightings) {
      const apart = apartness(place, sighting, context, aspect);
      if (apart <= MAX_HANDOVER_RADII) pairs.push({ place, sighting, apart });
    }
  }
  // Who stands keeps his own when somebody passes in front; who passes takes what is left.
  const rank = ({ place, apart }: { place: Place; apart: number }) =>
    apart > 1 ? 2 : place.hits >= MIN_STANDING_HITS ? 0 : 1;
  pairs.sort((a, b) => rank(a) - rank(b) || a.apart - b.apart);
  for (const { place, sighting, apart } of pairs) {
    if (taken.has(place) || used.has(sighting)) continue;
    const lost = place.blindMs === 0 && place.missMs <= FLICKER_MS;
    if (apart > 1 && !(lost && alike(place, sighting))) continue;
    if (isTold(sighting)) continue;
    taken.set(place, sighting);
    used.add(sighting);
  }
  const fresh: Sighting[] = [];
  for (const sighting of sightings) {
    if (used.has(sighting) || isTold(sighting)) continue;
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
