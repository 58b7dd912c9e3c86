/** Notices a camera that is connected and silent. Counts on the monotonic clock: wall clocks jump. */
import type { SourceConfig } from '../config.ts';

const CHECK_MS = 500;
/** A camera may send keyframes seldom: silence is a stall only after several of its own intervals. */
const KEYFRAME_INTERVALS = 3;
/** Connecting and finding the first keyframe takes longer than the next frame. */
const FIRST_FRAME_FACTOR = 2;

export type StallWatch = {
  /** A frame has come. */
  readonly frame: () => void;
  /** Watches one connection; `stop` gives the ms of silence if it ended for that, else null. */
  readonly start: (excused: () => boolean, onStall: () => void) => { readonly stop: () => number | null };
};

export function createStallWatch(config: SourceConfig): StallWatch {
  const limitMs = (config.stallSeconds ?? 10) * 1000;
  let last = 0;
  let frames = 0;
  let longestMs = 0;

  function allowedMs(): number {
    if (frames < 2) return limitMs * FIRST_FRAME_FACTOR;
    return config.cadence === 'keyframes' ? Math.max(limitMs, longestMs * KEYFRAME_INTERVALS) : limitMs;
  }
  return {
    frame() {
      const now = performance.now();
      if (frames > 0) longestMs = Math.max(longestMs * 0.99, now - last);
      frames++;
      last = now;
    },
    start(excused, onStall) {
      frames = 0;
      last = performance.now();
      let silentMs: number | null = null;
      const timer = setInterval(() => {
        const now = performance.now();
        if (excused()) last = now;
        else if (silentMs === null && now - last > allowedMs()) {
          silentMs = now - last;
          onStall();
        }
      }, CHECK_MS);
      return {
        stop() {
          clearInterval(timer);
          return silentMs;
        },
      };
    },
  };
}
