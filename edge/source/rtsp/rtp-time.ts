/** RTP's 32-bit times as µs on the stream's own clock; jumps are passed on, for the source's time to judge. Pure. */

/** Pictures in a row at one time before it counts as no time at all; the two fields of a picture share theirs. */
const STANDING = 4;

export type RtpTime = {
  /** The next picture's time, µs from the first one's; null once the camera's time was seen to stand still. */
  readonly next: (rtpTime: number) => number | null;
  /** Where a time of the camera's lies on that clock, without moving on; null while there is none. */
  readonly place: (rtpTime: number) => number | null;
};

/** @param clockRate ticks a second, as the description says */
export function createRtpTime(clockRate: number): RtpTime {
  let last: number | null = null;
  let ticks = 0;
  let same = 0;
  const us = (count: number) => Math.round((count * 1e6) / clockRate);
  return {
    next(rtpTime) {
      if (last !== null) {
        // The nearer way around 2^32: pictures may come in decoding order.
        const step = (rtpTime - last) | 0;
        same = step === 0 || same === Number.POSITIVE_INFINITY ? same + 1 : 0;
        ticks += step;
      }
      if (same >= STANDING - 1) same = Number.POSITIVE_INFINITY;
      last = rtpTime;
      return same === Number.POSITIVE_INFINITY ? null : us(ticks);
    },
    place: (rtpTime) =>
      last === null || same === Number.POSITIVE_INFINITY ? null : us(ticks + ((rtpTime - last) | 0)),
  };
}
