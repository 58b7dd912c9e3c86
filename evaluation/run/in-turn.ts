/** Runs work over a list, a few items beside each other; results stay in the list's order. */

/**
 * Runs `work` over the items, at most `jobs` at a time. @throws what the first failing item throws; the others run on
 * unseen
 */
export async function inTurn<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, run));
  return results;
}
