/** How urgent a camera's inferences are: what the queue in front of the threads is ordered by. */

export type InferenceUrgency = {
  /** An inference should begin so soon after it was asked for, ms. */
  readonly startWithinMs: number;
  /** The longest that it may have to wait under overload, ms. */
  readonly revisitMs: number;
};

/** The same for each inference of a camera. */
export type InferenceRequest = InferenceUrgency & { readonly camera: string };

/** What a camera's inferences had to wait. */
export type InferenceWaits = {
  /** Inferences that began later than they should, so far. */
  readonly lateLooks: number;
  /** The longest wait within about the last minute, ms. */
  readonly inferenceWaitMs: number;
};
