/** The model's part in a line: inferred where something has changed, and what it saw last where nothing has. */
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { Detector } from '../domain/detector.ts';
import type { Frame } from '../domain/frame.ts';
import { createRegionBudget, REGIONS_PER_SECOND, type RegionBudget } from '../regions/region-budget.ts';
import { createRegionInference } from '../regions/region-inference.ts';
import { inferenceRequestOf } from './inference-request.ts';

export type LineInferenceOptions = {
  readonly camera: CameraConfig;
  readonly detector: Detector;
  /** Inferences on regions of far zones, shared with other cameras; default: a budget of its own. */
  readonly detail?: RegionBudget;
  readonly mode: 'live' | 'replay';
  /** Any clock that only goes forward, ms. */
  readonly elapsed: () => number;
};

/** Rejects with EDGE_INFERENCE where the model fails. */
export function createLineInference({ camera, detector, detail, mode, elapsed }: LineInferenceOptions) {
  // A replay waits for each inference as long as it takes.
  const request = mode === 'live' ? inferenceRequestOf(camera) : null;
  const budget = detail ?? createRegionBudget(REGIONS_PER_SECOND);
  const regions = createRegionInference(camera, detector, budget, request);
  /** What the model saw last; null = nothing that may stand for this frame. */
  let seen: readonly Detection[] | null = null;

  function forget(): void {
    seen = null;
    regions.forget();
  }

  return {
    /** @returns whether the model was asked: it is not where nothing has changed since it was, nor of a blind view */
    async detect(frame: Frame, isBlind: boolean, unchanged: boolean): Promise<boolean> {
      if (isBlind) {
        forget();
        return false;
      }
      if (unchanged && seen !== null) return false;
      const whole = await detector.detect(frame.pixels, frame.full, request);
      // A replay's budget runs in the recording's time: the same inferences each time.
      seen = await regions.infer(frame, whole, mode === 'replay' ? frame.at : elapsed());
      return true;
    },
    seen: (): readonly Detection[] | null => seen,
    /** What of it was seen in an earlier frame than the rest; null: nothing, every far region was looked at with the whole. */
    held: regions.held,
    /** What was seen belongs to another time. */
    forget,
    stats: () => ({ ...regions.stats(), ...detector.waits(camera.id) }),
  };
}
