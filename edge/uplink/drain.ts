/** Sends the outbox in order through a window of messages that the hub has not acknowledged yet. */
import type { OutgoingQueue, SettledSeqs } from './queues.ts';

export type DrainOptions = {
  readonly queue: OutgoingQueue;
  /** Hands one message to the broker. A loss is made good by `resendMs` or by the next `start`. */
  readonly send: (body: string) => void;
  /** Most messages sent and not acknowledged by the hub. */
  readonly window: number;
  /** A message without the hub's ack for this long is sent again, ms. */
  readonly resendMs: number;
  /** Any clock that only goes forward, ms. */
  readonly elapsed: () => number;
  /** The queue could not be read; it is tried again. */
  readonly onFault: (error: unknown) => void;
};

/** Listens to the queue at once, sends from `start` on. */
export function createDrain({ queue, send, window, resendMs, elapsed, onFault }: DrainOptions) {
  const inFlight = new Map<number, number>();
  let cursor = 0;
  let running = false;
  let resent = 0;
  let timer: NodeJS.Timeout | null = null;

  /** An outbox that cannot be read now is asked again by the timer; whoever appends or acknowledges is not to fail. */
  function pump(): void {
    try {
      sendMore();
    } catch (error) {
      onFault(error);
    }
  }

  function sendMore(): void {
    if (!running) return;
    while (inFlight.size < window) {
      const rows = queue.pending(window - inFlight.size, cursor);
      if (rows.length === 0) return;
      for (const row of rows) {
        cursor = row.seq;
        inFlight.set(row.seq, elapsed());
        send(row.body);
      }
    }
  }

  function sendOne(seq: number): void {
    const row = queue.row(seq);
    // What lies ahead of the cursor comes with its turn.
    if (!running || !row || seq > cursor) return;
    inFlight.set(seq, elapsed());
    send(row.body);
  }

  function sendLate(): void {
    const now = elapsed();
    for (const [seq, sentAt] of inFlight) {
      if (now - sentAt < resendMs) continue;
      const row = queue.row(seq);
      if (!row) {
        inFlight.delete(seq);
        continue;
      }
      resent++;
      inFlight.set(seq, now);
      send(row.body);
    }
  }

  function sendAgain(): void {
    try {
      sendLate();
    } catch (error) {
      onFault(error);
    }
    pump();
  }

  const stopListening = queue.onAppend(() => pump());

  return {
    /** From the lowest unacknowledged message on: after each (re)connection. */
    start(): void {
      inFlight.clear();
      cursor = 0;
      running = true;
      timer ??= setInterval(sendAgain, Math.max(20, Math.min(1000, resendMs / 4)));
      pump();
    },
    stop(): void {
      running = false;
      if (timer) clearInterval(timer);
      timer = null;
      inFlight.clear();
    },
    /** The hub's acks made room in the window; what was signed anew under its number goes out again. */
    settled({ settled, again = [] }: SettledSeqs): void {
      for (const seq of settled) inFlight.delete(seq);
      for (const seq of again) sendOne(seq);
      pump();
    },
    stats: () => ({ inFlight: inFlight.size, resent }),
    close(): void {
      this.stop();
      stopListening();
    },
  };
}
