/** Composites: vendor props that stand together with a person by, and vendor vehicles with customers. */

import type { Static } from '@sinclair/typebox';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { PropsComposite, VehicleComposite } from '../../domain/composite.ts';
import type { Track } from '../../domain/detection.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { gapBetween, iou, unionBox } from '../../geometry/box.ts';
import { isBeside, personsOf, type StallSighting } from './sighting.ts';
import { isNearZone } from './spot.ts';
import { rememberStationary, type StationaryThing } from './stationary-things.ts';
import {
  MAX_CUSTOMER_APART,
  MAX_CUSTOMER_HEIGHTS,
  MAX_DISTINCT_IOU,
  MIN_THING_SHARE,
  PROP_FORGET_MS,
  SELLING_CONCEPTS,
  SLICE_MS,
  VEHICLE_FORGET_MS,
} from './tuning.ts';

type Props = Static<typeof PropsComposite>;
type Vehicle = Static<typeof VehicleComposite>;

/** [start of slice, ms with customers, ms watched] */
type Slice = readonly [number, number, number];
type StationaryVehicle = StationaryThing & { readonly slices: readonly Slice[] };
export type CompositeMemory = {
  readonly props: readonly StationaryThing[];
  readonly vehicles: readonly StationaryVehicle[];
};

const isSteady = (thing: StationaryThing) => thing.hits >= MIN_THING_SHARE * thing.looks;

/** Props within reach of the largest one that is still free; the same thing under two labels counts once. */
function gather(
  seed: StationaryThing,
  props: readonly StationaryThing[],
  reach: number,
  aspect: number,
): StationaryThing[] {
  const members = [seed];
  for (const prop of props) {
    const near = gapBetween(seed.box, prop.box, aspect) <= reach;
    if (near && members.every((member) => iou(member.box, prop.box) < MAX_DISTINCT_IOU)) members.push(prop);
  }
  return members;
}

function toSighting(
  members: readonly StationaryThing[],
  scene: Scene,
  composite: Props,
  persons: readonly Track[],
): StallSighting {
  const box = unionBox(members.map((member) => member.box)) as BoxXywh;
  const since = [...members].map((member) => member.since).sort((a, b) => a - b)[composite.minProps - 1] as number;
  return {
    source: 'props',
    box,
    score: members.reduce((sum, member) => sum + member.score, 0) / members.length,
    since,
    attended: persons.some((person) => isBeside(person, box, scene.aspect)),
    mustAttend: composite.attendedShare,
    objects: members.map(({ track, concept, score, box: own }) => ({ track, class: concept, score, box: [...own] })),
  };
}

/** Clusters of stationary props with enough different ones among them. */
export function propSightings(
  memory: readonly StationaryThing[],
  scene: Scene,
  context: RuleContext<'road-stall'>,
  composite: Props,
): StallSighting[] {
  const persons = personsOf(scene);
  let free = memory
    .filter((thing) => scene.at - thing.since >= composite.stillSeconds * 1000 && isSteady(thing))
    .sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3] || a.since - b.since || a.box[0] - b.box[0]);
  const found: StallSighting[] = [];
  while (free.length >= composite.minProps) {
    const seed = free[0] as StationaryThing;
    const near = persons.filter((person) => isBeside(person, seed.box, scene.aspect));
    const unit = Math.max(seed.box[3], ...near.map((person) => person.box[3]));
    const members = gather(seed, free.slice(1), composite.reach * unit, scene.aspect);
    const sells = members.some((member) => SELLING_CONCEPTS.includes(member.concept));
    if (members.length < composite.minProps || !sells) {
      free = free.slice(1);
      continue;
    }
    const sighting = toSighting(members, scene, composite, persons);
    free = free.filter((thing) => !members.includes(thing) && gapBetween(thing.box, sighting.box, scene.aspect) > 0);
    if (members.some((member) => member.seenAt === scene.at) && isNearZone(sighting.box, context, scene.aspect)) {
      found.push(sighting);
    }
  }
  return found;
}

function customers(vehicle: StationaryThing, persons: readonly Track[], aspect: number): number {
  const reach = MAX_CUSTOMER_HEIGHTS * vehicle.box[3];
  return persons.filter((person) => {
    // Somebody far in front of a vehicle overlaps its box too, but stands much lower in the picture.
    const apart = Math.abs(person.box[1] + person.box[3] - vehicle.box[1] - vehicle.box[3]);
    return (
      gapBetween(person.box, vehicle.box, aspect) <= reach &&
      apart <= Math.max(reach, MAX_CUSTOMER_APART * person.box[3])
    );
  }).length;
}

