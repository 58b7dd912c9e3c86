/** What cameras have done since the node began, over the ends of the processes that counted it. */
import type { CameraFigures } from '../pipeline/camera.ts';

/** Counts that a new process begins anew with. */
const names = [
  'frames',
  'inferred',
  'detailLooks',
  'detailSkipped',
  'lateLooks',
  'lateFrames',
  'drops',
  'damaged',
  'reconnects',
] as const;
type Counts = Readonly<Record<(typeof names)[number], number>>;

export type CameraCounts = Counts & {
  readonly fps: number;
  readonly latencyMs: number;
  readonly inferenceWaitMs: number;
  readonly presentSinceStart: number;
  readonly clockOffsetMs: number;
  /** Cells in which the camera's memory asks for a higher score. */
  readonly raisedCells: number;
};

const counts = (of: (name: (typeof names)[number]) => number): Counts =>
  Object.fromEntries(names.map((name) => [name, of(name)])) as Counts;

const none = counts(() => 0);

function countsOf(figures: CameraFigures | undefined): Counts {
  if (!figures) return none;
  const { line, source, restarts } = figures;
  const found: Partial<Counts> = { ...source, ...line, reconnects: (source?.reconnects ?? 0) + restarts };
  return counts((name) => found[name] ?? 0);
}

const plus = (a: Counts, b: Counts): Counts => counts((name) => a[name] + b[name]);

/** Sums over the processes that a camera has run in. */
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
        inferenceWaitMs: figures?.line?.inferenceWaitMs ?? 0,
        presentSinceStart: figures?.line?.presentSinceStart ?? 0,
        clockOffsetMs: figures?.source?.clockOffsetMs ?? 0,
        raisedCells: figures?.line?.raisedCells ?? 0,
      };
    },
  };
}
