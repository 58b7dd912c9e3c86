/** A place where something stands: its dwell belongs to the spot, not to a track, so switched identities mean nothing. */
import type { EventObject } from '../../../contracts/event.ts';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { distance, footPoint, mixBoxes } from '../../geometry/box.ts';
import { weighedTogether } from './second-opinion.ts';
import { afterSight, beginTrail, type Trail } from './settling.ts';
import type { StallSighting, StallSource } from './sighting.ts';
import { feetMetres, sizeOf, standsInZone } from './spot.ts';
import {
  AT_REST_MS,
  BACK_FRAMES,
  BACK_MS,
  BOX_GAIN,
  CART_GAIN,
  FLICKER_MS,
  MAX_DRIFT_METRES,
  MAX_DRIFT_SIZES,
  MIN_BACK_HITS,
  SCORE_GAIN,
} from './tuning.ts';

/** What the law says of trade on a place now: forbidden, allowed, or dependent on a stall that cannot be seen. */
export type TradeStatus = 'forbidden' | 'lawful' | 'unclear';

/** `standing`: as it is since the first look; null: not to be told yet. */
export type Arrival = 'arrived' | 'standing' | null;

export type Place = {
  readonly id: number;
  /** First sight of anything here, ms: before it the place was empty. */
  readonly firstAt: number;
  /** Since when it stands here, ms; and since when that is forbidden, null while it is allowed. */
  readonly since: number;
  readonly forbiddenSince: number | null;
  /** Mean outline: jitter averages out, a shift is followed. */
  readonly box: BoxXywh;
  /** Where it came to rest. */
  readonly anchor: BoxXywh;
  /** Feet of the first seconds, to tell arriving from standing; empty once settled. */
  readonly trail: Trail;
  readonly inside: boolean;
  readonly source: StallSource;
  /** Share of the sights labelled cart, of late. */
  readonly cartShare: number;
  readonly score: number;
  /** The model's own class was seen here: what a composite sees alone is the second opinion then. */
  readonly ownClass: boolean;
  readonly seenAt: number;
  /** Sights since it stands, and frames in which it could have been seen. */
  readonly hits: number;
  readonly looks: number;
  readonly presentMs: number;
  readonly forbiddenMs: number;
  readonly attendedMs: number;
  readonly unknownMs: number;
  /** The part of it that was watched: the place was watched and nothing seen, for too long to be presence. */
  readonly unseenMs: number;
  /** ms since the last sight: watched without one, and not watched. */
  readonly missMs: number;
  readonly blindMs: number;
  /** Sights in a row since a long miss, and the last of them, ms: one box alone may be a ghost. */
  readonly again: number;
  readonly againAt: number;
  readonly mustAttend: number;
  /** Mean score asked for where it was seen last; missing where none is raised, and in states of before 0.6. */
  readonly bar?: number | undefined;
  /** Nothing but the raised bar has kept it from being an event; said once. */
  readonly heldBack?: boolean | undefined;
  readonly sightings: number;
  readonly objects: readonly EventObject[];
  readonly kept: boolean;
  /** Whether it arrived, once that is known. */
  readonly arrival: Arrival;
  /** Since when it is known to stand there as at the first look, ms. */
  readonly standingFrom: number | null;
  readonly fired: {
    readonly key: string;
    readonly startedAt: number;
    readonly saidAt: number;
    /** `changeKeyOf` at the last report, to see whether anything is new. */
    readonly said: string;
    /** When the latest still was kept, null before the first. */
    readonly latestAt: number | null;
  } | null;
};

const isOwn = (source: StallSource) => source === 'stall' || source === 'cart';
const isCart = (source: StallSource) => source === 'cart' || source === 'vehicle';

/** A place at its first sight. @param at ms */
export function openPlace(
  id: number,
  sighting: StallSighting,
  at: number,
  status: TradeStatus,
  context: RuleContext<'road-stall'>,
  aspect: number,
): Place {
  const { box, source, score, since, mustAttend, objects } = sighting;
  const inside = standsInZone(box, false, context, aspect);
  const past = at - since;
  const forbidden = inside && status === 'forbidden';
  return {
    id,
    firstAt: since,
    since,
    forbiddenSince: forbidden ? since : null,
    box,
    anchor: box,
    trail: past > 0 ? [] : beginTrail(at, box),
    inside,
    source,
    cartShare: isCart(source) ? 1 : 0,
    score,
    ownClass: isOwn(source),
    seenAt: at,
    hits: 1,
    looks: 1,
    presentMs: past,
    forbiddenMs: forbidden ? past : 0,
    attendedMs: sighting.attended ? past : 0,
    unknownMs: 0,
    unseenMs: 0,
    missMs: 0,
    blindMs: 0,
    again: 0,
    againAt: at,
    mustAttend,
    bar: sighting.bar,
    sightings: 1,
    objects,
    kept: false,
    arrival: null,
    standingFrom: null,
    fired: null,
  };
}

/** Starts a place anew where its stall has moved to; what stood before was somewhere else. */
function restart(place: Place, sighting: StallSighting, at: number, status: TradeStatus, inside: boolean): Place {
  return {
    ...place,
    since: at,
    forbiddenSince: inside && status === 'forbidden' ? at : null,
    box: sighting.box,
    anchor: sighting.box,
    trail: beginTrail(at, sighting.box),
    inside,
    score: sighting.score,
    ownClass: isOwn(sighting.source),
    cartShare: isCart(sighting.source) ? 1 : 0,
    source: sighting.source,
    seenAt: at,
    hits: 1,
    looks: 1,
    presentMs: 0,
    forbiddenMs: 0,
    attendedMs: 0,
    unknownMs: 0,
    unseenMs: 0,
    missMs: 0,
    blindMs: 0,
    again: 0,
    mustAttend: sighting.mustAttend,
    bar: sighting.bar,
    heldBack: undefined,
    objects: sighting.objects,
    arrival: null,
    standingFrom: null,
  };
}

