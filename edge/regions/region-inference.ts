/** Inference on a camera's far zones in full detail, region by region and within the node's budget, merged with the whole picture's. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame } from '../domain/frame.ts';
import type { InferenceRequest } from '../domain/inference-request.ts';
import { isCut } from './cut-boxes.ts';
import { farRegions } from './far-regions.ts';
import type { CameraTokens, RegionBudget } from './region-budget.ts';

/** What was seen in a region stands until its next inference, but not for longer than this, ms of camera time. */
const HOLD_MS = 10_000;
type Held = { readonly at: number; readonly detections: readonly Detection[] };

export type RegionInference = {
  /** The whole picture's detections with those of the regions whose turn it is; the same list where there are none. */
  readonly infer: (frame: Frame, whole: Detection[], now: number) => Promise<Detection[]>;
  /** What of the last list was seen in an earlier frame and stands for regions whose turn it was not; null: all regions had theirs. */
  readonly held: () => ReadonlySet<Detection> | null;
  /** Nothing seen before may stand any more. */
  readonly forget: () => void;
  /** Inferences on regions, and those that were due but for which the budget or the threads had no room. */
  readonly stats: () => { readonly detailLooks: number; readonly detailSkipped: number };
};

/** `request`: live, where an inference that comes too late is better dropped; null in a replay, where each is run. */
export function createRegionInference(
  camera: CameraConfig,
  detector: Detector,
  budget: RegionBudget,
  request: InferenceRequest | null = null,
): RegionInference {
  let size = '';
  let regions: readonly BoxXywh[] = [];
  let tokens: CameraTokens | null = null;
  let next = 0;
  let held = new Map<number, Held>();
  let stale: ReadonlySet<Detection> | null = null;
  let inferred = 0;
  let skipped = 0;

  function adaptTo(picture: Frame['full']): void {
    const now = `${picture.width}x${picture.height}`;
    if (now === size) return;
    size = now;
    regions = camera.zones.flatMap((zone) => farRegions(zone, picture, detector.input));
    tokens = regions.length > 0 ? budget.join(camera.id, regions.length) : null;
    next = 0;
    held = new Map();
    stale = null;
  }

  /** Infers on the regions in turn for as long as the budget goes; the numbers of those inferred now. */
  async function inferInTurn(frame: Frame, now: number): Promise<Set<number>> {
    const done = new Set<number>();
    while (done.size < regions.length && tokens?.take(now)) {
      const region = regions[next] as BoxXywh;
      const found = await detector.detectIn(frame.full, region, request);
      if (!found) break;
      held.set(next, { at: frame.at, detections: found.filter(({ box }) => !isCut(box, region)) });
      done.add(next);
      next = (next + 1) % regions.length;
    }
    inferred += done.size;
    skipped += regions.length - done.size;
    return done;
  }

  return {
    async infer(frame, whole, now) {
      adaptTo(frame.full);
      if (regions.length === 0) return whole;
      const done = await inferInTurn(frame, now);
      const fresh = [...held].filter(([region]) => done.has(region));
      const old = [...held].filter(([region, { at }]) => !done.has(region) && frame.at - at <= HOLD_MS);
      stale = done.size < regions.length ? new Set(old.flatMap(([, { detections }]) => detections)) : null;
      return detector.merge([
        ...fresh.map(([, { detections }]) => detections),
        whole,
        ...old.map(([, { detections }]) => detections),
      ]);
    },
    held: () => stale,
    forget() {
      held.clear();
      stale = null;
    },
    stats: () => ({ detailLooks: inferred, detailSkipped: skipped }),
  };
}
