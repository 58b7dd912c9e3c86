/** A place where something stands: its dwell belongs to the spot, not to a track, so switched identities mean nothing. */

import type { EventObject } from '../../../contracts/event.ts';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { Params } from '../../../contracts/violations/index.ts';
import { distance, footPoint, iou } from '../../geometry/box.ts';
import { overlapShare, type Sighting, type Source } from './sighting.ts';

export type Place = {
  readonly id: number;
  /** When something first stood here, ms; and since when it is forbidden, null while it is allowed. */
  readonly since: number;
  readonly forbiddenSince: number | null;
  readonly box: BoxXywh;
  readonly anchor: BoxXywh;
  readonly source: Source;
  readonly score: number;
  readonly seenAt: number;
  readonly presentMs: number;
  readonly forbiddenMs: number;
  readonly attendedMs: number;
  readonly unknownMs: number;
  /** Since the last sight: certain looks without one, and time without looks. */
  readonly missMs: number;
  readonly blindMs: number;
  readonly mustAttend: number;
  readonly objects: readonly EventObject[];
  readonly kept: boolean;
  readonly fired: {
    readonly key: string;
    readonly startedAt: number;
    readonly saidAt: number;
    readonly attended: boolean;
  } | null;
};

/** A detector blinks; so short a miss is presence. */
const FLICKER_MS = 3000;
/** While so young, a place starts anew where its stall moves: it begins when the stall stands still. */
const SETTLE_MS = 4000;
const SETTLE_SHIFT = 0.12;
const SAME_IOU = 0.35;
const SAME_SHARE = 0.6;
const GAIN = 0.2;

/** 0 = the same spot, 1 = as far as it may be; above 1 = another place. */
export function apartness(place: Place, sighting: Sighting, params: Params<'road-stall'>, aspect: number): number {
  const width = Math.max(place.box[2], 1e-6) * aspect;
  const moved = distance(footPoint(place.box), footPoint(sighting.box), aspect) / (params.placeRadius * width);
  if (moved <= 1) return moved;
  // A composite's outline changes with the props that are seen; it stays the same stall.
  const composite = [sighting.source, place.source].some((source) => source === 'props' || source === 'vehicle');
  const same =
    iou(place.box, sighting.box) >= SAME_IOU || (composite && overlapShare(place.box, sighting.box) >= SAME_SHARE);
  return same ? 1 : 2;
}

export function openPlace(id: number, sighting: Sighting, at: number, forbidden: boolean): Place {
  const { box, source, score, since, mustAttend, objects } = sighting;
  const past = at - since;
  return {
    id,
    since,
    forbiddenSince: forbidden ? since : null,
    box,
    anchor: box,
    source,
    score,
    seenAt: at,
    presentMs: past,
    forbiddenMs: forbidden ? past : 0,
    attendedMs: sighting.attended ? past : 0,
    unknownMs: 0,
    missMs: 0,
    blindMs: 0,
    mustAttend,
    objects,
    kept: false,
    fired: null,
  };
}

/** Seen again after `dt` ms of looking. */
export function seePlace(
  place: Place,
  sighting: Sighting,
  at: number,
  dt: number,
  forbidden: boolean,
  aspect: number,
): Place {
  const shift =
    distance(footPoint(place.anchor), footPoint(sighting.box), aspect) / (Math.max(place.anchor[2], 1e-6) * aspect);
  const direct = sighting.source === 'stall' || sighting.source === 'cart';
  if (direct && place.presentMs < SETTLE_MS && shift > SETTLE_SHIFT && !place.fired) {
    return openPlace(place.id, { ...sighting, since: at }, at, forbidden);
  }
  const away = place.missMs + place.blindMs + dt;
  const present = place.blindMs === 0 && place.missMs + dt <= Math.max(FLICKER_MS, dt) ? away : 0;
  return {
    ...place,
    box: place.box.map((value, i) => value + GAIN * ((sighting.box[i] as number) - value)) as BoxXywh,
    source: sighting.source === 'cart' && place.source === 'stall' ? 'stall' : sighting.source,
    score: place.score + GAIN * (sighting.score - place.score),
    seenAt: at,
    presentMs: place.presentMs + present,
    forbiddenSince: forbidden ? (place.forbiddenSince ?? at) : place.forbiddenSince,
    forbiddenMs: place.forbiddenMs + (forbidden && place.forbiddenSince !== null ? present : 0),
    attendedMs: place.attendedMs + (sighting.attended ? present : 0),
    unknownMs: place.unknownMs + away - present,
    missMs: 0,
    blindMs: 0,
    mustAttend: Math.min(place.mustAttend, sighting.mustAttend),
    objects: sighting.objects,
  };
}
