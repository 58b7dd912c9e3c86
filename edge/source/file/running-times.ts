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
  let packets = 0;
  return {
    begin(): void {
      if (firstUs === null) return;
      // The last picture stands as long as one does in the mean: the last step of the times may be that of several.
      const meanUs = packets < 2 ? stepUs : (latestUs - firstUs) / (packets - 1);
      offsetUs += Math.round(latestUs - firstUs + Math.min(meanUs, MAX_STEP_US));
      firstUs = null;
      latestUs = Number.NEGATIVE_INFINITY;
      packets = 0;
    },
    /** µs since the first packet of all; may be less than the one before, as pictures are stored in decoding order. */
    place({ ptsUs: own }: MediaPacket): number {
      const ptsUs = own ?? (latestUs === Number.NEGATIVE_INFINITY ? 0 : latestUs + stepUs);
      firstUs ??= ptsUs;
      packets += 1;
      if (ptsUs > latestUs) {
        if (latestUs !== Number.NEGATIVE_INFINITY && ptsUs - latestUs < MAX_STEP_US) stepUs = ptsUs - latestUs;
        latestUs = ptsUs;
      }
      return offsetUs + ptsUs - firstUs;
    },
  };
}