/** Time since the last sight: presence where the miss was short, else unknown. One missed frame is short at any rate. */
function presenceOf(place: Place, dt: number): number {
  const away = place.missMs + dt;
  return place.blindMs === 0 && away <= Math.max(FLICKER_MS, 2 * dt) ? away : 0;
}

/** What a composite alone says of a place of the own class must not make that class look surer than it was. */
function scoreAt({ ownClass }: Place, { source, score, attended }: StallSighting): number {
  return !ownClass || isOwn(source) ? score : weighedTogether(0, attended ? score : 0);
}

function settled(place: Place, sighting: StallSighting, dt: number, status: TradeStatus, inside: boolean): Place {
  const hits = place.hits + 1;
  const gain = Math.max(BOX_GAIN, 1 / hits);
  const present = inside ? presenceOf(place, dt) : 0;
  const away = place.missMs + place.blindMs + dt;
  const cart = isCart(sighting.source) ? 1 : 0;
  const forbidden = inside && status === 'forbidden';
  return {
    ...place,
    box: mixBoxes(place.box, sighting.box, gain),
    inside,
    source: sighting.source,
    cartShare: place.cartShare + Math.max(CART_GAIN, 1 / hits) * (cart - place.cartShare),
    score: place.score + SCORE_GAIN * (scoreAt(place, sighting) - place.score),
    ownClass: place.ownClass || isOwn(sighting.source),
    hits,
    presentMs: place.presentMs + present,
    forbiddenMs: place.forbiddenMs + (forbidden && place.forbiddenSince !== null ? present : 0),
    attendedMs: place.attendedMs + (sighting.attended ? present : 0),
    unknownMs: place.unknownMs + away - present,
    unseenMs: place.unseenMs + place.missMs + dt - present,
    missMs: 0,
    blindMs: 0,
    again: 0,
    // Each opinion has its own proof: one box of the model's own class does not spare a composite the people who stand by.
    mustAttend: sighting.mustAttend,
    bar: sighting.bar,
    objects: sighting.objects,
  };
}

function hasDrifted({ anchor, box }: Place, context: RuleContext<'road-stall'>, aspect: number): boolean {
  const sizes = distance(footPoint(anchor), footPoint(box), aspect) / sizeOf(anchor, aspect);
  if (sizes <= MAX_DRIFT_SIZES) return false;
  return (feetMetres(anchor, box, context) ?? Number.POSITIVE_INFINITY) > MAX_DRIFT_METRES;
}

/** Seen again. @param dt watched ms since the last scene, 0 after unknown time, which `blindMs` holds */
export function seePlace(
  place: Place,
  sighting: StallSighting,
  at: number,
  dt: number,
  status: TradeStatus,
  context: RuleContext<'road-stall'>,
  aspect: number,
): Place {
  if (place.missMs > Math.max(FLICKER_MS, 2 * dt)) {
    const again = at - place.againAt <= Math.max(BACK_MS, BACK_FRAMES * dt) ? place.again + 1 : 1;
    const looked = { ...place, missMs: place.missMs + dt, looks: place.looks + (dt > 0 ? 1 : 0), again, againAt: at };
    if (again < MIN_BACK_HITS) return looked;
  }
  const trail = afterSight(place.trail, sighting.box, at, place.since, aspect);
  if (trail === 'moved' && !place.fired) {
    const inside = standsInZone(sighting.box, false, context, aspect);
    return restart(place, sighting, at, status, inside);
  }
  const inside = standsInZone(place.box, place.inside, context, aspect);
  const entered = inside && !place.inside;
  if (!place.fired && (entered || (trail !== 'moved' && hasDrifted(place, context, aspect)))) {
    return { ...restart(place, sighting, at, status, inside), trail: [], box: place.box, anchor: place.box };
  }
  const seen = settled(place, sighting, dt, status, inside);
  // An event's stall that was pushed out of the zone has left it, however well it is seen.
  if (place.fired && !inside) return { ...place, box: seen.box, inside, missMs: place.missMs + dt, trail: [] };
  const longAway = place.missMs + place.blindMs > context.params.gapSeconds * 1000;
  return {
    ...seen,
    seenAt: at,
    looks: place.looks + (dt > 0 ? 1 : 0),
    trail: trail === 'moved' ? [] : trail,
    anchor: place.trail.length > 0 ? seen.box : place.anchor,
    sightings: place.sightings + (longAway ? 1 : 0),
    // The first sight after a window has closed is when forbidden dwell begins: before it, it was lawful.
    forbiddenSince: inside && status === 'forbidden' ? (place.forbiddenSince ?? at) : place.forbiddenSince,
  };
}

/** Not found, or not watched at all. @param elapsed ms since the last scene */
export function missPlace(place: Place, elapsed: number, certain: boolean): Place {
  return certain
    ? { ...place, missMs: place.missMs + elapsed, looks: place.looks + 1 }
    : { ...place, blindMs: place.blindMs + elapsed };
}

/** When the violation began: at rest and forbidden. */
export function startOf(place: Place): number {
  const from = place.forbiddenSince ?? place.since;
  const arrived = from === place.since && (place.source === 'stall' || place.source === 'cart');
  return arrived ? from + AT_REST_MS : from;
}
