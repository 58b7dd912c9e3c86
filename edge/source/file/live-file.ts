/** A file played as a camera: its packets come at its own pace, and begin again at its end where that is asked. */
import { sleep } from '../../../platform/sleep.ts';
import type { Demux } from '../../domain/packet.ts';
import { demuxMedia } from '../../media/demux.ts';
import { createRunningTimes } from './running-times.ts';

/** @param loop begins again at the file's end, with times that go on */
export function demuxLiveFile(loop: boolean): Demux {
  return async (order, onPacket, signal) => {
    const times = createRunningTimes();
    const startedAt = performance.now();
    let sinceStartUs = 0;
    do {
      times.begin();
      await demuxMedia(
        order,
        async (packet) => {
          const ptsUs = times.place(packet);
          // Pictures are stored in decoding order: none comes before one that was stored before it.
          sinceStartUs = Math.max(sinceStartUs, ptsUs);
          const waitMs = startedAt + sinceStartUs / 1000 - performance.now();
          if (waitMs > 1) await sleep(waitMs, signal);
          if (!signal.aborted) await onPacket({ ...packet, ptsUs, arrivedAt: performance.now() });
        },
        signal,
      );
    } while (loop && !signal.aborted);
  };
}
