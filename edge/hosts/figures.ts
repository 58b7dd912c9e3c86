/** What cameras have done since the node began, over the ends of the processes that counted it. */
import type { CameraFigures } from '../pipeline/camera.ts';

/** Counts that a new process begins anew with. */
type Counts = {
  readonly frames: number;
  readonly inferred: number;
  readonly detailLooks: number;
  readonly detailSkipped: number;
  readonly drops: number;
  readonly reconnects: number;
};

export type CameraCounts = Counts & {
  readonly fps: number;
  readonly latencyMs: number;
  readonly clockOffsetMs: number;
};

const none: Counts = { frames: 0, inferred: 0, detailLooks: 0, detailSkipped: 0, drops: 0, reconnects: 0 };

function countsOf(figures: CameraFigures | undefined): Counts {
  if (!figures) return none;
  const { line, source, restarts } = figures;
  return {
    frames: line?.frames ?? 0,
    inferred: line?.inferred ?? 0,
    detailLooks: line?.detailLooks ?? 0,
    detailSkipped: line?.detailSkipped ?? 0,
    drops: source?.drops ?? 0,
    reconnects: (source?.reconnects ?? 0) + restarts,
  };
}

const plus = (a: Counts, b: Counts): Counts => ({
  frames: a.frames + b.frames,
  inferred: a.inferred + b.inferred,
  detailLooks: a.detailLooks + b.detailLooks,
  detailSkipped: a.detailSkipped + b.detailSkipped,
  drops: a.drops + b.drops,
  reconnects: a.reconnects + b.reconnects,
});

export function createFigures() {
  const before = new Map<string, Counts>();
  const now = new Map<string, CameraFigures>();

  const countsSoFar = (camera: string) => plus(before.get(camera) ?? none, countsOf(now.get(camera)));

  return {
    take(cameras: Readonly<Record<string, CameraFigures>>): void {
      for (const [camera, figures] of Object.entries(cameras)) now.set(camera, figures);
    },
    /** This camera's process has ended: to the camera that is one more connection lost. */
    ended(camera: string): void {
      const counts = countsSoFar(camera);
      before.set(camera, { ...counts, reconnects: counts.reconnects + 1 });
      now.delete(camera);
    },
    of(camera: string): CameraCounts {
      const figures = now.get(camera);
      return {
        ...countsSoFar(camera),
        fps: figures?.line?.fps ?? 0,
        latencyMs: figures?.line?.latencyMs ?? 0,
        clockOffsetMs: figures?.source?.clockOffsetMs ?? 0,
      };
    },
  };
}
