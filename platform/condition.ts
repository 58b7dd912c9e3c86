/** Waits for a fact that others bring about: a condition variable for one thread. */

export type Condition = {
  /**
   * Settles once the fact holds, or, with `ms`, when that time is over.
   *
   * @returns false when the time was over first
   */
  readonly until: (fact: () => boolean, ms?: number) => Promise<boolean>;
  /** Something has changed: the facts that are waited for are asked again. */
  readonly check: () => void;
};

/**
 * @example
 * const changed = createCondition();
 * await changed.until(() => queue.length === 0); // elsewhere: queue.pop(); changed.check();
 */
export function createCondition(): Condition {
  const waiters = new Set<() => void>();
  return {
    until(fact, ms) {
      if (fact()) return Promise.resolve(true);
      return new Promise((settle) => {
        const end = (holds: boolean) => {
          clearTimeout(timer);
          waiters.delete(check);
          settle(holds);
        };
        const check = () => {
          if (fact()) end(true);
        };
        const timer = ms === undefined ? undefined : setTimeout(end, ms, false);
        waiters.add(check);
      });
    },
    check() {
      for (const check of [...waiters]) check();
    },
  };
}
