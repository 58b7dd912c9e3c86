/** Counts a stream's packets: how many a second, how many bits, how far apart the keyframes are. Pure. */
import type { MediaPacket } from '../../domain/packet.ts';

/** A longer step between two packets is a break of the stream's clock, s. */
const MAX_STEP = 120;

type Moment = { readonly pts: number | null; readonly arrived: number };
type Mark = Moment & { readonly packets: number; readonly bytes: number };

export type Measured = {
  readonly fps: number | null;
  readonly kbps: number | null;
  /** Mean distance of keyframes, s; null where fewer than two came. */
  readonly keyframeSeconds: number | null;
};

const momentOf = ({ ptsUs, arrivedAt }: MediaPacket): Moment => ({
  pts: ptsUs === null ? null : ptsUs / 1e6,
  arrived: arrivedAt / 1000,
});
const rounded = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

/** @param live where a stream has no times of its own, arrival stands for them; a file arrives as fast as it is read */
export function createProbeTally(live: boolean) {
  let packets = 0;
  let bytes = 0;
  let last: Moment | null = null;
  let latestPts = Number.NEGATIVE_INFINITY;
  /** Stream time that has gone by, s. */
  let flow = 0;
  let keys = 0;
  let key: Mark | null = null;
  let firstKeyAfter: number | null = null;
  /** Between keys whose distance is known. */
  const between = { seconds: 0, keys: 0, packets: 0, bytes: 0 };

  function seconds(from: Moment, to: Moment): number | null {
    const step = from.pts === null || to.pts === null ? null : to.pts - from.pts;
    if (step !== null && step > 0 && step < MAX_STEP) return step;
    return live ? to.arrived - from.arrived : null;
  }

  /** Presentation times rise by the latest one: B-frames come after what they lie before. */
  function flowOn(now: Moment): void {
    if (now.pts === null) {
      if (live && last) flow += now.arrived - last.arrived;
      return;
    }
    const step = now.pts - latestPts;
    if (step > 0 || step < -MAX_STEP) latestPts = now.pts;
    if (step > 0 && step < MAX_STEP) flow += step;
  }

  return {
    packet(packet: MediaPacket): void {
      const now = momentOf(packet);
      flowOn(now);
      last = now;
      packets++;
      bytes += packet.data.length;
    },
    /** The packet just counted shows a whole picture by itself. */
    keyframe(packet: MediaPacket): void {
      const now: Mark = { ...momentOf(packet), packets, bytes };
      const distance = key ? seconds(key, now) : null;
      if (key && distance !== null) {
        between.seconds += distance;
        between.keys++;
        between.packets += now.packets - key.packets;
        between.bytes += now.bytes - key.bytes;
      }
      firstKeyAfter ??= rounded(flow, 1);
      key = now;
      keys++;
    },
    packets: () => packets,
    keys: () => keys,
    firstKeyAfter: () => firstKeyAfter,
    flow: () => flow,
    measured(): Measured {
      // From key to key neither the order of B-frames nor the size of a group that is cut off counts.
      const whole = between.seconds > 0;
      const span = whole ? between.seconds : flow;
      const frames = whole ? between.packets : packets - 1;
      if (span <= 0 || frames <= 0) return { fps: null, kbps: null, keyframeSeconds: null };
      return {
        fps: rounded(frames / span, 2),
        kbps: Math.round(((whole ? between.bytes : bytes) * 8) / span / 1000),
        keyframeSeconds: whole ? rounded(between.seconds / between.keys, 2) : null,
      };
    },
  };
}
