/** Parameters of a zone: the contract's defaults, then what the place asks for, then what the zone itself says. */
import type { CameraKind } from '../../contracts/camera-kind.ts';
import { type Params, type ViolationKind, violations } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';

function contractDefaults(kind: ViolationKind): Record<string, unknown> {
  const properties = violations[kind].params.properties as Record<string, { default?: unknown }>;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]));
}

type PlaceDefaults = (geometry: ZoneConfig, cameraKind: CameraKind) => Record<string, unknown>;

function placeDefaults(zone: ZoneConfig, cameraKind: CameraKind): Record<string, unknown> {
  const { placeDefaults: own } = violations[zone.kind] as { readonly placeDefaults?: PlaceDefaults };
  return own?.(zone, cameraKind) ?? {};
}

/** Every parameter of the zone's rule; what the zone says wins over place, place over the contract's default. */
export function resolveParams<K extends ViolationKind>(zone: ZoneConfig<K>, cameraKind: CameraKind): Params<K> {
  const any = zone as ZoneConfig;
  return { ...contractDefaults(any.kind), ...placeDefaults(any, cameraKind), ...any.params } as unknown as Params<K>;
}
