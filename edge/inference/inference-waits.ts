/** Counts what each camera's inferences had to wait, and how busy the threads were, over about the last minute. Pure. */
import type { InferenceWaits } from '../domain/inference-request.ts';

const HALF_MS = 30_000;

type Count = { late: number; half: number; maxMs: number; maxBeforeMs: number };

/** Times are ms of one clock that only goes forward. */
export function createInferenceWaits() {
  const counts = new Map<string, Count>();

  function countOf(camera: string, now: number): Count {
    const half = Math.floor(now / HALF_MS);
    let count = counts.get(camera);
    if (!count) {
      count = { late: 0, half, maxMs: 0, maxBeforeMs: 0 };
      counts.set(camera, count);
    }
    if (count.half !== half) {
      count.maxBeforeMs = half === count.half + 1 ? count.maxMs : 0;
      count.maxMs = 0;
      count.half = half;
    }
    return count;
  }

  let busy = { half: 0, ms: 0, beforeMs: 0 };
  function busyOf(now: number) {
    const half = Math.floor(now / HALF_MS);
    if (busy.half !== half) busy = { half, ms: 0, beforeMs: half === busy.half + 1 ? busy.ms : 0 };
    return busy;
  }

  return {
    took(ms: number, now: number): void {
      busyOf(now).ms += ms;
    },
    /** Share of one thread's time that inferences took, since the half minute before this one began. */
    load(now: number): number {
      const { ms, beforeMs } = busyOf(now);
      return (ms + beforeMs) / (HALF_MS + (now % HALF_MS));
    },
    began(camera: string, waitedMs: number, late: boolean, now: number): void {
      const count = countOf(camera, now);
      if (late) count.late++;
      count.maxMs = Math.max(count.maxMs, waitedMs);
    },
    read(camera: string, now: number): InferenceWaits {
      const { late, maxMs, maxBeforeMs } = countOf(camera, now);
      return { lateLooks: late, inferenceWaitMs: Math.round(Math.max(maxMs, maxBeforeMs)) };
    },
  };
}
