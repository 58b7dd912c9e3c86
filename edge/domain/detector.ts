/** The contract of a detector: pixels as its input asks for them go in, things come out. */
import type { ModelRef } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Composite } from './composite.ts';
import type { Detection } from './detection.ts';
import type { FullPicture, ModelInput } from './frame.ts';
import type { InferenceRequest, InferenceWaits } from './inference-request.ts';

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
   * settles; `frame` is the size of the full picture that they were made from. `request`: which camera asks and how
   * soon it must begin; a camera has one waiting at most. Without it inferences come in the order of their asking.
   * Rejects with EDGE_INFERENCE; the next call may succeed, as the worker has been restarted.
   */
  readonly detect: (
    pixels: Uint8Array,
    frame: { readonly width: number; readonly height: number },
    request?: InferenceRequest | null,
  ) => Promise<Detection[]>;
  /**
   * Detections in a part of the picture (shares of the frame), seen at the model's full size; boxes are shares of the
   * whole frame. `picture` must stay valid until the promise settles. Whole pictures come first: null when with a
   * request it would have begun too late. Rejects as `detect`.
   */
  readonly detectIn: (
    picture: FullPicture,
    region: BoxXywh,
    request?: InferenceRequest | null,
  ) => Promise<Detection[] | null>;
  /** One list out of several inferences on a picture, the most trusted first: no thing stands in it twice. */
  readonly merge: (inferences: readonly (readonly Detection[])[]) => Detection[];
  /** What the inferences of a camera had to wait. */
  readonly waits: (camera: string) => InferenceWaits;
  readonly close: () => Promise<void>;
};
