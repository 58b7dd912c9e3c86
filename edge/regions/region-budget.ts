/**
 * How many inferences on far regions a node may run, shared among its cameras: each has a token bucket of its own, which
 * nobody can take from; what one leaves over goes to whoever asks. Pure but for its own state: time is an argument.
 */

export type CameraTokens = {
  /** May this camera infer on a region now? `now` in ms of any clock that all cameras of the budget share. */
  readonly take: (now: number) => boolean;
};

export type RegionBudget = {
  /**
   * A camera with that many far regions; it may take a whole round of them after a rest. Joining again under the same
   * name (a camera started anew) takes the old place.
   */
  readonly join: (camera: string, regions: number) => CameraTokens;
};

type TokenBucket = { tokens: number; readonly capacity: number };

/** Inferences a second on far regions, where the configuration says nothing: about 6 % of a core with our own model. */
export const REGIONS_PER_SECOND = 4;
/** Tokens that nobody took are kept this long, s. */
const SPARE_SECONDS = 1;

/** @param perSecond inferences a second of all cameras together */
export function createRegionBudget(perSecond: number): RegionBudget {
  const buckets = new Map<string, TokenBucket>();
  let spare = 0;
  let filledAt: number | null = null;

  function fill(now: number): void {
    const seconds = filledAt === null ? 0 : Math.max(0, now - filledAt) / 1000;
    filledAt = filledAt === null ? now : Math.max(filledAt, now);
    const part = (perSecond * seconds) / buckets.size;
    for (const bucket of buckets.values()) {
      const tokens = bucket.tokens + part;
      bucket.tokens = Math.min(bucket.capacity, tokens);
      spare += Math.max(0, tokens - bucket.capacity);
    }
    spare = Math.min(perSecond * SPARE_SECONDS, spare);
  }

  return {
    join(camera, regions) {
      // One more than a round may be saved: who asks as often as tokens come in must not lose the part of one each time.
      const bucket: TokenBucket = { tokens: Math.max(1, regions), capacity: Math.max(1, regions) + 1 };
      buckets.set(camera, bucket);
      return {
        take(now) {
          fill(now);
          if (bucket.tokens >= 1) bucket.tokens -= 1;
          else if (spare >= 1) spare -= 1;
          else return false;
          return true;
        },
      };
    },
  };
}
