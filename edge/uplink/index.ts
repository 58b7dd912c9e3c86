/** The uplink: events by MQTT until the hub acknowledges them, evidence by HTTP, status and health, orders from the hub. */
import { AckBatch } from '../../contracts/ack.ts';
import type { NodeHealth, NodeStatus } from '../../contracts/status.ts';
import { nodeReads, parseTopic, type TopicName, topic } from '../../contracts/topics.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { within } from '../../platform/sleep.ts';
import { isValid } from '../../platform/validate.ts';
import { answerCommand, answerConfig, type OrderHandlers } from './orders.ts';
import { createPublisher } from './publisher.ts';
import type { FileQueue, ObservationQueue, OutgoingQueue } from './queues.ts';
import { createSenders } from './senders.ts';
import { createMqttSession } from './session.ts';
import { createUpload } from './upload.ts';

export type { OrderHandlers } from './orders.ts';

export type UplinkOptions = OrderHandlers & {
  readonly node: string;
  /** mqtt(s)://host:port */
  readonly mqtt: string;
  /** http(s)://host:port of the hub's API. */
  readonly evidence: string;
  readonly password: string;
  /** PEM of the authority that signed the hub's certificates; null = the system's. */
  readonly ca: Buffer | null;
  readonly version: string;
  readonly queue: OutgoingQueue & FileQueue & ObservationQueue;
  readonly evidenceDir: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** After each ack or delivery. */
  readonly onProgress?: () => void;
  readonly window?: number;
  readonly resendMs?: number;
  /** Hours that have changed are sent so often; default: each minute. */
  readonly observationsMs?: number;
};

const OFFLINE_MS = 2000;

/** Connects with `start`; what was not delivered at `close` stays in the queue. */
export function createUplink(options: UplinkOptions) {
  const { node, log, queue } = options;
  let unreadableAcks = 0;

  const session = createMqttSession({
    url: options.mqtt,
    node,
    password: options.password,
    ca: options.ca,
    subscriptions: nodeReads.map((name) => topic(node, name)),
    will: () => publisher.lastWill(),
    onOnline: () => {
      void publisher.status('online');
      senders.start();
      upload.nudge();
    },
    onOffline: () => senders.stop(),
    onMessage: (name, payload) =>
      void receive(name, payload).catch((error: unknown) =>
        log.error({ err: error, name }, 'a message of the hub failed'),
      ),
    random: options.random,
    log,
  });
  const publisher = createPublisher(options, session.publish);
  const senders = createSenders({
    ...options,
    sendEvent: (body) => void publisher.event(body),
    sendObservations: (batch) => void publisher.observations(batch),
  });
  const upload = createUpload({
    hub: { base: options.evidence, node, password: options.password, ca: options.ca },
    queue,
    folder: options.evidenceDir,
    clock: options.clock,
    random: options.random,
    log,
    onDelivered: () => options.onProgress?.(),
  });

  function takeAcks(payload: Buffer): void {
    const batch = readAcks(payload);
    if (!batch) {
      unreadableAcks++;
      log.warn({ bytes: payload.length }, 'an acknowledgement that is none was ignored; its messages are sent again');
      return;
    }
    try {
      senders.settle(batch.acks);
    } catch (error) {
      // The rows stay and are sent again; the hub answers `duplicate` then.
      if (!(error instanceof AppError)) throw error;
      log.warn({ code: error.code, detail: error.message }, 'acknowledgements could not be saved; sent again later');
    }
    if (batch.observations) senders.observationsAnswered(batch.observations);
    upload.nudge();
    options.onProgress?.();
  }

  async function answer(name: TopicName, payload: Buffer): Promise<void> {
    if (name === 'config') {
      await publisher.applied(await answerConfig(payload, options));
    } else if (name === 'commands') {
      const reply = await answerCommand(payload, options, log);
      // Whatever kept the hub from taking events kept it from taking this too.
      if (reply?.ok) await publisher.status('online');
      // It may have been an order to send files again.
      upload.nudge();
      if (reply) await publisher.reply(reply);
    }
  }

  async function receive(text: string, payload: Buffer): Promise<void> {
    const to = parseTopic(text);
    if (to?.node !== node) return;
    if (to.name === 'acks') takeAcks(payload);
    // An empty retained payload is how a broker clears a topic (MQTT 3.1.1, 3.3.1.3).
    else if (payload.length > 0) await answer(to.name, payload);
  }

  return {
    start(): void {
      session.start();
      upload.start();
    },
    online: session.online,
    /** What the node sees; retained at the broker, sent again with each connection. */
    publishStatus(cameras: NodeStatus['cameras']): void {
      publisher.setCameras(cameras);
      void publisher.status('online');
    },
    publishHealth: (health: NodeHealth): void => void publisher.health(health),
    stats: () => ({ ...senders.stats(), unreadableAcks }),
    /** Publishes status offline if the broker is there, and ends everything. */
    async close(): Promise<void> {
      senders.close();
      await upload.close();
      const endsAt = performance.now() + OFFLINE_MS;
      const leftMs = () => Math.max(0, endsAt - performance.now());
      await within(leftMs(), publisher.status('offline'));
      await within(leftMs(), session.close());
    },
  };
}

export type Uplink = ReturnType<typeof createUplink>;

function readAcks(payload: Buffer): AckBatch | null {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return isValid(AckBatch, value) ? value : null;
  } catch {
    return null;
  }
}
