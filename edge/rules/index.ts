/** The written list of rules. The compiler asks for one when a violation is added to the contracts. */
import type { CameraKind } from '../../contracts/camera-kind.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import type { Composite } from '../domain/composite.ts';
import type { Rule, RuleContext } from '../domain/rule.ts';
import { bikeClutter } from './bike-clutter/rule.ts';
import { muckTruck } from './muck-truck/rule.ts';
import { resolveParams } from './params.ts';
import { roadStall } from './road-stall/rule.ts';

export const rules = {
  'road-stall': roadStall,
  'bike-clutter': bikeClutter,
  'muck-truck': muckTruck,
} satisfies { readonly [K in ViolationKind]: Pick<Rule<K, unknown>, 'kind' | 'version' | 'init'> };

/** A rule whose state the caller only stores: what the pipeline holds for a zone. */
export type AnyRule = Rule<ViolationKind, unknown>;

/** The rule of a zone's kind. The caller must pass it the context of the same zone. */
export function ruleOf(kind: ViolationKind): AnyRule {
  return rules[kind] as unknown as AnyRule;
}

/** All that a zone's rule is told, with every parameter filled in. */
export function contextOf(
  zone: ZoneConfig,
  camera: { readonly kind: CameraKind; readonly calendar: Calendar; readonly composites: readonly Composite[] },
): RuleContext {
  return {
    zone,
    params: resolveParams(zone, camera.kind),
    calendar: camera.calendar,
    cameraKind: camera.kind,
    composites: camera.composites,
  } as RuleContext;
}
