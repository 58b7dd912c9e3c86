/** How urgent a camera's look of the model is: what the queue of looks is ordered by. */

export type LookUrgency = {
  /** A look should begin so soon after it was asked for, ms. */
  readonly lookMs: number;
  /** The longest that a look may have to wait under overload, ms. */
  readonly revisitMs: number;
};

/** A camera has one order, the same for each of its looks. */
export type LookOrder = LookUrgency & { readonly camera: string };

/** What a camera's looks had to wait. */
export type LookWaits = {
  /** Looks that began later than they should, so far. */
  readonly lateLooks: number;
  /** The longest wait within about the last minute, ms. */
  readonly inferenceWaitMs: number;
};
