/** How far apart a stream's keyframes are, by stream time in which packets flowed. Pure. */

/** A longer step between two packets is a gap in the stream, not a long group of pictures. */
const MAX_STEP_MS = 2000;
const REMEMBERED = 4;

export type KeyRhythm = {
  readonly packet: (key: boolean, atMs: number) => void;
  /** ms of flow since the last key, or since the connection began. */
  readonly sinceKeyMs: () => number;
  /** The last distance between two keys; 0 until there was one. */
  readonly lastMs: () => number;
  /** The last two distances, the longer one; infinite until there were two. */
  readonly lastTwoMs: () => number;
  /** The longest of the last few distances and of the one that is growing; infinite until there were two. */
  readonly longestMs: () => number;
  readonly lastKeyAt: () => number | null;
  /** No packet of another connection follows a key of this one; what was measured stays. */
  readonly reconnected: () => void;
};

/** One for each camera: what was measured holds over connections. */
export function createKeyRhythm(): KeyRhythm {
  const distances = new Float64Array(REMEMBERED);
  let measured = 0;
  let flowMs = 0;
  /** The latest moment so far: packets come in the decoder's order, B-frames before what they are shown after. */
  let lastAt: number | null = null;
  let keyAt: number | null = null;

  const distance = (back: number): number => distances[(measured - back + REMEMBERED) % REMEMBERED] as number;
  const lastTwoMs = (): number => (measured < 2 ? Number.POSITIVE_INFINITY : Math.max(distance(1), distance(2)));

  return {
    packet(key, atMs) {
      const step = lastAt === null ? 0 : atMs - lastAt;
      flowMs += Math.min(MAX_STEP_MS, Math.max(0, step));
      if (lastAt === null || step > 0 || step < -MAX_STEP_MS) lastAt = atMs;
      if (!key) return;
      if (keyAt !== null) distances[measured++ % REMEMBERED] = flowMs;
      keyAt = atMs;
      flowMs = 0;
    },
    sinceKeyMs: () => flowMs,
    lastMs: () => (measured === 0 ? 0 : distance(1)),
    lastTwoMs,
    longestMs() {
      let longest = Math.max(flowMs, lastTwoMs());
      for (let back = 3; back <= Math.min(measured, REMEMBERED); back++) longest = Math.max(longest, distance(back));
      return longest;
    },
    lastKeyAt: () => keyAt,
    reconnected() {
      flowMs = 0;
      lastAt = null;
      keyAt = null;
    },
  };
}
