/** A zone: one rule on one piece of one camera's view, with what that rule needs drawn and its parameters. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Polygon } from './geometry.ts';
import { GroundPlane } from './ground-plane.ts';
import { ZoneId } from './ids.ts';
import { Bilingual } from './text.ts';
import { type Params, type ViolationKind, violationKinds, violations, type ZoneGeometry } from './violations/index.ts';

/** Does a zone get looks of its own, at a part of the picture in full detail? */
export const ZoneDetail = Type.Union(
  [
    Type.Literal('auto'),
    Type.Literal('off'),
    Type.Object({ tiles: Type.Integer({ minimum: 1, maximum: 6 }) }, { additionalProperties: false }),
  ],
  {
    default: 'auto',
    description:
      '`auto`: where things would be too small in the whole picture; `off`; or always, in so many parts beside each other',
  },
);
export type ZoneDetail = Static<typeof ZoneDetail>;

export type ZoneConfig<K extends ViolationKind = ViolationKind> = K extends ViolationKind
  ? {
      readonly id: ZoneId;
      readonly kind: K;
      readonly name?: Bilingual;
      readonly polygon: Polygon;
      /** Where calibrated, rules speak in metres. */
      readonly groundPlane?: GroundPlane;
      readonly detail?: ZoneDetail;
      readonly params?: Partial<Params<K>>;
    } & ZoneGeometry<K>
  : never;

function zoneSchema(kind: ViolationKind): TSchema {
  const entry = violations[kind];
  return Type.Object(
    {
      id: ZoneId,
      kind: Type.Literal(kind),
      name: Type.Optional(Bilingual),
      polygon: Polygon,
      groundPlane: Type.Optional(GroundPlane),
      detail: Type.Optional(ZoneDetail),
      params: Type.Optional(Type.Partial(entry.params, { additionalProperties: false })),
      ...entry.geometry.properties,
    },
    { additionalProperties: false, title: `Zone (${kind})` },
  );
}

/** One schema a kind; pick by `kind` first so that faults name the field and not "no variant matched". */
export const zoneSchemas = Object.fromEntries(violationKinds.map((kind) => [kind, zoneSchema(kind)])) as Record<
  ViolationKind,
  TSchema
>;

export const ZoneConfigSchema = Type.Unsafe<ZoneConfig>(Type.Union(violationKinds.map((kind) => zoneSchemas[kind])));
