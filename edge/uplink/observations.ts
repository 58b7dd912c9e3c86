/** Sends hours of counts to a hub that takes them, a message at a time, until it says that they are stored. */
import { randomUUID } from 'node:crypto';
import type { ObservationAck } from '../../contracts/ack.ts';
import { HOUR_MS, MAX_OBSERVATION_HOURS, type ObservationBatch } from '../../contracts/observations.ts';
import { timestamp } from '../../platform/clock.ts';
import type { ObservationQueue, QueuedHour } from './queues.ts';

export type ObservationSenderOptions = {
  readonly queue: ObservationQueue;
  /** Hands one message to the broker. What is lost goes again with the next round. */
  readonly send: (batch: ObservationBatch) => void;
  /** Time between two rounds over what has changed, ms. */
  readonly everyMs: number;
  /** The queue could not be used; it is tried again. */
  readonly onFault: (error: unknown) => void;
};

/** Rounds after which what was refused is sent again as it was. */
const REFUSED_ROUNDS = 60;

const toWire = ({ camera, zone, kind, hour, rev, watchedMs, statistics }: QueuedHour) => ({
  ...{ camera, zone, kind, hour: timestamp(hour), rev },
  watchedSeconds: Math.floor(Math.min(HOUR_MS, watchedMs) / 1000),
  statistics: JSON.parse(statistics) as Record<string, number>,
});

export function createObservationSender({ queue, send, everyMs, onFault }: ObservationSenderOptions) {
  let running = false;
  let timer: NodeJS.Timeout | null = null;
  let cursor = 0;
  let rounds = 0;
  let sent: { readonly id: string; readonly hours: readonly QueuedHour[] } | null = null;
  /** Revision of each refused hour: it waits for a change, the next connection or an hour. */
  const refused = new Map<number, number>();

  function sendNext(): void {
    for (;;) {
      const found = queue.hoursPending(MAX_OBSERVATION_HOURS, cursor);
      const last = found.at(-1);
      if (!last) return;
      // Each hour once a round: those of this moment change all the time.
      cursor = last.n;
      const hours = found.filter(({ n, rev }) => refused.get(n) !== rev);
      if (hours.length === 0) continue;
      sent = { id: randomUUID(), hours };
      send({ id: sent.id, hours: hours.map(toWire) });
      return;
    }
  }

  function tried(work: () => void): void {
    try {
      work();
    } catch (error) {
      onFault(error);
    }
  }

  function beginRound(): void {
    if (++rounds % REFUSED_ROUNDS === 0) refused.clear();
    cursor = 0;
    sent = null;
    tried(sendNext);
  }

  function take({ id, refused: places = [] }: ObservationAck): void {
    if (sent?.id !== id) return;
    const { hours } = sent;
    const bad = new Set(places);
    for (const { n, rev } of hours.filter((_, i) => bad.has(i))) refused.set(n, rev);
    queue.hoursStored(hours.filter((_, i) => !bad.has(i)));
    sent = null;
    sendNext();
  }

  return {
    /** After each (re)connection: the hub may be another one. */
    start(): void {
      running = true;
    },
    stop(): void {
      running = false;
      if (timer) clearInterval(timer);
      timer = null;
      sent = null;
      refused.clear();
    },
    /** The hub's answers; even none of them says that it takes observations: another's broker may end the connection. */
    answered(acks: readonly ObservationAck[]): void {
      if (!running) return;
      if (timer === null) {
        timer = setInterval(beginRound, everyMs);
        beginRound();
      }
      tried(() => acks.forEach(take));
    },
  };
}
