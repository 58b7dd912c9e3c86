/** Road stalls: dwell on a place while trade there is forbidden. */
import type { Keep, Rule, RuleSetting, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { lookOf } from '../looks.ts';
import { type CompositeMemory, propSightings, rememberProps, rememberVehicles, vehicleSightings } from './composite.ts';
import { dropsOf, judge } from './judge.ts';
import { pairUp, twinOf } from './pairing.ts';
import { createVerdicts, type Permission, permissionAt } from './permission.ts';
import { missPlace, openPlace, type Place, seePlace, type Verdict } from './place.ts';
import { directSightings, type Sighting, withoutDoubles } from './sighting.ts';
import { shiftSeen } from './still-things.ts';

type Setting = RuleSetting<'road-stall'>;
export type RoadStallState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly nextPlace: number;
  /** Oldest first. */
  readonly places: readonly Place[];
  readonly memory: CompositeMemory;
};

function sightingsOf(memory: CompositeMemory, scene: Scene, setting: Setting): Sighting[] {
  const composed = setting.composites.flatMap((composite) =>
    composite.by === 'props'
      ? propSightings(memory.props, scene, setting, composite)
      : vehicleSightings(memory.vehicles, scene, setting, composite),
  );
  return withoutDoubles([...directSightings(scene, setting), ...composed], scene.aspect);
}

function remember(memory: CompositeMemory, scene: Scene, setting: Setting, dt: number): CompositeMemory {
  const props = setting.composites.find((composite) => composite.by === 'props');
  const vehicle = setting.composites.find((composite) => composite.by === 'vendor-vehicle');
  return {
    props: props ? rememberProps(memory.props, scene, props) : [],
    vehicles: vehicle ? rememberVehicles(memory.vehicles, scene, dt, vehicle) : [],
  };
}

/** A composite was watched before it could be called a stall; what was lawful then is not counted. */
function dated(sighting: Sighting, scene: Scene, setting: Setting): Sighting {
  if (sighting.since >= scene.at || permissionAt(setting, sighting.since).allowed === 0) return sighting;
  return { ...sighting, since: scene.at };
}

type Occupied = { readonly place: Place; readonly verdict: Verdict };

function occupy(
  state: RoadStallState,
  scene: Scene,
  setting: Setting,
  permission: Permission,
  elapsed: number,
  certain: boolean,
) {
  const memory = remember(state.memory, scene, setting, certain ? elapsed : 0);
  const { taken, fresh } = pairUp(state.places, sightingsOf(memory, scene, setting), setting, scene.aspect);
  const verdicts = createVerdicts(permission);
  let nextPlace = state.nextPlace;
  const occupied = state.places.map((place): Occupied => {
    const sighting = taken.get(place);
    const now = sighting && certain ? place : missPlace(place, elapsed, certain);
    const verdict = verdicts.next(sighting ? { ...now, missMs: 0, blindMs: 0 } : now);
    if (!sighting) return { place: now, verdict };
    return {
      place: seePlace(now, sighting, scene.at, certain ? elapsed : 0, verdict, setting, scene.aspect),
      verdict,
    };
  });
  for (const sighting of fresh) {
    const verdict = verdicts.next(null);
    const place = openPlace(nextPlace++, dated(sighting, scene, setting), scene.at, verdict, setting, scene.aspect);
    occupied.push({ place, verdict });
  }
  return { memory, nextPlace, occupied };
}

/** One stall that opened two places keeps the older one; two events stay two, for both have been told. */
function withoutTwins(occupied: readonly Occupied[], scene: Scene, setting: Setting) {
  const places = occupied.map(({ place }) => place);
  const keeps: Keep[] = [];
  const kept = occupied.filter(({ place }) => {
    if (place.fired || !twinOf(place, places, scene.aspect)) return true;
    keeps.push(...dropsOf(place, setting.zone.id));
    return false;
  });
  return { kept, keeps };
}

function step(state: RoadStallState, scene: Scene, setting: Setting): Step<'road-stall', RoadStallState> {
  const { watched, elapsed, certain } = lookOf(state, scene);
  if (!watched) {
    const places = state.places.map((place) => missPlace(place, elapsed, false));
    const vehicles = shiftSeen(state.memory.vehicles, elapsed);
    const memory = { props: shiftSeen(state.memory.props, elapsed), vehicles };
    return { state: { ...state, at: scene.at, watched, places, memory }, findings: [], keeps: [], observations: [] };
  }
  const permission = permissionAt(setting, scene.at);
  const { memory, nextPlace, occupied } = occupy(state, scene, setting, permission, elapsed, certain);
  const { kept, keeps } = withoutTwins(occupied, scene, setting);
  const judged = kept.map(({ place, verdict }) =>
    judge(place, verdict, scene, setting, permission, certain ? elapsed : 0),
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
    keeps: [...keeps, ...judged.flatMap((one) => one.keeps)],
    observations: [],
  };
}

export const roadStall: Rule<'road-stall', RoadStallState> = {
  kind: 'road-stall',
  version: '1.1.3',
  // Works in minutes; what lies between two looks up to 15 s apart still counts as seen (looks.ts).
  urgency: { startWithinMs: 2000, revisitMs: 10_000 },
  init: () => ({ at: null, watched: true, nextPlace: 1, places: [], memory: { props: [], vehicles: [] } }),
  step,
  isIdle: ({ places }) => places.length === 0,
};
