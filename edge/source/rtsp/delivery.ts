/** Hands packets on one by one; one that is waited for holds back those behind it, and the camera's connection. */
import type { MediaPacket } from '../../domain/packet.ts';

export type Delivery = {
  readonly give: (packet: MediaPacket) => void;
  /** Settles when everything given was taken. */
  readonly settled: () => Promise<void>;
  /** Nothing is handed on any more. */
  readonly close: () => void;
};

/** @param connection paused while a packet is waited for */
export function createDelivery(
  onPacket: (packet: MediaPacket) => void | Promise<void>,
  connection: { readonly pause: () => void; readonly resume: () => void; readonly fail: (error: Error) => void },
): Delivery {
  let chain: Promise<void> | null = null;
  let waiting = 0;
  let closed = false;

  /** What waits is no more than one read brought: the connection is paused meanwhile. */
  function hold(taken: Promise<void>): void {
    if (waiting++ === 0) connection.pause();
    chain = taken.then(
      () => {
        if (--waiting > 0) return;
        chain = null;
        connection.resume();
      },
      (error: unknown) => {
        closed = true;
        connection.fail(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
  return {
    give(packet) {
      if (closed) return;
      const taken = chain ? chain.then(() => (closed ? undefined : onPacket(packet))) : onPacket(packet);
      if (taken) hold(taken);
    },
    async settled() {
      while (chain && !closed) await chain;
    },
    close() {
      closed = true;
    },
  };
}
