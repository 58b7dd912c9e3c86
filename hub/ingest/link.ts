/** The hub's MQTT 3.1.1 connection, to any broker: a QoS 1 message gets its PUBACK (§4.3.2) only once it is stored. */
import type { Duplex } from 'node:stream';
import { connect as connectTo, type IClientOptions, type IPublishPacket, MqttClient } from 'mqtt';
import { AppError } from '../../platform/app-error.ts';
import { type Log, publicUrl } from '../../platform/log.ts';

export type Received = {
  readonly topic: string;
  readonly payload: Buffer;
  /** Sends the PUBACK. Not called: the broker sends the message again after a reconnect (§4.4). */
  readonly settle: () => void;
};

export type LinkOptions = {
  readonly to: { readonly url: string } | { readonly stream: () => Duplex };
  readonly clientId: string;
  readonly user?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate; left out = the system's. */
  readonly ca?: Buffer;
  /** With a session (CleanSession 0, §3.1.2.4) the broker keeps messages while the hub restarts. */
  readonly session: boolean;
  readonly topics: readonly string[];
  /** @returns a promise while no further message should come, null when there is room */
  readonly onMessage: (message: Received) => Promise<void> | null;
  readonly log: Log;
};

export type Link = {
  publish(topic: string, payload: string, options?: { readonly retain?: boolean }): void;
  connected(): boolean;
  close(): Promise<void>;
};

const FIRST_CONNECTION_MS = 10_000;
const RECONNECT_MS = 1_000;

/** Sends PUBACK. MQTT.js can only do so before it hands over the next message, which would allow one at a time. */
type WithAcks = { _sendPacket(packet: { cmd: 'puback'; messageId: number }, done: () => void): void };

function receive(client: MqttClient, onMessage: LinkOptions['onMessage']) {
  client.handleMessage = (packet: IPublishPacket, done) => {
    const { stream } = client;
    const { messageId } = packet;
    const settle = () => {
      // Packet ids belong to a connection (§2.3.1); on another one the broker has sent the message again under its own.
      if (packet.qos !== 1 || messageId === undefined || client.stream !== stream || !client.connected) return;
      (client as unknown as WithAcks)._sendPacket({ cmd: 'puback', messageId }, () => {});
    };
    const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
    const room = onMessage({ topic: packet.topic, payload, settle });
    // Handing an error to `done` means: go on with the next message and send no PUBACK for this one.
    const goOn = () => done(packet.qos === 1 ? new Error('acknowledged after the commit') : undefined);
    if (room) room.then(goOn, goOn);
    else goOn();
  };
}

async function firstConnection(client: MqttClient, where: string): Promise<void> {
  let last: unknown = new Error('no answer');
  const remember = (error: unknown) => {
    last = error;
  };
  client.on('error', remember);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(reject, FIRST_CONNECTION_MS);
      client.once('connect', () => {
        clearTimeout(timer);
        resolve();
      });
      client.on('error', (error) => {
        // A return code in the CONNACK (§3.2.2.3): a refused log-in stays refused; a port that is not open yet may open.
        if (typeof (error as { code?: unknown }).code !== 'number') return;
        clearTimeout(timer);
        reject(error);
      });
    });
  } catch {
    client.end(true);
    throw new AppError(
      'HUB_BROKER',
      `${where}: ${last instanceof Error ? last.message || String((last as NodeJS.ErrnoException).code) : String(last)}`,
      {
        cause: last,
      },
    );
  } finally {
    client.off('error', remember);
  }
}

/** @throws HUB_BROKER when there is no connection at first; later ones are sought for ever */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { to, log } = options;
  const where = 'url' in to ? publicUrl(to.url) : 'embedded broker';
  const settings: IClientOptions = {
    protocolVersion: 4,
    clientId: options.clientId,
    clean: !options.session,
    keepalive: 30,
    reconnectPeriod: RECONNECT_MS,
    resubscribe: false,
    queueQoSZero: false,
    ...(options.user === undefined ? {} : { username: options.user }),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    ...(options.password === undefined ? {} : { password: options.password }),
  };
  const client =
    'url' in to
      ? connectTo(to.url, { ...settings, manualConnect: true })
      : new MqttClient(to.stream, { ...settings, manualConnect: true });
  receive(client, options.onMessage);
  let subscribed: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    subscribed = resolve;
  });
  client.on('connect', () => {
    client.subscribe([...options.topics], { qos: 1 }, (error, granted) => {
      // A refused filter has 0x80 for its QoS in the SUBACK (§3.9.3).
      const refused = granted?.filter((grant) => grant.qos > 2).map((grant) => grant.topic) ?? [];
      if (error || refused.length > 0) log.error({ where, refused }, 'broker refused a subscription');
      else log.info({ where }, 'connected to the broker');
      subscribed();
    });
  });
  client.on('error', (error) => log.warn({ where, err: error }, 'broker connection failed'));
  client.on('offline', () => log.warn({ where }, 'broker is away'));
  client.connect();
  await firstConnection(client, where);
  await ready;
  return {
    publish(topic, payload, { retain = false } = {}) {
      client.publish(topic, payload, { qos: 1, retain }, (error) => {
        // An ack that does not arrive is asked for again by the node, which repeats the event.
        if (error) log.debug({ topic, err: error }, 'publish failed');
      });
    },
    connected: () => client.connected,
    close: () => client.endAsync(),
  };
}
