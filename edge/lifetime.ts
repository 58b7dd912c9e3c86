/** Waiting for what comes. */

/** A promise and the way to settle it. */
export function createSignal<T>(): { readonly promise: Promise<T>; readonly give: (value: T) => void } {
  let give: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    give = done;
  });
  return { promise, give };
}

/** Settles once `fact` holds; `look` is called whenever it may have come to hold. */
export function createWait(fact: () => boolean) {
  const waiters = new Set<() => void>();
  return {
    look(): void {
      if (waiters.size === 0 || !fact()) return;
      for (const waiter of waiters) waiter();
      waiters.clear();
    },
    wait: (): Promise<void> => (fact() ? Promise.resolve() : new Promise((done) => void waiters.add(done))),
  };
}

/** Waits, but not for ever. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
