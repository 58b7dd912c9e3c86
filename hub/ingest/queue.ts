/** Event messages that wait for their batch: bounded, so that the broker holds what is beyond. */

/** `settle` acknowledges the message to the broker. */
export type QueuedMessage = { readonly node: string; readonly payload: Uint8Array; readonly settle: () => void };

export type MessageQueue = {
  /** @returns a promise while there is no room for more, else null */
  push(message: QueuedMessage): Promise<void> | null;
  length(): number;
  /** The oldest messages, as many as one transaction takes; empty when none wait. */
  takeBatch(): QueuedMessage[];
  /** Resolves at the next push, or when the queue is closed. */
  arrival(): Promise<void>;
  /** Ends every wait. */
  close(): void;
};

/** Messages in one transaction at the most: it grows with what waits. */
const BATCH = 256;
/** Messages that may wait; beyond this the broker has to hold them. */
const MAX_MESSAGES = 1024;
const MAX_BYTES = 64 * 1024 * 1024;

/** @param onLength told of the number of waiting messages whenever it changes */
export function createMessageQueue(onLength: (messages: number) => void): MessageQueue {
  const queue: QueuedMessage[] = [];
  let bytes = 0;
  let wake: (() => void) | null = null;
  let room: { readonly promise: Promise<void>; readonly open: () => void } | null = null;

  function roomAgain(): Promise<void> {
    if (!room) {
      let open = () => {};
      const promise = new Promise<void>((resolve) => {
        open = resolve;
      });
      room = { promise, open };
    }
    return room.promise;
  }

  return {
    length: () => queue.length,
    push(message) {
      queue.push(message);
      bytes += message.payload.length;
      onLength(queue.length);
      wake?.();
      return queue.length < MAX_MESSAGES && bytes < MAX_BYTES ? null : roomAgain();
    },
    takeBatch() {
      const batch = queue.splice(0, BATCH);
      for (const { payload } of batch) bytes -= payload.length;
      if (room && queue.length < MAX_MESSAGES / 2 && bytes < MAX_BYTES / 2) {
        room.open();
        room = null;
      }
      onLength(queue.length);
      return batch;
    },
    async arrival() {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    },
    close() {
      wake?.();
      room?.open();
    },
  };
}
