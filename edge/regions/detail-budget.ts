/**
 * How many looks at far zones a node may take, shared among its cameras: each has its own part of the budget, which
 * nobody can take from it; what one leaves over goes to whoever asks. Pure but for its own state: time is an argument.
 */

export type DetailShare = {
  /** May this camera take a look now? `now` in ms of any clock that all cameras of the budget share. */
  readonly take: (now: number) => boolean;
};

export type DetailBudget = {
  /**
   * A camera with that many far regions; it may take a whole round of them after a rest. Joining again under the same
   * name (a camera started anew) takes the old place.
   */
  readonly join: (camera: string, regions: number) => DetailShare;
};

type Purse = { looks: number; readonly most: number };

/** Looks a second at far zones, where the configuration says nothing: about 6 % of a core with our own model. */
export const DETAIL_PER_SECOND = 4;
/** Looks that nobody took are kept this long, s. */
const SPARE_SECONDS = 1;

export function createDetailBudget(perSecond: number): DetailBudget {
  const purses = new Map<string, Purse>();
  let spare = 0;
  let filledAt: number | null = null;

  function fill(now: number): void {
    const seconds = filledAt === null ? 0 : Math.max(0, now - filledAt) / 1000;
    filledAt = filledAt === null ? now : Math.max(filledAt, now);
    const part = (perSecond * seconds) / purses.size;
    for (const purse of purses.values()) {
      const looks = purse.looks + part;
      purse.looks = Math.min(purse.most, looks);
      spare += Math.max(0, looks - purse.most);
    }
    spare = Math.min(perSecond * SPARE_SECONDS, spare);
  }

  return {
    join(camera, regions) {
      // One more than a round may be saved: who asks as often as looks come in must not lose the part of one each time.
      const purse: Purse = { looks: Math.max(1, regions), most: Math.max(1, regions) + 1 };
      purses.set(camera, purse);
      return {
        take(now) {
          fill(now);
          if (purse.looks >= 1) purse.looks -= 1;
          else if (spare >= 1) spare -= 1;
          else return false;
          return true;
        },
      };
    },
  };
}
