/** The contract of a detector: pixels as its input asks for them go in, things come out. */
import type { ModelRef } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Composite } from './composite.ts';
import type { Detection } from './detection.ts';
import type { FullPicture, ModelInput } from './frame.ts';

export type Detector = {
  /** Name of the card, as in events. */
  readonly name: string;
  readonly ref: ModelRef;
  /** How the source must deliver pixels. */
  readonly input: ModelInput;
  /** Stand-ins for concepts that the model has no class for. */
  readonly composites: readonly Composite[];
  /**
   * Detections of one frame, best first, the same for the same pixels. `pixels` must stay valid until the promise
   * settles; `frame` is the size of the full picture that they were made from.
   * Rejects with EDGE_INFERENCE; the next call may succeed, as the worker has been restarted.
   */
  readonly detect: (
    pixels: Uint8Array,
    frame: { readonly width: number; readonly height: number },
  ) => Promise<Detection[]>;
  /**
   * Detections in a part of the picture (shares of the frame), seen at the model's full size; boxes are shares of the
   * whole frame. `picture` must stay valid until the promise settles. Rejects as `detect`.
   */
  readonly detectIn: (picture: FullPicture, region: BoxXywh) => Promise<Detection[]>;
  /** One list out of several looks at a picture, the most trusted first: nothing is told twice. */
  readonly merge: (looks: readonly (readonly Detection[])[]) => Detection[];
  readonly close: () => Promise<void>;
};
