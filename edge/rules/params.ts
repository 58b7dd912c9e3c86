/** Parameters of a zone: the contract's defaults, then what the place asks for, then what the zone itself says. */
import type { CameraKind } from '../../contracts/api/registry.ts';
import { type Params, type ViolationKind, violations } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';

/** Stricter by heritage sites and schools (violations.md, road-stall). */
const SENSITIVE_DWELL_SECONDS = 120;
/** Sensitive surfaces: tactile paving, gates, heritage aprons, blocked walkways (violations.md, bike-clutter). */
const SENSITIVE = { minCount: 3, holdSeconds: 300 } as const;

function contractDefaults(kind: ViolationKind): Record<string, unknown> {
  const properties = violations[kind].params.properties as Record<string, { default?: unknown }>;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, schema.default]));
}

function placeDefaults(zone: ZoneConfig, cameraKind: CameraKind): Record<string, unknown> {
  if (zone.kind === 'road-stall' && (zone.sensitivePlace !== undefined || cameraKind === 'heritage')) {
    return { dwellSeconds: SENSITIVE_DWELL_SECONDS };
  }
  if (zone.kind === 'bike-clutter') {
    const surface = zone.surface ?? (cameraKind === 'heritage' ? 'heritage-apron' : 'pavement');
    if (surface !== 'pavement') return SENSITIVE;
  }
  return {};
}

/** Every parameter of the zone's rule; what the zone says wins over place, place over the contract's default. */
export function resolveParams<K extends ViolationKind>(zone: ZoneConfig<K>, cameraKind: CameraKind): Params<K> {
  const any = zone as ZoneConfig;
  return { ...contractDefaults(any.kind), ...placeDefaults(any, cameraKind), ...any.params } as unknown as Params<K>;
}
