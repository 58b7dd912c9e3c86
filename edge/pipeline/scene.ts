/** What the rules are given of a frame: its tracks, how well it can be seen, and the ground where a rule asks for it. */
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { CameraConfig } from '../config.ts';
import type { Track } from '../domain/detection.ts';
import type { Frame } from '../domain/frame.ts';
import type { BackgroundMap, Scene } from '../domain/scene.ts';
import type { CameraView } from '../health/camera-health.ts';
import { createPacedGroundSampler } from '../regions/ground-sample.ts';
import { ruleOf } from '../rules/index.ts';

/** For one camera: the ground is sampled at its own pace, the faster while what its rules wait for is about. */
export function createSceneBuilder({ zones }: Pick<CameraConfig, 'zones'>) {
  const sampleGround = createPacedGroundSampler(zones as readonly { id: string; ground?: [number, number][] }[]);
  const busyWith = new Set(zones.flatMap(({ kind }) => ruleOf(kind as ViolationKind).groundBusyWith ?? []));

  return (frame: Frame, tracks: readonly Track[], view: CameraView, background: BackgroundMap | undefined): Scene => {
    const isBusy = tracks.some(({ concept }) => busyWith.has(concept));
    const ground = sampleGround(frame.full, frame.at, isBusy);
    return {
      at: frame.at,
      tracks: tracks.filter((track) => track.seenAt === frame.at),
      view: view.state,
      viewReasons: view.reasons,
      aspect: frame.full.width / frame.full.height,
      ...(ground ? { ground } : {}),
      ...(background ? { background } : {}),
    };
  };
}
