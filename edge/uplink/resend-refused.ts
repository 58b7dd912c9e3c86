/** Sends refused messages again, beside the others: one at a time until the hub takes them, then faster and faster. */
import type { OutgoingQueue, SettledSeqs } from './queues.ts';

export type RefusedResenderOptions = {
  readonly queue: Pick<OutgoingQueue, 'refusedDue'>;
  readonly send: (body: string) => void;
  /** Most messages on their way. */
  readonly window: number;
  /** Without an ack for this long it counts as not sent, ms. */
  readonly resendMs: number;
  /** After another refusal nothing is sent for this long, ms: what has no hope costs the hub next to nothing. */
  readonly pauseMs: number;
  /** Node time, ms since the epoch. */
  readonly now: () => number;
  /** Any clock that only goes forward, ms. */
  readonly elapsed: () => number;
  /** The queue could not be read; tried again after the pause. */
  readonly onFault: (error: unknown) => void;
};

/** Sends from `start` on, until `stop`. */
export function createRefusedResender(options: RefusedResenderOptions) {
  const { queue, send, window, resendMs, pauseMs, now, elapsed, onFault } = options;
  const inFlight = new Map<number, number>();
  let allowance = 1;
  let pausedUntil = 0;
  let timer: NodeJS.Timeout | null = null;

  /** An outbox that cannot be read now is asked again by the timer. */
  function pump(): void {
    try {
      sendMore();
    } catch (error) {
      onFault(error);
    }
  }

  function sendMore(): void {
    const at = elapsed();
    for (const [seq, sentAt] of inFlight) if (at - sentAt >= resendMs) inFlight.delete(seq);
    if (!timer || at < pausedUntil || inFlight.size >= allowance) return;
    for (const { seq, body } of queue.refusedDue(now(), allowance + inFlight.size)) {
      if (inFlight.size >= allowance) return;
      if (inFlight.has(seq)) continue;
      inFlight.set(seq, at);
      send(body);
    }
  }

  return {
    start(): void {
      inFlight.clear();
      allowance = 1;
      pausedUntil = 0;
      timer ??= setInterval(pump, pauseMs);
      pump();
    },
    stop(): void {
      if (timer) clearInterval(timer);
      timer = null;
      inFlight.clear();
    },
    settled({ settled, refused }: SettledSeqs): void {
      const bad = new Set(refused.map(({ seq }) => seq));
      for (const seq of settled) {
        if (!inFlight.delete(seq)) continue;
        if (bad.has(seq)) {
          allowance = 1;
          pausedUntil = elapsed() + pauseMs;
        } else allowance = Math.min(window, allowance * 2);
      }
      pump();
    },
  };
}
