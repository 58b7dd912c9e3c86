/** The uplink: events by MQTT until the hub acknowledges them, evidence by HTTP, status and health, orders from the hub. */
import { AckBatch } from '../../contracts/ack.ts';
import { type NodeHealth, type NodeStatus, watchingNothing } from '../../contracts/status.ts';
import { nodeReads, parseTopic, type TopicName, topic } from '../../contracts/topics.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { within } from '../../platform/sleep.ts';
import { isValid } from '../../platform/validate.ts';
import { createDrain } from './drain.ts';
import { createObservationSender } from './observations.ts';
import { answerCommand, answerConfig, type OrderHandlers } from './orders.ts';
import type { FileQueue, MessageQueue, ObservationQueue } from './queues.ts';
import { createRefusedResender } from './resend-refused.ts';
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
  readonly queue: MessageQueue & FileQueue & ObservationQueue;
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
const RESEND_PAUSE_MS = 200;
const OBSERVATIONS_MS = 60_000;

export function createUplink(options: UplinkOptions) {
  const { node, clock, log } = options;
  let cameras: NodeStatus['cameras'] = {};
  let unreadableAcks = 0;

  function statusNow(state: NodeStatus['state']): NodeStatus {
    const status = { state, at: timestamp(clock.now()), version: options.version, cameras };
    // A last will is published when nobody watches any more, whatever the cameras saw when it was made.
    return state === 'offline' ? watchingNothing(status) : status;
  }
  const statusOf = (state: NodeStatus['state']) => ({
    topic: topic(node, 'status'),
    payload: JSON.stringify(statusNow(state)),
  });

  const outboxUnread = (error: unknown) => log.warn({ err: error }, 'outbox could not be used; tried again');

  /** Whatever kept the hub from taking what it refused may be mended since the last connection. */
  function askAllAgain(): void {
    try {
      options.queue.resendRefused();
    } catch (error) {
      outboxUnread(error);
    }
  }

  const session = createMqttSession({
    url: options.mqtt,
    node,
    password: options.password,
    ca: options.ca,
    subscriptions: nodeReads.map((name) => topic(node, name)),
    will: () => statusOf('offline'),
    onOnline: () => {
      void session.publish(statusOf('online'), { qos: 1, retain: true });
      askAllAgain();
      drain.start();
      resender.start();
      observations.start();
      upload.nudge();
    },
    onOffline: () => {
      drain.stop();
      resender.stop();
      observations.stop();
    },
    onMessage: (name, payload) =>
      void receive(name, payload).catch((error: unknown) =>
        log.error({ err: error, name }, 'a message of the hub failed'),
      ),
    random: options.random,
    log,
  });

  const sendEvent = (body: string) => void session.publish({ topic: topic(node, 'events'), payload: body }, { qos: 1 });
  const drain = createDrain({
    queue: options.queue,
    send: sendEvent,
    window: options.window ?? 50,
    resendMs: options.resendMs ?? 10_000,
    elapsed: () => performance.now(),
    onFault: outboxUnread,
  });

  const resender = createRefusedResender({
    queue: options.queue,
    send: sendEvent,
    window: options.window ?? 50,
    resendMs: options.resendMs ?? 10_000,
    pauseMs: RESEND_PAUSE_MS,
    now: clock.now,
    elapsed: () => performance.now(),
    onFault: outboxUnread,
  });

  const observations = createObservationSender({
    queue: options.queue,
    send: (batch) =>
      void session.publish({ topic: topic(node, 'observations'), payload: JSON.stringify(batch) }, { qos: 1 }),
    everyMs: options.observationsMs ?? OBSERVATIONS_MS,
    onFault: outboxUnread,
  });

  const upload = createUpload({
    hub: { base: options.evidence, node, password: options.password, ca: options.ca },
    queue: options.queue,
    folder: options.evidenceDir,
    clock,
    random: options.random,
    log,
    onDelivered: () => options.onProgress?.(),
  });

  function takeAcks(payload: Buffer): void {
    let value: unknown;
    try {
      value = JSON.parse(payload.toString('utf8'));
    } catch {
      value = null;
    }
    if (!isValid(AckBatch, value)) {
      unreadableAcks++;
      log.warn({ bytes: payload.length }, 'an acknowledgement that is none was ignored; its messages are sent again');
      return;
    }
    try {
      const settled = options.queue.settle(value.acks);
      drain.settled(settled);
      resender.settled(settled);
    } catch (error) {
      // The rows stay and are sent again; the hub answers `duplicate` then.
      if (!(error instanceof AppError)) throw error;
      log.warn({ code: error.code, detail: error.message }, 'acknowledgements could not be saved; sent again later');
    }
    if (value.observations) observations.answered(value.observations);
    upload.nudge();
    options.onProgress?.();
  }

  async function answer(name: TopicName, payload: Buffer): Promise<void> {
    if (name === 'config') {
      const applied = await answerConfig(payload, options);
      await session.publish(
        { topic: topic(node, 'applied'), payload: JSON.stringify(applied) },
        { qos: 1, retain: true },
      );
    } else if (name === 'commands') {
      const reply = await answerCommand(payload, options, log);
      // Whatever kept the hub from taking events kept it from taking this too.
      if (reply?.ok) await session.publish(statusOf('online'), { qos: 1, retain: true });
      // It may have been an order to send files again.
      upload.nudge();
      if (reply) await session.publish({ topic: topic(node, 'replies'), payload: JSON.stringify(reply) }, { qos: 1 });
    }
  }

  async function receive(text: string, payload: Buffer): Promise<void> {
    const to = parseTopic(text);
    if (to?.node !== node) return;
    if (to.name === 'acks') takeAcks(payload);
    // An empty retained payload is how a broker clears a topic.
    else if (payload.length > 0) await answer(to.name, payload);
  }

  return {
    start(): void {
      session.start();
      upload.start();
    },
    online: session.online,
    /** What the node sees; retained at the broker, sent again with each connection. */
    publishStatus(next: NodeStatus['cameras']): void {
      cameras = next;
      void session.publish(statusOf('online'), { qos: 1, retain: true });
    },
    publishHealth(health: NodeHealth): void {
      void session.publish({ topic: topic(node, 'health'), payload: JSON.stringify(health) }, { qos: 0 });
    },
    stats: () => ({ ...drain.stats(), unreadableAcks }),
    /** Says goodbye (status offline) if the broker is there, and lets go of everything. */
    async close(): Promise<void> {
      drain.close();
      resender.stop();
      observations.stop();
      await upload.close();
      const endsAt = performance.now() + OFFLINE_MS;
      const leftMs = () => Math.max(0, endsAt - performance.now());
      await within(leftMs(), session.publish(statusOf('offline'), { qos: 1, retain: true }));
      await within(leftMs(), session.close());
    },
  };
}

export type Uplink = ReturnType<typeof createUplink>;
