/** Reads a YAML configuration and checks it whole: every fault at once, each with its path. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { violationKinds, violations } from '../contracts/violations/index.ts';
import { zoneSchemas } from '../contracts/zone.ts';
import { AppError, type Fault } from './app-error.ts';
import { findInexactText, INEXACT_TEXT } from './exact-text.ts';
import { lineOf, readYaml } from './read-yaml.ts';
import { shapeFaults } from './shape-faults.ts';
import { faultsOf } from './validate.ts';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Zones are a union by `kind`; checked by their own kind's schema so that a fault names the field. */
function zoneFaults(zone: unknown, path: string): Fault[] {
  if (!isRecord(zone)) return [{ path, message: 'expected a zone' }];
  const kind = violationKinds.find((candidate) => candidate === zone.kind);
  if (!kind) return [{ path: `${path}.kind`, message: `expected one of ${violationKinds.join(', ')}` }];
  const schema = zoneSchemas[kind];
  const faults = faultsOf(schema, zone).map((fault) => ({
    path: fault.path ? `${path}.${fault.path}` : path,
    message: fault.message,
  }));
  faults.push(...shapeFaults(schema, zone, path));
  const between = faults.length === 0 ? violations[kind].geometryFault?.(zone as never) : null;
  return between ? [{ path: `${path}.${between.field}`, message: between.message }] : faults;
}

function repeats(values: readonly unknown[]): number[] {
  return values.flatMap((value, i) => (value !== undefined && values.indexOf(value) !== i ? [i] : []));
}

/** All zones of one camera. */
export function zoneListFaults(zones: readonly unknown[], path: string): Fault[] {
  const ids = zones.map((zone) => (isRecord(zone) ? zone.id : undefined));
  return [
    ...repeats(ids).map((i) => ({ path: `${path}[${i}].id`, message: 'another zone of this camera has this id' })),
    ...zones.flatMap((zone, i) => zoneFaults(zone, `${path}[${i}]`)),
  ];
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
    faults.push(...zoneListFaults(camera.zones, `cameras[${i}].zones`));
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
  const inexact = findInexactText(value);
  return [
    ...(inexact === null ? [] : [{ path: inexact, message: INEXACT_TEXT }]),
    ...faultsOf(openSchema(schema), value),
    ...cameraFaults(value),
  ];
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

/**
 * A YAML file as the schema's type, defaults filled in.
 *
 * @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID with every fault and its path
 */
export async function loadConfig<S extends TSchema>(schema: S, file: string): Promise<Static<S>> {
  return checkConfig(schema, await readYaml(file), file);
}
