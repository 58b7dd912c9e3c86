/**
 * Hands what was read to a consumer that may be slower: either the newest waits alone and what it replaces is dropped
 * and counted, or the reader waits until it was taken.
 */
export type Mailbox<T> = {
  /** Replaces what waits. */
  readonly put: (item: T) => void;
  /** Settles when the item was taken, or `finish` was called. */
  readonly putAndWait: (item: T) => Promise<void>;
  /** The next item, or null when `finish` was called and none is left. */
  readonly take: () => Promise<T | null>;
  /** What waits is still taken, nothing new. */
  readonly finish: () => void;
  /** Items replaced before they were taken. */
  readonly drops: () => number;
};

/** @param drop frees what is replaced, or comes after `finish` */
export function createMailbox<T>(drop: (item: T) => void): Mailbox<T> {
  let waiting: T | null = null;
  let taker: ((item: T | null) => void) | null = null;
  let taken: (() => void) | null = null;
  let finished = false;
  let drops = 0;

  function tellTaken(): void {
    const tell = taken;
    taken = null;
    tell?.();
  }
  function hand(): void {
    if (!taker || (waiting === null && !finished)) return;
    const take = taker;
    const item = waiting;
    taker = null;
    waiting = null;
    take(item);
    tellTaken();
  }
  function put(item: T): void {
    if (finished) {
      drop(item);
      return;
    }
    if (waiting !== null) {
      drops++;
      drop(waiting);
      tellTaken();
    }
    waiting = item;
    hand();
  }

  return {
    put,
    async putAndWait(item) {
      put(item);
      if (waiting !== item || finished) return;
      await new Promise<void>((settle) => {
        taken = settle;
      });
    },
    take: () =>
      new Promise((settle) => {
        taker = settle;
        hand();
      }),
    finish() {
      finished = true;
      tellTaken();
      hand();
    },
    drops: () => drops,
  };
}
