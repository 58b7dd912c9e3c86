/** Much work in small parts, with everybody else's turn between. */
import { sleep } from './sleep.ts';

/** However quick a slice was: timers, sockets and files get their turn. */
const MIN_REST_MS = 2;

/**
 * Does slice after slice until one is not full, and rests after each for as long as it took: who waits for this thread or
 * the database waits for one slice at most, and gets half of the time.
 *
 * @param some does one slice, and gives how many it did
 * @param full how many a full slice does
 * @returns how many in all; fewer than there were when the signal aborts, the rest is for another time
 */
export async function inSlices(some: () => Promise<number>, full: number, signal?: AbortSignal): Promise<number> {
  for (let total = 0; ; ) {
    const began = performance.now();
    const done = await some();
    total += done;
    if (done < full || signal?.aborted) return total;
    await sleep(Math.max(MIN_REST_MS, performance.now() - began), signal);
  }
}
