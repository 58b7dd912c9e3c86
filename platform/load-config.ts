/** Reads a YAML configuration and checks it whole: every fault at once, each with its path. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Polygon } from '../contracts/geometry.ts';
import { type GroundPlane, groundCorners } from '../contracts/ground-plane.ts';
import { type ViolationKind, violationKinds } from '../contracts/violations/index.ts';
import { zoneSchemas } from '../contracts/zone.ts';
import { AppError, type Fault } from './app-error.ts';
import { lineOf, readYaml } from './read-yaml.ts';
import { faultsOf } from './validate.ts';

function crosses(a: readonly number[], b: readonly number[], c: readonly number[], d: readonly number[]): boolean {
  const side = (p: readonly number[], q: readonly number[], r: readonly number[]) =>
    Math.sign(
      ((q[0] ?? 0) - (p[0] ?? 0)) * ((r[1] ?? 0) - (p[1] ?? 0)) -
        ((q[1] ?? 0) - (p[1] ?? 0)) * ((r[0] ?? 0) - (p[0] ?? 0)),
    );
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

/** What is wrong with a polygon's shape, or null: its edges cross, or it has no area. */
export function polygonFault(polygon: Polygon): string | null {
  const n = polygon.length;
  const corner = (i: number) => polygon[((i % n) + n) % n] ?? [0, 0];
  for (let i = 0; i < n; i++) {
    for (let j = i + 2; j < n; j++) {
      if (i === 0 && j === n - 1) continue;
      if (crosses(corner(i), corner(i + 1), corner(j), corner(j + 1))) {
        return `edges ${i + 1} and ${j + 1} cross: give the corners in order around the zone`;
      }
    }
  }
  let doubleArea = 0;
  for (let i = 0; i < n; i++) doubleArea += corner(i)[0] * corner(i + 1)[1] - corner(i + 1)[0] * corner(i)[1];
  return Math.abs(doubleArea) < 2e-5 ? 'polygon has no area' : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Zones are a union by `kind`; checked by their own kind's schema so that a fault names the field. */
export function zoneFaults(zone: unknown, path: string): Fault[] {
  if (!isRecord(zone)) return [{ path, message: 'expected a zone' }];
  const kind = violationKinds.find((candidate) => candidate === zone.kind);
  if (!kind) return [{ path: `${path}.kind`, message: `expected one of ${violationKinds.join(', ')}` }];
  const faults = faultsOf(zoneSchemas[kind as ViolationKind], zone).map((fault) => ({
    path: fault.path ? `${path}.${fault.path}` : path,
    message: fault.message,
  }));
  const shapes: [string, unknown][] = [
    ['polygon', zone.polygon],
    ['washBox', zone.washBox],
    ['ground', zone.ground],
  ];
  if (Array.isArray(zone.bays))
    zone.bays.forEach((bay, i) => {
      shapes.push([`bays[${i}].polygon`, isRecord(bay) ? bay.polygon : null]);
    });
  for (const [name, shape] of shapes) {
    if (!Array.isArray(shape) || faults.some((fault) => fault.path.startsWith(`${path}.${name}`))) continue;
    const message = polygonFault(shape as Polygon);
    if (message) faults.push({ path: `${path}.${name}`, message });
  }
  if (isRecord(zone.groundPlane) && !faults.some((fault) => fault.path.startsWith(`${path}.groundPlane`))) {
    const measured = groundCorners(zone.groundPlane as GroundPlane);
    if (!measured.ok) faults.push({ path: `${path}.groundPlane.${measured.field}`, message: measured.message });
  }
  return faults;
}

function repeats(values: readonly unknown[]): number[] {
  return values.flatMap((value, i) => (value !== undefined && values.indexOf(value) !== i ? [i] : []));
}

function cameraFaults(config: unknown): Fault[] {
  if (!isRecord(config) || !Array.isArray(config.cameras)) return [];
  const faults: Fault[] = [];
  const cameras = config.cameras as unknown[];
  for (const i of repeats(cameras.map((camera) => (isRecord(camera) ? camera.id : undefined)))) {
    faults.push({ path: `cameras[${i}].id`, message: 'another camera has this id' });
  }
  cameras.forEach((camera, i) => {
    if (!isRecord(camera) || !Array.isArray(camera.zones)) return;
    const zones = camera.zones as unknown[];
    for (const j of repeats(zones.map((zone) => (isRecord(zone) ? zone.id : undefined)))) {
      faults.push({ path: `cameras[${i}].zones[${j}].id`, message: 'another zone of this camera has this id' });
    }
    zones.forEach((zone, j) => {
      faults.push(...zoneFaults(zone, `cameras[${i}].zones[${j}]`));
    });
  });
  return faults;
}

/** The schema with zones left open: they are checked one by one, by kind. A configuration without cameras stays as it is. */
function withOpenZones(schema: TSchema): TSchema {
  const cameras = (schema as { properties?: Record<string, TSchema> }).properties?.cameras;
  if (!cameras) return schema;
  const camera = cameras.items as TSchema;
  const zones = Type.Array(Type.Any(), { minItems: 1, maxItems: 64 });
  const openCamera = { ...camera, properties: { ...(camera.properties as Record<string, TSchema>), zones } };
  const properties = { ...(schema.properties as Record<string, TSchema>), cameras: { ...cameras, items: openCamera } };
  return { ...schema, properties } as unknown as TSchema;
}

const opened = new WeakMap<TSchema, TSchema>();

/** Throws CFG_INVALID with every fault, each with its line where the value came from a file. */
export function refuseFaults(faults: readonly Fault[], value: unknown, file: string): void {
  if (faults.length === 0) return;
  const placed = faults.map((fault) => {
    const line = lineOf(value, fault.path);
    return line === null ? fault : { ...fault, line };
  });
  throw new AppError('CFG_INVALID', `${file}: ${faults.length} fault${faults.length > 1 ? 's' : ''}`, {
    faults: placed,
  });
}

/** What the schema, and what lies between its fields, has against a value. */
export function configFaults(schema: TSchema, value: unknown): Fault[] {
  return [...faultsOf(openSchema(schema), value), ...cameraFaults(value)];
}

function openSchema(schema: TSchema): TSchema {
  const known = opened.get(schema);
  if (known) return known;
  const open = withOpenZones(schema);
  opened.set(schema, open);
  return open;
}

/** Checks a parsed configuration and fills in defaults. Throws CFG_INVALID with every fault. */
export function checkConfig<S extends TSchema>(schema: S, value: unknown, file: string): Static<S> {
  refuseFaults(configFaults(schema, value), value, file);
  return Value.Default(openSchema(schema), structuredClone(value)) as Static<S>;
}

export async function loadConfig<S extends TSchema>(schema: S, file: string): Promise<Static<S>> {
  return checkConfig(schema, await readYaml(file), file);
}