function counted(slices: readonly Slice[], at: number, dt: number, busy: boolean, keepMs: number): Slice[] {
  const last = slices[slices.length - 1];
  const add = busy ? dt : 0;
  const fresh: Slice[] =
    last && at - last[0] < SLICE_MS
      ? [...slices.slice(0, -1), [last[0], last[1] + add, last[2] + dt]]
      : [...slices, [at - dt, add, dt]];
  return fresh.filter(([start]) => at - start <= keepMs + SLICE_MS);
}

/** Standing vehicles with their customers of late. `dt` is certain time only. */
export function rememberVehicles(
  memory: readonly StationaryVehicle[],
  scene: Scene,
  dt: number,
  composite: Vehicle,
): StationaryVehicle[] {
  const tracks = scene.tracks.filter((t) => composite.vehicles.includes(t.concept) && t.score >= composite.minScore);
  // One vehicle is a truck in this frame and a bus in the next: what it is called does not matter here.
  const plain = tracks.map((track) => ({ ...track, concept: 'truck' as const }));
  const persons = personsOf(scene);
  return rememberStationary(memory, plain, scene.at, VEHICLE_FORGET_MS).map((thing) => {
    const slices = 'slices' in thing ? (thing as StationaryVehicle).slices : [];
    const busy = customers(thing, persons, scene.aspect) >= composite.minPersons;
    return { ...thing, slices: counted(slices, scene.at, dt, busy, composite.mostOfSeconds * 1000) };
  });
}

/**
 * Vendor vehicles closer than the taller one's height are one row and one event: customers between two vehicles belong
 * to both, and a box says nothing about where one pitch ends.
 */
function joinRows(sightings: readonly StallSighting[], aspect: number): StallSighting[] {
  const rows: StallSighting[] = [];
  for (const sighting of [...sightings].sort((a, b) => a.box[0] - b.box[0])) {
    const row = rows[rows.length - 1];
    const reach = row ? Math.max(row.box[3], sighting.box[3]) : 0;
    if (!row || gapBetween(row.box, sighting.box, aspect) > reach) rows.push(sighting);
    else {
      rows[rows.length - 1] = {
        ...row,
        box: unionBox([row.box, sighting.box]) as BoxXywh,
        score: Math.max(row.score, sighting.score),
        since: Math.min(row.since, sighting.since),
        attended: row.attended || sighting.attended,
        objects: [...row.objects, ...sighting.objects],
      };
    }
  }
  return rows;
}

/** Vehicles that have stood with customers for most of the time asked for. */
export function vehicleSightings(
  memory: readonly StationaryVehicle[],
  scene: Scene,
  context: RuleContext<'road-stall'>,
  composite: Vehicle,
): StallSighting[] {
  const persons = personsOf(scene);
  const found = memory.flatMap((thing): StallSighting[] => {
    const watched = thing.slices.reduce((sum, slice) => sum + slice[2], 0);
    const busy = thing.slices.reduce((sum, slice) => sum + slice[1], 0);
    const first = thing.slices[0]?.[0] ?? scene.at;
    if (watched < composite.mostOfSeconds * 1000 || busy < composite.share * watched) return [];
    if (thing.seenAt !== scene.at || !isSteady(thing) || !isNearZone(thing.box, context, scene.aspect)) return [];
    const { box, score, track } = thing;
    const attended = customers(thing, persons, scene.aspect) > 0;
    const objects = [{ track, class: 'vendor-vehicle', score, box: [...box] as BoxXywh }];
    return [{ source: 'vehicle', box, score, since: Math.max(thing.since, first), attended, mustAttend: 0, objects }];
  });
  return joinRows(found, scene.aspect);
}

/** Things that may be props of a composite, remembered after this scene. */
export function rememberProps(memory: readonly StationaryThing[], scene: Scene, composite: Props): StationaryThing[] {
  const props = scene.tracks.filter((t) => composite.props.includes(t.concept) && t.score >= composite.minScore);
  return rememberStationary(memory, props, scene.at, PROP_FORGET_MS);
}
