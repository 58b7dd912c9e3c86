/** A recording played again and again as fast as it is taken, as a camera that shows the same for hours. */
import type { Demux } from '../../domain/packet.ts';
import { demuxMedia } from '../../media/demux.ts';
import { createRunningTimes } from './running-times.ts';

/**
 * Times go on from one playing to the next; ends with the first picture at or after `lengthMs`. A recording without a
 * picture ends after one playing.
 * @param lengthMs of the stream, ms
 */
export function demuxRepeatedFile(lengthMs: number): Demux {
  return async (order, onPacket, signal) => {
    const times = createRunningTimes();
    const enough = new AbortController();
    const leave = () => enough.abort();
    signal.addEventListener('abort', leave, { once: true });
    try {
      let reachedUs = -1;
      for (let before = Number.NEGATIVE_INFINITY; reachedUs > before && !enough.signal.aborted; ) {
        before = reachedUs;
        times.begin();
        await demuxMedia(
          order,
          (packet) => {
            const ptsUs = times.place(packet);
            reachedUs = Math.max(reachedUs, ptsUs);
            if (ptsUs >= lengthMs * 1000) leave();
            return enough.signal.aborted ? undefined : onPacket({ ...packet, ptsUs });
          },
          enough.signal,
        );
      }
    } finally {
      signal.removeEventListener('abort', leave);
    }
  };
}
