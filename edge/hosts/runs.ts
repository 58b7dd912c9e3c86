/** Which cameras have come to their end, over all hosts that ran them. */
import { createDeferred } from '../../platform/deferred.ts';

/** @param cameras all that will ever end */
export function createRuns(cameras: readonly string[]) {
  const open = new Set(cameras);
  const all = createDeferred<void>();
  // Live nobody waits for it.
  all.promise.catch(() => {});
  return {
    /** Settles when all have; rejects with the first fault. */
    ended: all.promise,
    hasEnded: (camera: string): boolean => !open.has(camera),
    end(camera: string, fault: Error | null): void {
      open.delete(camera);
      if (fault) all.reject(fault);
      else if (open.size === 0) all.resolve();
    },
  };
}
