/** Work that must be done in order and may wait for its consumer: one piece after another, until nothing is left. */

/**
 * @param work one piece; `isCurrent` tells whether `restart` has not been called since it began
 * @param awaited whoever pushes awaits it, so that a failure is told there; else it is told by `throwFailure`
 */
export function createFeed<T>(work: (item: T, isCurrent: () => boolean) => Promise<void>, awaited: boolean) {
  const waiting: T[] = [];
  let running: Promise<void> | null = null;
  /** What went wrong while nobody waited for it. */
  let failure: unknown = null;
  /** Counts restarts: what waits of an earlier one is not worked on in this one. */
  let generation = 0;

  function throwFailure(): void {
    const thrown = failure;
    failure = null;
    if (thrown !== null) throw thrown;
  }

  async function workOff(): Promise<void> {
    const own = generation;
    const isCurrent = () => own === generation;
    try {
      while (isCurrent()) {
        const next = waiting.shift();
        if (next === undefined) break;
        await work(next, isCurrent);
      }
    } catch (error) {
      failure = error;
      waiting.length = 0;
    } finally {
      // Another generation has a run of its own.
      if (isCurrent()) running = null;
    }
    if (awaited) throwFailure();
  }

  return {
    /** Settles when nothing waits any more. */
    push(item: T): Promise<void> {
      waiting.push(item);
      running ??= workOff();
      return running;
    },
    isBusy: (): boolean => running !== null,
    settled: async (): Promise<void> => void (await running),
    throwFailure,
    /** What waits is dropped, and what is under way is told so. */
    restart(): void {
      generation++;
      waiting.length = 0;
      running = null;
    },
  };
}
