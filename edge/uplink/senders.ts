/** What sends the outbox: new messages in order, refused ones beside them, hours of counts. */
import type { AckBatch } from '../../contracts/ack.ts';
import type { ObservationBatch } from '../../contracts/observations.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { createDrain } from './drain.ts';
import { createObservationSender } from './observations.ts';
import type { ObservationQueue, OutgoingQueue } from './queues.ts';
import { createRefusedResender } from './resend-refused.ts';

export type SendersOptions = {
  readonly queue: OutgoingQueue & ObservationQueue;
  readonly sendEvent: (body: string) => void;
  readonly sendObservations: (batch: ObservationBatch) => void;
  /** Most messages of a kind that are sent and not acknowledged; default 50. */
  readonly window?: number | undefined;
  /** A message without the hub's ack for this long is sent again, ms; default 10 s. */
  readonly resendMs?: number | undefined;
  /** Hours that have changed are sent so often, ms; default: each minute. */
  readonly observationsMs?: number | undefined;
  readonly clock: Clock;
  readonly log: Log;
};

const RESEND_PAUSE_MS = 200;

/** All of them run while there is a connection: `start` with each, `stop` at its end. */
export function createSenders(options: SendersOptions) {
  const { queue, sendEvent, clock, log } = options;
  const onFault = (error: unknown) => log.warn({ err: error }, 'outbox could not be used; tried again');
  const flow = {
    send: sendEvent,
    window: options.window ?? 50,
    resendMs: options.resendMs ?? 10_000,
    elapsed: () => performance.now(),
    onFault,
  };
  const drain = createDrain({ queue, ...flow });
  const resender = createRefusedResender({ queue, ...flow, pauseMs: RESEND_PAUSE_MS, now: clock.now });
  const observations = createObservationSender({
    queue,
    send: options.sendObservations,
    everyMs: options.observationsMs ?? 60_000,
    onFault,
  });

  /** Whatever kept the hub from taking what it refused may be repaired since the last connection. */
  function askAllAgain(): void {
    try {
      queue.resendRefused();
    } catch (error) {
      onFault(error);
    }
  }

  return {
    start(): void {
      askAllAgain();
      drain.start();
      resender.start();
      observations.start();
    },
    stop(): void {
      drain.stop();
      resender.stop();
      observations.stop();
    },
    /** @throws EDGE_OUTBOX_BUSY, EDGE_DISK_FULL: nothing has changed then. */
    settle(acks: AckBatch['acks']): void {
      const settled = queue.settle(acks);
      drain.settled(settled);
      resender.settled(settled);
    },
    observationsAnswered: observations.answered,
    stats: drain.stats,
    close(): void {
      drain.close();
      resender.stop();
      observations.stop();
    },
  };
}
