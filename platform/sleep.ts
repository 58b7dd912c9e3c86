/** Pauses that can be cut short and that leave nothing behind. */

/**
 * Resolves after `ms`, or at once when the signal aborts; never rejects.
 *
 * @param ms milliseconds
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    }
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/**
 * Waits for `work`, but no longer than `ms`; rejects as `work` does by then.
 *
 * @param ms milliseconds
 */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const settled = new AbortController();
  await Promise.race([work, sleep(ms, settled.signal)]).finally(() => settled.abort());
}

/** One pause at a time that others may end: a loop rests, and whoever has work for it wakes it. */
export type Rest = { readonly sleep: (ms: number) => Promise<void>; readonly wake: () => void };

/** @returns `wake` does nothing while nobody sleeps */
export function createRest(): Rest {
  let current: AbortController | null = null;
  return {
    async sleep(ms) {
      const mine = new AbortController();
      current = mine;
      await sleep(ms, mine.signal);
      if (current === mine) current = null;
    },
    wake: () => current?.abort(),
  };
}
