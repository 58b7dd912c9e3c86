/** A file played as a camera: its packets come at its own pace, and begin again at its end where that is asked. */
import { sleep } from '../../../platform/sleep.ts';
import type { Demux, MediaPacket } from '../../domain/packet.ts';
import { demuxMedia } from '../../media/demux.ts';

/** Pictures are stored in decoding order: a jump of the times beyond this is a fault of the file, µs. */
const MAX_STEP_US = 10_000_000;
const USUAL_STEP_US = 40_000;

/** Gives each packet a time that goes on over the file's beginning, and the ms after the start at which it is due. */
function createPace() {
  let offsetUs = 0;
  let firstUs: number | null = null;
  let latestUs = Number.NEGATIVE_INFINITY;
  let stepUs = USUAL_STEP_US;
  let sinceStartUs = 0;
  return {
    begin(): void {
      if (firstUs === null) return;
      offsetUs += latestUs - firstUs + stepUs;
      firstUs = null;
      latestUs = Number.NEGATIVE_INFINITY;
    },
    place(packet: MediaPacket): { readonly packet: MediaPacket; readonly dueMs: number } {
      const ptsUs = packet.ptsUs ?? (latestUs === Number.NEGATIVE_INFINITY ? 0 : latestUs + stepUs);
      firstUs ??= ptsUs;
      if (ptsUs > latestUs) {
        if (latestUs !== Number.NEGATIVE_INFINITY && ptsUs - latestUs < MAX_STEP_US) stepUs = ptsUs - latestUs;
        latestUs = ptsUs;
      }
      const placed = offsetUs + ptsUs - firstUs;
      sinceStartUs = Math.max(sinceStartUs, placed);
      return { packet: { ...packet, ptsUs: placed }, dueMs: sinceStartUs / 1000 };
    },
  };
}

/** @param loop begins again at the file's end, with times that go on */
export function demuxLiveFile(loop: boolean): Demux {
  return async (order, onPacket, signal) => {
    const pace = createPace();
    const startedAt = performance.now();
    do {
      pace.begin();
      await demuxMedia(
        order,
        async (raw) => {
          const { packet, dueMs } = pace.place(raw);
          const waitMs = startedAt + dueMs - performance.now();
          if (waitMs > 1) await sleep(waitMs, signal);
          if (!signal.aborted) await onPacket({ ...packet, arrivedAt: performance.now() });
        },
        signal,
      );
    } while (loop && !signal.aborted);
  };
}
