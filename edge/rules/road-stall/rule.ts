/** Road stalls: dwell on a place while trade there is forbidden. */
import type { Finding, Keep, Rule, RuleSetting, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { type CompositeMemory, propSightings, rememberProps, rememberVehicles, vehicleSightings } from './composite.ts';
import { findingOf, keyOf, startSlot } from './finding.ts';
import { type Permission, permissionAt } from './permission.ts';
import { apartness, openPlace, type Place, seePlace } from './place.ts';
import { directSightings, overlapShare, type Sighting, withoutDoubles } from './sighting.ts';
import { shiftSeen } from './still-things.ts';

type Setting = RuleSetting<'road-stall'>;
export type RoadStallState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly nextPlace: number;
  readonly places: readonly Place[];
  readonly memory: CompositeMemory;
};

/** Longest step between two scenes that were both looked at; more is a gap in the stream, and unknown. */
const CERTAIN_MS = 15_000;
const UPDATE_MS = 60_000;
const LONG_UPDATE_MS = 600_000;
/** A place must have been seen for this share of its time. */
const SEEN_SHARE = 0.25;
/** An unfinished dwell is forgotten after so long without a look. */
const BLIND_LIMIT_MS = 900_000;
const DOUBLE_SHARE = 0.6;

function sightingsOf(memory: CompositeMemory, scene: Scene, setting: Setting): Sighting[] {
  const composed = setting.composites.flatMap((composite) =>
    composite.by === 'props'
      ? propSightings(memory.props, scene, setting, composite)
      : vehicleSightings(memory.vehicles, scene, setting, composite),
  );
  return withoutDoubles([...directSightings(scene, setting), ...composed]);
}

function remember(memory: CompositeMemory, scene: Scene, setting: Setting, dt: number): CompositeMemory {
  const props = setting.composites.find((composite) => composite.by === 'props');
  const vehicle = setting.composites.find((composite) => composite.by === 'vendor-vehicle');
  return {
    props: props ? rememberProps(memory.props, scene, props) : [],
    vehicles: vehicle ? rememberVehicles(memory.vehicles, scene, dt, vehicle) : [],
  };
}

/** Nearest pairs first; a place takes one sighting a scene. */
function pairUp(places: readonly Place[], sightings: readonly Sighting[], setting: Setting, aspect: number) {
  const pairs = places.flatMap((place) =>
    sightings.map((sighting) => ({ place, sighting, apart: apartness(place, sighting, setting.params, aspect) })),
  );
  const taken = new Map<Place, Sighting>();
  const used = new Set<Sighting>();
  for (const { place, sighting } of pairs.filter((p) => p.apart <= 1).sort((a, b) => a.apart - b.apart)) {
    if (taken.has(place) || used.has(sighting)) continue;
    taken.set(place, sighting);
    used.add(sighting);
  }
  const fresh = sightings.filter(
    (s) => !used.has(s) && !places.some((p) => overlapShare(p.box, s.box) >= DOUBLE_SHARE),
  );
  return { taken, fresh };
}

function occupy(
  state: RoadStallState,
  scene: Scene,
  setting: Setting,
  permission: Permission,
  dt: number,
  blind: boolean,
) {
  const memory = remember(state.memory, scene, setting, blind ? 0 : dt);
  const { taken, fresh } = pairUp(state.places, sightingsOf(memory, scene, setting), setting, scene.aspect);
  let occupied = 0;
  let nextPlace = state.nextPlace;
  const places = state.places.map((place) => {
    const sighting = taken.get(place);
    const waiting = blind ? { ...place, blindMs: place.blindMs + dt } : place;
    if (!sighting) return blind ? waiting : { ...place, missMs: place.missMs + dt };
    const forbidden = occupied++ >= permission.allowed;
    return seePlace(waiting, sighting, scene.at, blind ? 0 : dt, forbidden, scene.aspect);
  });
  for (const sighting of fresh) {
    places.push(openPlace(nextPlace++, sighting, scene.at, occupied++ >= permission.allowed));
  }
  return { memory, nextPlace, places };
}

