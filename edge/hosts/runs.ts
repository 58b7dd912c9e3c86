/** Which cameras have come to their end, over all hosts that they were looked at from. */

export function createRuns(cameras: readonly string[]) {
  const open = new Set(cameras);
  let settle: { resolve: () => void; reject: (error: Error) => void } = { resolve: () => {}, reject: () => {} };
  const ended = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Live nobody waits for it.
  ended.catch(() => {});
  return {
    /** Settles when all have; rejects with the first fault. */
    ended,
    hasEnded: (camera: string): boolean => !open.has(camera),
    end(camera: string, fault: Error | null): void {
      open.delete(camera);
      if (fault) settle.reject(fault);
      else if (open.size === 0) settle.resolve();
    },
  };
}
