/** Times of a recording that is played again and again: they go on over its end. */
import type { MediaPacket } from '../../domain/packet.ts';

/** Pictures are stored in decoding order: a jump of the times beyond this is a fault of the file, µs. */
const MAX_STEP_US = 10_000_000;
const USUAL_STEP_US = 40_000;

/** Gives each packet a time that goes on over the file's beginning; `begin` is called before each time it is played. */
export function createRunningTimes() {
  let offsetUs = 0;
  let firstUs: number | null = null;
  let latestUs = Number.NEGATIVE_INFINITY;
  let stepUs = USUAL_STEP_US;
  return {
    begin(): void {
      if (firstUs === null) return;
      offsetUs += latestUs - firstUs + stepUs;
      firstUs = null;
      latestUs = Number.NEGATIVE_INFINITY;
    },
    /** µs since the first packet of all; may be less than the one before, as pictures are stored in decoding order. */
    place({ ptsUs: own }: MediaPacket): number {
      const ptsUs = own ?? (latestUs === Number.NEGATIVE_INFINITY ? 0 : latestUs + stepUs);
      firstUs ??= ptsUs;
      if (ptsUs > latestUs) {
        if (latestUs !== Number.NEGATIVE_INFINITY && ptsUs - latestUs < MAX_STEP_US) stepUs = ptsUs - latestUs;
        latestUs = ptsUs;
      }
      return offsetUs + ptsUs - firstUs;
    },
  };
}
