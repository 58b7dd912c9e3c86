/** Rate and latency of a line over the last minute, without keeping every frame. */

const WINDOW_MS = 60_000;
const MAX_FRAMES = 2048;
/** From packet to rules; beyond it a frame is late, ms. */
const LATE_MS = 500;

/** @param elapsed any clock that only goes forward, ms */
export function createLineStats(elapsed: () => number) {
  const frames: { readonly at: number; readonly tookMs: number }[] = [];
  const startedAt = elapsed();
  let count = 0;
  let inferred = 0;
  let lateFrames = 0;

  function trim(now: number): void {
    while (frames.length > MAX_FRAMES || (frames[0] && now - frames[0].at > WINDOW_MS)) frames.shift();
  }
  return {
    frame(tookMs: number, wasInferred: boolean): void {
      count++;
      if (wasInferred) inferred++;
      if (tookMs > LATE_MS) lateFrames++;
      const at = elapsed();
      frames.push({ at, tookMs });
      trim(at);
    },
    read() {
      const now = elapsed();
      trim(now);
      const seconds = Math.max(1, Math.min(WINDOW_MS, now - startedAt) / 1000);
      const sorted = frames.map((frame) => frame.tookMs).sort((a, b) => a - b);
      return {
        frames: count,
        inferred,
        lateFrames,
        fps: Math.round((frames.length / seconds) * 100) / 100,
        latencyMs: Math.round((sorted[sorted.length >> 1] ?? 0) * 10) / 10,
      };
    },
  };
}
