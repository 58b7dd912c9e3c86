/** Messages between the main thread and an inference thread. */

import type { ModelSpec } from '../detectors/model-spec.ts';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import type { GraphShape } from '../models/check-shape.ts';

export type LoadOrder = {
  readonly kind: 'load';
  readonly model: number;
  /** Models with one number here have one file, and share a session on a thread. */
  readonly weights: number;
  readonly spec: ModelSpec;
  /** The ONNX file, shared by all threads. */
  readonly bytes: SharedArrayBuffer;
  /** Pixels of one frame for this thread; the main thread writes them before it orders a detection. */
  readonly pixels: SharedArrayBuffer;
};
export type ThreadOrder =
  | LoadOrder
  | { readonly kind: 'detect'; readonly model: number; readonly placement: Placement }
  | { readonly kind: 'unload'; readonly model: number }
  | { readonly kind: 'stop' };

/** One answer to each `load` and `detect`; `unload` and `stop` are not answered. */
export type ThreadAnswer =
  | { readonly kind: 'loaded'; readonly graph: GraphShape }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'detected'; readonly detections: readonly Detection[] }
  | { readonly kind: 'failed'; readonly message: string };
