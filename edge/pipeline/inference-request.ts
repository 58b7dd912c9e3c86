/** How urgent the inferences of one camera are: as its most urgent zone wants them. */
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { CameraConfig } from '../config.ts';
import type { InferenceRequest } from '../domain/inference-request.ts';
import { ruleOf } from '../rules/index.ts';

/** The shortest of what the rules of its zones ask for, ms. */
export function inferenceRequestOf(camera: Pick<CameraConfig, 'id' | 'zones'>): InferenceRequest {
  const wishes = camera.zones.map(({ kind }) => ruleOf(kind as ViolationKind).urgency);
  return {
    camera: camera.id,
    startWithinMs: Math.min(...wishes.map(({ startWithinMs }) => startWithinMs)),
    revisitMs: Math.min(...wishes.map(({ revisitMs }) => revisitMs)),
  };
}
