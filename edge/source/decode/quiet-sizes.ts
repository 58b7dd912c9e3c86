/**
 * How large the packets of a quiet scene are, and whether one is too large for it: motion costs bytes before anything
 * is decoded. What counts as quiet is what the analysis has called so, so the measure follows rate control, B-frames,
 * periodic refresh and weather by itself. Pure; nothing is allocated for a packet.
 */

/** A packet between keys so many times the usual one is a jump. */
const JUMP = 2.5;
/** Streams with B-frames or refreshes have a few large ones even when quiet: those, and a little more, are no jump. */
const USUAL_LARGE = 0.995;
const OVER_USUAL_LARGE = 1.25;
/** An empty scene's packets are a few dozen bytes, where a ratio means nothing. */
const MIN_JUMP_BYTES = 200;
/** Some 20 s at 25 fps: long enough to be steady, short enough to follow a change of light or rate. */
const REMEMBERED = 512;
const ENOUGH = 24;
/**
 * A keyframe is what the whole picture costs. Where a jump needs more than this share of it (constant bit rate spends
 * on an unchanged scene what it has; noise at night), a truck could come and go between two keyframes and no size tell.
 */
const TELLING_SHARE = 0.1;
const KEYS_AVERAGED = 4;
/** Sizes in eighths of an octave up to 16 MB. */
const PER_OCTAVE = 8;
const BUCKETS = 24 * PER_OCTAVE;
/** Sizes of one group that wait until it is known whether it was quiet. */
const MAX_WAITING = 256;

const bucketOf = (bytes: number): number =>
  Math.min(BUCKETS - 1, Math.floor(Math.log2(Math.max(1, bytes)) * PER_OCTAVE));
/** Upper end of a bucket, bytes. */
const bytesOf = (bucket: number): number => 2 ** ((bucket + 1) / PER_OCTAVE);

function createHistogram() {
  const counts = new Int32Array(BUCKETS);
  const order = new Uint8Array(REMEMBERED);
  let total = 0;
  return {
    add(bucket: number): void {
      const slot = total % REMEMBERED;
      if (total >= REMEMBERED) counts[order[slot] as number] = (counts[order[slot] as number] as number) - 1;
      order[slot] = bucket;
      counts[bucket] = (counts[bucket] as number) + 1;
      total++;
    },
    total: () => total,
    quantile(share: number): number {
      const wanted = share * Math.min(total, REMEMBERED);
      let passed = 0;
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        passed += counts[bucket] as number;
        if (passed >= wanted) return bytesOf(bucket);
      }
      return bytesOf(BUCKETS - 1);
    },
  };
}

/** Sizes since a key, until it is known whether the scene was quiet. */
function createBatch() {
  const sizes = new Uint8Array(MAX_WAITING);
  let count = 0;
  return {
    add(bucket: number): void {
      if (count < MAX_WAITING) sizes[count++] = bucket;
    },
    clear(): void {
      count = 0;
    },
    pourInto(histogram: ReturnType<typeof createHistogram>): void {
      for (let i = 0; i < count; i++) histogram.add(sizes[i] as number);
      count = 0;
    },
  };
}

export type QuietSizes = {
  /** A packet as it comes, `atMs` of stream time. True: larger than a quiet scene's ever are. */
  readonly packet: (key: boolean, bytes: number, atMs: number) => boolean;
  /** What the analysis of the picture of `atMs` gave. */
  readonly analysed: (atMs: number, quiet: boolean) => void;
  /** Enough is known, and anything that covers a tenth of the picture would be a jump. */
  readonly tells: () => boolean;
};

/** One for each connection of a camera, and over them. */
export function createQuietSizes(): QuietSizes {
  const quiet = createHistogram();
  let growing = createBatch();
  let ended = createBatch();
  let endedAt = Number.NEGATIVE_INFINITY;
  let stirred = false;
  let most = Number.POSITIVE_INFINITY;
  let keyBytes = 0;

  return {
    packet(key, bytes, atMs) {
      if (key) {
        keyBytes += (bytes - keyBytes) / (keyBytes === 0 ? 1 : KEYS_AVERAGED);
        [growing, ended] = [ended, growing];
        growing.clear();
        if (stirred) ended.clear();
        stirred = false;
        endedAt = atMs;
        return false;
      }
      growing.add(bucketOf(bytes));
      return bytes > most;
    },
    analysed(atMs, unchanged) {
      if (!unchanged) {
        ended.clear();
        stirred = true;
        return;
      }
      // A picture from within a group says nothing of the rest of it.
      if (atMs < endedAt) return;
      ended.pourInto(quiet);
      if (quiet.total() < ENOUGH) return;
      const median = quiet.quantile(0.5);
      most = Math.max(JUMP * median, OVER_USUAL_LARGE * quiet.quantile(USUAL_LARGE), median + MIN_JUMP_BYTES);
    },
    tells: () => most <= TELLING_SHARE * keyBytes,
  };
}
