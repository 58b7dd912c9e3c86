/** What a rule sees: one instant of one camera. Pure data. */
import type { CoverageState, HealthReason } from '../../contracts/status.ts';
import type { Track } from './detection.ts';

export type Scene = {
  /** Camera time, ms since the epoch. */
  readonly at: number;
  /** Real sights of this instant only; coasting tracks are left out. */
  readonly tracks: readonly Track[];
  /** Not `watched`: rules suspend, and the time is unknown, not absence. */
  readonly view: CoverageState;
  readonly viewReasons: readonly HealthReason[];
  /** Width over height of the full frame, to compare horizontal with vertical shares. */
  readonly aspect: number;
  /** Mean colour of the cells of a zone's ground polygon, by zone id, where one is drawn. */
  readonly ground?: Readonly<Record<string, GroundSample>>;
  /** What the camera's places look like, where a rule asks for it; filled anew for a later scene. */
  readonly background?: BackgroundMap;
};

/** Gradients of the logarithm of brightness, one a block; units cancel where two are compared. */
export type BlockGradients = { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };

/**
 * Grid over the whole frame: what each block looks like while nothing passes, since when, and what it looked like before.
 * `states`: 0 not known, 1 as it always was, 2 something else is there for now, 3 flat now and before, so that nothing
 * can be told from it, 4 settled, and another than before.
 */
export type BackgroundMap = {
  readonly cols: number;
  readonly rows: number;
  readonly states: ArrayLike<number>;
  /** Camera time from which the block looks as it does, s since the epoch; 0 = since its first sight. */
  readonly since: ArrayLike<number>;
  /** Camera time from which anything is known of the block, s since the epoch: it was hidden or unsteady before. */
  readonly knownSince: ArrayLike<number>;
  readonly now: BlockGradients;
  /** Holds for blocks of state 4; the others look as before. */
  readonly before: BlockGradients;
};

/** Grid of mean colours over a ground polygon's bounding box; cells outside it hold -1. */
export type GroundSample = {
  readonly cols: number;
  readonly rows: number;
  /** rows·cols·3 values R, G, B in 0..255, or -1. */
  readonly rgb: readonly number[];
  /** rows·cols values: spread of brightness inside the cell (standard deviation, in levels), or -1. */
  readonly texture?: readonly number[];
  /** Cells around the polygon's bounding box, five values each: x, y in shares of the frame, R, G, B. */
  readonly around?: readonly number[];
};
