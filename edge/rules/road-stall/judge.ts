/** When a place becomes an event, has something new to say, and is done with. */
import type { Finding, RuleContext, SlotUpdate } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { findingOf, keyOf, latestSlot, sayingOf, startSlot } from './finding.ts';
import { isSurelyThere, type Permission } from './permission.ts';
import { type Place, startOf, type Verdict } from './place.ts';

type Context = RuleContext<'road-stall'>;
export type Judged = {
  /** Null when it is done with. */
  readonly place: Place | null;
  readonly findings: readonly Finding<'road-stall'>[];
  readonly slots: readonly SlotUpdate[];
};

const UPDATE_MS = 60_000;
const LONG_UPDATE_MS = 600_000;
const LATEST_MS = 60_000;
/** A place must have been seen for this share of the time in which it was watched, and in this share of the looks, so that ghosts do not add up. */
const SEEN_SHARE = 0.25;
const HIT_SHARE = 0.25;
/** An unfinished dwell is forgotten after so long without a look. */
const BLIND_LIMIT_MS = 900_000;
/** A place earns its memory: what was there for a moment and is not seen again was a ghost or somebody who passed. */
const LEAST_MEMORY_MS = 2000;
const MEMORY_PER_PRESENCE = 3;

/**
 * The model's own stall is believed when its score over all looks reaches `sureScore`, a look without it counting nothing:
 * what blinks at the threshold is a pile or an awning. Composites have their own proof, the people who stand by.
 */
function isBelieved({ source, score, hits, looks }: Place, { params }: Context): boolean {
  return (source !== 'stall' && source !== 'cart') || score * hits >= params.sureScore * looks;
}

/** Seen for enough of its time, by a model sure enough, with the persons by that a composite asks for. */
function isProven(place: Place, context: Context): boolean {
  return (
    place.presentMs >= SEEN_SHARE * (place.presentMs + place.unseenMs) &&
    place.hits >= HIT_SHARE * place.looks &&
    isBelieved(place, context) &&
    place.attendedMs >= place.mustAttend * place.presentMs
  );
}

function isDue(place: Place, context: Context): boolean {
  return place.forbiddenMs >= context.params.dwellSeconds * 1000 && isProven(place, context);
}

/** Stalls that surely stand in the zone now, forbidden or not. */
export function countStalls(places: readonly Place[], context: Context): number {
  return places.filter((place) => isSurelyThere(place) && isProven(place, context)).length;
}

function isOver(place: Place, elapsed: number, context: Context): boolean {
  const { rearmSeconds, gapSeconds } = context.params;
  if (place.fired) return place.missMs >= rearmSeconds * 1000;
  const earned = Math.max(LEAST_MEMORY_MS, 2.5 * elapsed) + MEMORY_PER_PRESENCE * place.presentMs;
  return place.missMs > Math.min(gapSeconds * 1000, earned) || place.blindMs > BLIND_LIMIT_MS;
}

/** Slots that hold stills of a place. */
export function dropsOf(place: Place, zone: string): SlotUpdate[] {
  const start = place.kept ? [{ drop: startSlot(zone, place) }] : [];
  return typeof place.fired?.latestAt === 'number' ? [...start, { drop: latestSlot(zone, place) }] : start;
}

/** Trade becomes lawful while a stall stands: what was forbidden ends, and dwell starts anew when it is forbidden again. */
function release(place: Place, scene: Scene, context: Context, permission: Permission): Judged {
  const findings = place.fired ? [findingOf('end', place, context, permission, scene)] : [];
  const slots = dropsOf(place, context.zone.id);
  const next = { ...place, fired: null, kept: false, forbiddenSince: null, forbiddenMs: 0, sightings: 1 };
  return { place: next, findings, slots };
}

function fire(place: Place, scene: Scene, context: Context, permission: Permission): Judged {
  const startedAt = startOf(place);
  const said = sayingOf(place, context, permission, scene.aspect);
  const fired = { key: keyOf(place, startedAt), startedAt, saidAt: scene.at, said, latestAt: null };
  const next = { ...place, fired };
  return { place: next, findings: [findingOf('start', next, context, permission, scene)], slots: [] };
}

function goOn(place: Place, scene: Scene, context: Context, permission: Permission): Judged {
  const { fired } = place;
  if (!fired) return { place, findings: [], slots: [] };
  const quiet = scene.at - fired.saidAt;
  const said = quiet >= UPDATE_MS ? sayingOf(place, context, permission, scene.aspect) : fired.said;
  if (quiet >= LONG_UPDATE_MS || said !== fired.said) {
    const next = { ...place, fired: { ...fired, saidAt: scene.at, said, latestAt: scene.at } };
    const slots = [{ slot: latestSlot(context.zone.id, next) }];
    return { place: next, findings: [findingOf('update', next, context, permission, scene)], slots };
  }
  if (scene.at - (fired.latestAt ?? fired.saidAt) < LATEST_MS) return { place, findings: [], slots: [] };
  const next = { ...place, fired: { ...fired, latestAt: scene.at } };
  return { place: next, findings: [], slots: [{ slot: latestSlot(context.zone.id, next) }] };
}

/** What the place says now. `elapsed` ms since the last scene. */
export function judge(
  place: Place,
  verdict: Verdict,
  scene: Scene,
  context: Context,
  permission: Permission,
  elapsed: number,
): Judged {
  const { params, zone } = context;
  if (isOver(place, elapsed, context)) {
    const findings = place.fired ? [findingOf('end', place, context, permission, scene)] : [];
    return { place: null, findings, slots: dropsOf(place, zone.id) };
  }
  if (verdict === 'lawful' && place.forbiddenSince !== null) return release(place, scene, context, permission);
  if (place.seenAt !== scene.at || !place.inside) return { place, findings: [], slots: [] };
  const slots: SlotUpdate[] = [];
  let next = place;
  if (!next.kept && !next.fired && next.forbiddenMs >= params.candidateSeconds * 1000) {
    next = { ...next, kept: true };
    slots.push({ slot: startSlot(zone.id, next) });
  }
  const judged =
    !next.fired && isDue(next, context)
      ? fire(next, scene, context, permission)
      : goOn(next, scene, context, permission);
  return { ...judged, slots: [...slots, ...judged.slots] };
}
