/** A placeholder reducer with the final signature: each detection is its own track until association lands. */
import type { Detection, Track } from '../domain/detection.ts';

export type TrackerOptions = { readonly minHits: number };
export type TrackerState = { readonly nextId: number };

export const defaultTrackerOptions: TrackerOptions = { minHits: 1 };

export function initTracker(): TrackerState {
  return { nextId: 1 };
}

export function stepTracker(
  state: TrackerState,
  detections: readonly Detection[],
  at: number,
  _options: Partial<TrackerOptions> = {},
): { readonly state: TrackerState; readonly tracks: readonly Track[] } {
  const tracks = detections.map((d, i) => ({ ...d, id: state.nextId + i, bornAt: at, seenAt: at, hits: 1 }));
  return { state: { nextId: state.nextId + tracks.length }, tracks };
}
