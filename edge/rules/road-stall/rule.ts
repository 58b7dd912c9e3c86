/** Road stalls: dwell on a place while trade there is forbidden. */
import type { Rule, RuleContext, SlotUpdate, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { isNewMinute, viewTimeOf } from '../view-time.ts';
import { proofHoldMs } from './arrival.ts';
import { type CompositeMemory, propSightings, rememberProps, rememberVehicles, vehicleSightings } from './composite.ts';
import { countStalls, dropsOf, evaluate } from './evaluate.ts';
import { pairUp, twinOf } from './pairing.ts';
import { createPitches, type Permission, permissionAt } from './permission.ts';
import { missPlace, openPlace, type Place, seePlace, type TradeStatus } from './place.ts';
import { directSightings, type StallSighting, withoutDoubles } from './sighting.ts';
import { rememberStanding, renewReplaced, type StandingThing } from './standing.ts';
import { shiftSeen } from './stationary-things.ts';

type Context = RuleContext<'road-stall'>;
export type RoadStallState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly nextPlace: number;
  /** Oldest first. */
  readonly places: readonly Place[];
  readonly memory: CompositeMemory;
  /** What has stood since the first look. */
  readonly standing: readonly StandingThing[];
  /** When stalls were last counted for an observation, ms; missing before the first and in states of before 0.5. */
  readonly observedAt?: number | undefined;
  /** Events that a raised bar has held back since that count; missing where none was. */
  readonly heldBack?: number | undefined;
};

function sightingsOf(memory: CompositeMemory, scene: Scene, context: Context): StallSighting[] {
  const composed = context.composites.flatMap((composite) =>
    composite.by === 'props'
      ? propSightings(memory.props, scene, context, composite)
      : vehicleSightings(memory.vehicles, scene, context, composite),
  );
  return withoutDoubles([...directSightings(scene, context), ...composed], scene.aspect);
}

function remember(memory: CompositeMemory, scene: Scene, context: Context, dt: number): CompositeMemory {
  const props = context.composites.find((composite) => composite.by === 'props');
  const vehicle = context.composites.find((composite) => composite.by === 'vendor-vehicle');
  return {
    props: props ? rememberProps(memory.props, scene, props) : [],
    vehicles: vehicle ? rememberVehicles(memory.vehicles, scene, dt, vehicle) : [],
  };
}

/** A composite was watched before it could be called a stall; what was lawful then is not counted. */
function dated(sighting: StallSighting, scene: Scene, context: Context): StallSighting {
  if (sighting.since >= scene.at || permissionAt(context, sighting.since).allowed === 0) return sighting;
  return { ...sighting, since: scene.at };
}

type Occupied = { readonly place: Place; readonly status: TradeStatus };

function occupy(
  state: RoadStallState,
  scene: Scene,
  context: Context,
  permission: Permission,
  elapsed: number,
  certain: boolean,
) {
  const memory = remember(state.memory, scene, context, certain ? elapsed : 0);
  const { taken, fresh } = pairUp(state.places, sightingsOf(memory, scene, context), context, scene.aspect);
  const pitches = createPitches(permission);
  let nextPlace = state.nextPlace;
  const occupied = state.places.map((place): Occupied => {
    const sighting = taken.get(place);
    const now = sighting && certain ? place : missPlace(place, elapsed, certain);
    const status = pitches.next(sighting ? { ...now, missMs: 0, blindMs: 0 } : now);
    if (!sighting) return { place: now, status };
    return {
      place: seePlace(now, sighting, scene.at, certain ? elapsed : 0, status, context, scene.aspect),
      status,
    };
  });
  for (const sighting of fresh) {
    const status = pitches.next(null);
    const place = openPlace(nextPlace++, dated(sighting, scene, context), scene.at, status, context, scene.aspect);
    occupied.push({ place, status });
  }
  return { memory, nextPlace, occupied };
}

/** One stall that opened two places keeps the older one; two events stay two, for both have been reported. */
function withoutTwins(occupied: readonly Occupied[], scene: Scene, context: Context) {
  const places = occupied.map(({ place }) => place);
  const slots: SlotUpdate[] = [];
  const kept = occupied.filter(({ place }) => {
    if (place.fired || !twinOf(place, places, scene.aspect)) return true;
    slots.push(...dropsOf(place, context.zone.id));
    return false;
  });
  return { kept, slots };
}

function step(state: RoadStallState, scene: Scene, context: Context): Step<'road-stall', RoadStallState> {
  const { watched, elapsed, certain } = viewTimeOf(state, scene);
  if (!watched) {
    const places = state.places.map((place) => missPlace(place, elapsed, false));
    const vehicles = shiftSeen(state.memory.vehicles, elapsed);
    const memory = { props: shiftSeen(state.memory.props, elapsed), vehicles };
    return { state: { ...state, at: scene.at, watched, places, memory }, findings: [], slots: [], observations: [] };
  }
  const permission = permissionAt(context, scene.at);
  const { memory, nextPlace, occupied } = occupy(state, scene, context, permission, elapsed, certain);
  const { kept, slots } = withoutTwins(occupied, scene, context);
  const { at } = scene;
  const observes = isNewMinute(state.observedAt, at);
  const evaluated = kept.map(({ place, status }) =>
    evaluate(observes ? renewReplaced(place, scene) : place, status, scene, context, permission, certain ? elapsed : 0),
  );
  const places = evaluated.flatMap(({ place }) => place ?? []);
  const standing = observes
    ? rememberStanding(state.standing, places, scene, context, permission)
    : { things: state.standing, findings: [] };
  const held = (state.heldBack ?? 0) + evaluated.filter(({ heldBack }) => heldBack).length;
  const observed = { stalls: countStalls(places, context), ...(held > 0 ? { heldBack: held } : {}) };
  return {
    state: {
      ...{ at, watched, nextPlace, places, memory },
      standing: standing.things,
      observedAt: observes ? at : state.observedAt,
      ...(held > 0 && !observes ? { heldBack: held } : {}),
    },
    findings: [...evaluated.flatMap(({ findings }) => findings), ...standing.findings],
    slots: [...slots, ...evaluated.flatMap((one) => one.slots)],
    observations: observes ? [{ kind: 'road-stall', at, observed }] : [],
  };
}

export const roadStall: Rule<'road-stall', RoadStallState> = {
  kind: 'road-stall',
  version: '1.2.1',
  // Works in minutes; what lies between two frames up to 15 s apart still counts as seen (view-time.ts).
  urgency: { startWithinMs: 2000, revisitMs: 10_000 },
  backgroundHoldMs: proofHoldMs,
  scoreAsked: ({ sureScore }) => sureScore,
  init: () => ({
    at: null,
    watched: true,
    nextPlace: 1,
    places: [],
    memory: { props: [], vehicles: [] },
    standing: [],
  }),
  step,
  // A thing that has stood since the first look will be found standing again.
  isIdle: ({ places }) => places.every(({ arrival }) => arrival === 'standing'),
  presentSinceStart: ({ places }) => places.filter(({ arrival }) => arrival === 'standing').length,
};
