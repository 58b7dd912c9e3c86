/** How urgent the looks of one camera are: as its most urgent zone wants them. */
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { CameraConfig } from '../config.ts';
import type { LookOrder } from '../domain/look-order.ts';
import { ruleOf } from '../rules/index.ts';

export function lookOrderOf(camera: Pick<CameraConfig, 'id' | 'zones'>): LookOrder {
  const wishes = camera.zones.map(({ kind }) => ruleOf(kind as ViolationKind).urgency);
  return {
    camera: camera.id,
    lookMs: Math.min(...wishes.map(({ lookMs }) => lookMs)),
    revisitMs: Math.min(...wishes.map(({ revisitMs }) => revisitMs)),
  };
}
