/** When a place becomes an event, has news, and is over. */
import type { Finding, RuleContext, SlotUpdate } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { arrivalOf } from './arrival.ts';
import { changeKeyOf, findingOf, keyOf, latestSlot, startSlot } from './finding.ts';
import { isSurelyThere, type Permission } from './permission.ts';
import { type Place, startOf, type TradeStatus } from './place.ts';
import {
  LATEST_STILL_MS,
  MAX_BLIND_MS,
  MAX_UPDATE_MS,
  MEMORY_FRAMES,
  MEMORY_PER_PRESENCE,
  MIN_HIT_SHARE,
  MIN_MEMORY_MS,
  MIN_SEEN_SHARE,
  MIN_UPDATE_MS,
} from './tuning.ts';

type Context = RuleContext<'road-stall'>;
export type EvaluatedPlace = {
  /** Null when it is over. */
  readonly place: Place | null;
  readonly findings: readonly Finding<'road-stall'>[];
  readonly slots: readonly SlotUpdate[];
  /** Nothing but a raised bar keeps it from being an event, since this scene. */
  readonly heldBack?: boolean;
};

/**
 * The model's own stall is believed when its score over all frames reaches `sureScore`, a frame without it counting nothing:
 * what blinks at the threshold is a pile or an awning. Composites have their own proof, the people who stand by.
 */
function isBelieved({ source, score, hits, looks }: Place, { params }: Context): boolean {
  return (source !== 'stall' && source !== 'cart') || score * hits >= params.sureScore * looks;
}

/** Where the detector has drawn boxes for nothing, its score when it sees anything must reach the raised bar as well. */
const isOverBar = ({ source, score, bar = 0 }: Place): boolean =>
  (source !== 'stall' && source !== 'cart') || score >= bar;

/** Seen for enough of its time, by a model sure enough, with the persons by that a composite asks for. */
function isProven(place: Place, context: Context): boolean {
  return (
    place.presentMs >= MIN_SEEN_SHARE * (place.presentMs + place.unseenMs) &&
    place.hits >= MIN_HIT_SHARE * place.looks &&
    isBelieved(place, context) &&
    place.attendedMs >= place.mustAttend * place.presentMs
  );
}

function isDue(place: Place, context: Context): boolean {
  return place.forbiddenMs >= context.params.dwellSeconds * 1000 && isProven(place, context);
}

/** Stalls that surely stand in the zone now, forbidden or not; what has stood since the first look is none. */
export function countStalls(places: readonly Place[], context: Context): number {
  const stalls = places.filter((place) => place.arrival !== 'standing');
  return stalls.filter((place) => isSurelyThere(place) && isProven(place, context) && isOverBar(place)).length;
}

function isOver(place: Place, elapsed: number, context: Context): boolean {
  const { rearmSeconds, gapSeconds } = context.params;
  if (place.fired) return place.missMs >= rearmSeconds * 1000;
  const earned = Math.max(MIN_MEMORY_MS, MEMORY_FRAMES * elapsed) + MEMORY_PER_PRESENCE * place.presentMs;
  return place.missMs > Math.min(gapSeconds * 1000, earned) || place.blindMs > MAX_BLIND_MS;
}

/** Slots that hold stills of a place. */
export function dropsOf(place: Place, zone: string): SlotUpdate[] {
  const start = place.kept ? [{ drop: startSlot(zone, place) }] : [];
  return typeof place.fired?.latestAt === 'number' ? [...start, { drop: latestSlot(zone, place) }] : start;
}

/** Trade becomes lawful while a stall stands: what was forbidden ends, and dwell starts anew when it is forbidden again. */
function release(place: Place, scene: Scene, context: Context, permission: Permission): EvaluatedPlace {
  const findings = place.fired ? [findingOf('end', place, context, permission, scene)] : [];
  const slots = dropsOf(place, context.zone.id);
  const next = { ...place, fired: null, kept: false, forbiddenSince: null, forbiddenMs: 0, sightings: 1 };
  return { place: next, findings, slots };
}

function report(place: Place, scene: Scene, context: Context, permission: Permission): EvaluatedPlace {
  const startedAt = startOf(place);
  const said = changeKeyOf(place, context, permission, scene.aspect);
  const fired = { key: keyOf(place, startedAt), startedAt, saidAt: scene.at, said, latestAt: null };
  const next = { ...place, fired };
  return { place: next, findings: [findingOf('start', next, context, permission, scene)], slots: [] };
}

function goOn(place: Place, scene: Scene, context: Context, permission: Permission): EvaluatedPlace {
  const { fired } = place;
  if (!fired) return { place, findings: [], slots: [] };
  const quiet = scene.at - fired.saidAt;
  const said = quiet >= MIN_UPDATE_MS ? changeKeyOf(place, context, permission, scene.aspect) : fired.said;
  if (quiet >= MAX_UPDATE_MS || said !== fired.said) {
    const next = { ...place, fired: { ...fired, saidAt: scene.at, said, latestAt: scene.at } };
    const slots = [{ slot: latestSlot(context.zone.id, next) }];
    return { place: next, findings: [findingOf('update', next, context, permission, scene)], slots };
  }
  if (scene.at - (fired.latestAt ?? fired.saidAt) < LATEST_STILL_MS) return { place, findings: [], slots: [] };
  const next = { ...place, fired: { ...fired, latestAt: scene.at } };
  return { place: next, findings: [], slots: [{ slot: latestSlot(context.zone.id, next) }] };
}

/**
 * Asked when the event is due; and before, while the detector is not sure enough yet, for as long again as the dwell took:
 * what comes to stand before a stall hides the proof.
 */
function withArrival(place: Place, scene: Scene, context: Context, due: boolean): Place {
  const dwellMs = context.params.dwellSeconds * 1000;
  const early = place.forbiddenMs >= dwellMs && place.forbiddenMs <= 2 * dwellMs;
  if (place.arrival !== null || place.fired || !(due || early)) return place;
  const arrival = arrivalOf(place, scene, context);
  if (arrival === null || (arrival === 'standing' && !due)) return place;
  return { ...place, arrival, standingFrom: arrival === 'standing' ? scene.at : null };
}

/** What is reported of the place now. @param elapsed certain ms since the last scene */
export function evaluate(
  place: Place,
  status: TradeStatus,
  scene: Scene,
  context: Context,
  permission: Permission,
  elapsed: number,
): EvaluatedPlace {
  const { params, zone } = context;
  if (isOver(place, elapsed, context)) {
    const findings = place.fired ? [findingOf('end', place, context, permission, scene)] : [];
    return { place: null, findings, slots: dropsOf(place, zone.id) };
  }
  if (status === 'lawful' && place.forbiddenSince !== null) return release(place, scene, context, permission);
  if (place.seenAt !== scene.at || !place.inside) return { place, findings: [], slots: [] };
  const slots: SlotUpdate[] = [];
  let next = place;
  if (!next.kept && !next.fired && next.forbiddenMs >= params.candidateSeconds * 1000) {
    next = { ...next, kept: true };
    slots.push({ slot: startSlot(zone.id, next) });
  }
  const due = !next.fired && isDue(next, context);
  next = withArrival(next, scene, context, due);
  const isEvent = due && next.arrival === 'arrived';
  const heldBack = isEvent && !isOverBar(next);
  const first = heldBack && !next.heldBack;
  if (first) next = { ...next, heldBack };
  const evaluated =
    isEvent && !heldBack ? report(next, scene, context, permission) : goOn(next, scene, context, permission);
  return { ...evaluated, slots: [...slots, ...evaluated.slots], ...(first ? { heldBack } : {}) };
}
