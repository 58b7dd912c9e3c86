/** The written list of violations. A new one is an entry here and a rule folder; the compiler asks for the second. */
import { type Static, type TLiteral, type TUnion, Type } from '@sinclair/typebox';
import { bikeClutter } from './bike-clutter.ts';
import { muckTruck } from './muck-truck.ts';
import { roadStall } from './road-stall.ts';

export const violations = {
  'road-stall': roadStall,
  'bike-clutter': bikeClutter,
  'muck-truck': muckTruck,
} as const;

export type Violations = typeof violations;
export type ViolationKind = keyof Violations;
export const violationKinds = Object.keys(violations) as ViolationKind[];

export const ViolationKindSchema = Type.Union(violationKinds.map((kind) => Type.Literal(kind))) as unknown as TUnion<
  { [K in ViolationKind]: TLiteral<K> }[ViolationKind][]
>;

export type Params<K extends ViolationKind = ViolationKind> = Static<Violations[K]['params']>;
export type Detail<K extends ViolationKind = ViolationKind> = Static<Violations[K]['detail']>;
export type ZoneGeometry<K extends ViolationKind = ViolationKind> = Static<Violations[K]['geometry']>;
export type Observed<K extends ViolationKind = ViolationKind> = Static<Violations[K]['observation']>;
