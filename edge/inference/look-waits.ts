/** Counts what each camera's looks had to wait: how many began too late, and the longest wait of about a minute. Pure. */
import type { LookWaits } from '../domain/look-order.ts';

const HALF_MS = 30_000;

type Count = { late: number; half: number; mostMs: number; mostBeforeMs: number };

export function createLookWaits() {
  const counts = new Map<string, Count>();

  function countOf(camera: string, now: number): Count {
    const half = Math.floor(now / HALF_MS);
    let count = counts.get(camera);
    if (!count) {
      count = { late: 0, half, mostMs: 0, mostBeforeMs: 0 };
      counts.set(camera, count);
    }
    if (count.half !== half) {
      count.mostBeforeMs = half === count.half + 1 ? count.mostMs : 0;
      count.mostMs = 0;
      count.half = half;
    }
    return count;
  }

  return {
    began(camera: string, waitedMs: number, late: boolean, now: number): void {
      const count = countOf(camera, now);
      if (late) count.late++;
      count.mostMs = Math.max(count.mostMs, waitedMs);
    },
    read(camera: string, now: number): LookWaits {
      const { late, mostMs, mostBeforeMs } = countOf(camera, now);
      return { lateLooks: late, inferenceWaitMs: Math.round(Math.max(mostMs, mostBeforeMs)) };
    },
  };
}
