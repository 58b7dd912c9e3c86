/** Frames a second over the last half minute of camera time, against what was asked for. Pure. */

const BINS = 30;
const BIN_MS = 1000;
/** Below this share of the rate that was asked for, rules may miss what is short. */
const MIN_SHARE = 0.4;

export type FrameRate = {
  readonly frame: (at: number) => void;
  readonly isLow: (at: number) => boolean;
  readonly reset: () => void;
};

/** @param expectedFps frames a second; null: no rate is too low */
export function createFrameRate(expectedFps: number | null): FrameRate {
  const counts = new Int32Array(BINS);
  let bin = 0;
  let startedAt: number | null = null;
  const binOf = (at: number) => Math.floor(at / BIN_MS);

  function moveTo(next: number): void {
    if (next - bin >= BINS) counts.fill(0);
    else for (let at = bin + 1; at <= next; at++) counts[at % BINS] = 0;
    bin = Math.max(bin, next);
  }
  return {
    frame(at) {
      if (startedAt === null) {
        startedAt = at;
        bin = binOf(at);
        counts.fill(0);
      }
      moveTo(binOf(at));
      counts[bin % BINS] = (counts[bin % BINS] as number) + 1;
    },
    isLow(at) {
      if (expectedFps === null || startedAt === null || at - startedAt < BINS * BIN_MS) return false;
      let frames = 0;
      for (const count of counts) frames += count;
      return frames / BINS < expectedFps * MIN_SHARE;
    },
    reset() {
      startedAt = null;
    },
  };
}