function isDue(place: Place, setting: Setting): boolean {
  const { dwellSeconds } = setting.params;
  const seen = place.presentMs >= SEEN_SHARE * (place.presentMs + place.unknownMs);
  return place.forbiddenMs >= dwellSeconds * 1000 && seen && place.attendedMs >= place.mustAttend * place.presentMs;
}

/** What the place says now; `null` for the place itself when it is done with. */
function judge(place: Place, scene: Scene, setting: Setting, permission: Permission) {
  const { params, zone } = setting;
  const at = scene.at;
  const findings: Finding<'road-stall'>[] = [];
  const keeps: Keep[] = [];
  const say = (phase: 'start' | 'update' | 'end', of: Place) =>
    findings.push(findingOf(phase, of, setting, permission, at, scene.aspect));
  const over = place.fired
    ? place.missMs >= params.rearmSeconds * 1000
    : place.missMs > params.gapSeconds * 1000 || place.blindMs > BLIND_LIMIT_MS;
  if (over) {
    if (place.fired) say('end', place);
    if (place.kept) keeps.push({ drop: startSlot(zone.id, place) });
    return { place: null, findings, keeps };
  }
  let next = place;
  if (place.seenAt !== at) return { place, findings, keeps };
  if (!next.kept && !next.fired && next.forbiddenMs >= params.candidateSeconds * 1000) {
    next = { ...next, kept: true };
    keeps.push({ slot: startSlot(zone.id, next) });
  }
  const attended = next.attendedMs > 0;
  if (!next.fired && isDue(next, setting)) {
    const startedAt = next.forbiddenSince ?? next.since;
    say('start', next);
    next = { ...next, fired: { key: keyOf(next, startedAt), startedAt, saidAt: at, attended } };
  } else if (next.fired) {
    const quiet = at - next.fired.saidAt;
    if (quiet >= LONG_UPDATE_MS || (quiet >= UPDATE_MS && attended !== next.fired.attended)) {
      say('update', next);
      next = { ...next, fired: { ...next.fired, saidAt: at, attended } };
    }
  }
  return { place: next, findings, keeps };
}

/** Trade becomes lawful while a stall stands: what was forbidden ends, and dwell starts anew when it is forbidden again. */
function release(place: Place, scene: Scene, setting: Setting, permission: Permission) {
  const findings = place.fired ? [findingOf('end', place, setting, permission, scene.at, scene.aspect)] : [];
  return { place: { ...place, fired: null, forbiddenSince: null, forbiddenMs: 0 }, findings, keeps: [] as Keep[] };
}

function step(state: RoadStallState, scene: Scene, setting: Setting): Step<'road-stall', RoadStallState> {
  const dt = state.at === null ? 0 : Math.max(0, scene.at - state.at);
  const watched = scene.view === 'watched';
  const blind = !watched || !state.watched || dt > CERTAIN_MS;
  if (!watched) {
    const places = state.places.map((place) => ({ ...place, blindMs: place.blindMs + dt }));
    const vehicles = shiftSeen(state.memory.vehicles, dt);
    const memory = { props: shiftSeen(state.memory.props, dt), vehicles };
    return { state: { ...state, at: scene.at, watched, places, memory }, findings: [], keeps: [] };
  }
  const permission = permissionAt(setting, scene.at);
  const { memory, nextPlace, places } = occupy(state, scene, setting, permission, dt, blind);
  const lawful = permission.allowed >= Number.MAX_SAFE_INTEGER;
  const judged = places.map((place) =>
    lawful && place.forbiddenSince !== null
      ? release(place, scene, setting, permission)
      : judge(place, scene, setting, permission),
  );
  return {
    state: {
      at: scene.at,
      watched,
      nextPlace,
      places: judged.flatMap(({ place }) => (place ? [place] : [])),
      memory,
    },
    findings: judged.flatMap(({ findings }) => findings),
    keeps: judged.flatMap(({ keeps }) => keeps),
  };
}

export const roadStall: Rule<'road-stall', RoadStallState> = {
  kind: 'road-stall',
  version: '1.0.0',
  init: () => ({ at: null, watched: true, nextPlace: 1, places: [], memory: { props: [], vehicles: [] } }),
  step,
};
