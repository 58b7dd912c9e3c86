/** One node's connection to the broker (MQTT 3.1.1): connects for ever, with back-off and jitter; a new client for each connection. */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { backOffMs } from '../../platform/back-off.ts';
import { type Log, publicUrl } from '../../platform/log.ts';

export type Message = { readonly topic: string; readonly payload: string };
export type PublishOptions = { readonly qos: 0 | 1; readonly retain?: boolean };

export type SessionOptions = {
  readonly url: string;
  readonly node: string;
  readonly password: string;
  readonly ca: Buffer | null;
  readonly subscriptions: readonly string[];
  /** Made anew for each connection: the broker publishes it when this node goes without a word. */
  readonly will: () => Message;
  /** Connected and subscribed. */
  readonly onOnline: () => void;
  readonly onOffline: () => void;
  readonly onMessage: (topic: string, payload: Buffer) => void;
  readonly random: () => number;
  readonly log: Log;
};

/** Return code of a subscription that the broker does not take. */
const REFUSED = 0x80;
const LIMITS = { minMs: 1000, maxMs: 30_000 };
/** A connection that held this long was a good one: the back-off begins anew after it. */
const STEADY_MS = 10_000;

function clientOptions(options: SessionOptions): IClientOptions {
  const will = options.will();
  return {
    clientId: options.node,
    username: options.node,
    password: options.password,
    ...(options.ca ? { ca: options.ca } : {}),
    // Level 4 is MQTT 3.1.1 (3.1.2.2).
    protocolVersion: 4,
    // Clean session (3.1.2.4): what the hub has not acknowledged is sent anew from the outbox, not from the broker.
    clean: true,
    // The broker takes a client for gone after one and a half of it, and publishes the will (3.1.2.10), s.
    keepalive: 20,
    connectTimeout: 10_000,
    // Reconnecting is done here, with jitter, so that a fleet does not return all at once.
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
    // Retained (3.1.2.7), so that it stands where the status stood.
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
  };
}

/** Connects with `start`, and again after each end until `close`. */
export function createMqttSession(options: SessionOptions) {
  const { log, random } = options;
  const place = publicUrl(options.url);
  let client: MqttClient | null = null;
  let online = false;
  let closed = false;
  let attempt = 0;
  let timer: NodeJS.Timeout | null = null;
  let steady: NodeJS.Timeout | null = null;
  let lastFault = '';
  /** Publications that the broker has not confirmed; with the connection their hope is gone. */
  const unsettled = new Set<(went: boolean) => void>();

  function noteFault(fault: string): void {
    // The same fault each few seconds for a day would bury everything else.
    if (fault !== lastFault) log.warn({ broker: place, fault }, 'EDGE_UPLINK: no connection; trying again');
    lastFault = fault;
  }

  function open(): void {
    timer = null;
    const mine = connect(options.url, clientOptions(options));
    client = mine;
    mine.on('error', (error) => noteFault(error.message || String((error as { code?: unknown }).code)));
    mine.on('message', (topic, payload) => options.onMessage(topic, payload));
    mine.on('connect', () => {
      mine.subscribe([...options.subscriptions], { qos: 1 }, (error, granted) => {
        // A SUBACK's return code 0x80 is a refusal (3.9.3).
        const refused = granted?.filter((grant) => grant.qos === REFUSED).map((grant) => grant.topic) ?? [];
        if (error || refused.length > 0) {
          noteFault(error?.message ?? `the broker refuses ${refused.join(', ')}`);
          mine.end(true);
          return;
        }
        if (mine !== client || closed) return;
        online = true;
        steady = setTimeout(() => {
          attempt = 0;
        }, STEADY_MS);
        log.info({ broker: place }, 'uplink connected');
        lastFault = '';
        options.onOnline();
      });
    });
    mine.on('close', () => {
      if (mine !== client) return;
      client = null;
      mine.removeAllListeners();
      // A socket's last error may come after its close; nobody waits for it any more.
      mine.on('error', () => {});
      mine.end(true);
      dropped();
    });
  }

  function dropped(): void {
    if (steady) clearTimeout(steady);
    steady = null;
    for (const settle of unsettled) settle(false);
    if (online) {
      online = false;
      options.onOffline();
      if (!closed) noteFault('connection lost');
    }
    if (!closed) timer = setTimeout(open, backOffMs(attempt++, random, LIMITS));
  }

  return {
    start: open,
    online: (): boolean => online,
    /**
     * Hands a message to the broker; true once it has it (QoS 1: PUBACK, 4.3.2) or it was written (QoS 0), false when it
     * did not go. That the broker has it says nothing of the hub: only the hub's own ack does.
     */
    publish(message: Message, { qos, retain = false }: PublishOptions): Promise<boolean> {
      const mine = client;
      if (!online || !mine) return Promise.resolve(false);
      return new Promise((resolve) => {
        const settle = (went: boolean) => {
          unsettled.delete(settle);
          resolve(went);
        };
        unsettled.add(settle);
        mine.publish(message.topic, message.payload, { qos, retain }, (error) => settle(!error));
      });
    },
    async close(): Promise<void> {
      closed = true;
      if (timer) clearTimeout(timer);
      if (steady) clearTimeout(steady);
      const mine = client;
      client = null;
      online = false;
      if (!mine) return;
      mine.removeAllListeners();
      mine.on('error', () => {});
      // Without force a client that never connected would wait for ever.
      await mine.endAsync(!mine.connected);
    },
  };
}
