/** The broker of a small site, inside the hub: a credential a node, topic rules, and a limit on every packet. */
import type { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { ErrorCode } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import { createPacketMeter } from './packet-meter.ts';
import { mayPublish, maySubscribe } from './topic-rules.ts';

/** A packet longer than this ends its connection; an event is at most 256 KiB. */
export const MAX_PACKET_BYTES = 1024 * 1024;

export type BrokerOptions = {
  readonly host: string;
  /** 0 = any free one */
  readonly port: number;
  readonly nodePasswordOk: (node: string, password: string) => Promise<boolean>;
  /** Something was refused; `node` is empty before the log-in. */
  readonly onRefused: (node: string, code: ErrorCode, reason: string) => void;
  readonly log: Log;
};

export type EmbeddedBroker = {
  readonly port: number;
  /** A connection of the hub itself: known by the stream it comes on, so no password could open it from outside. */
  connectHub(): Duplex;
  close(): Promise<void>;
};

const BAD_CREDENTIALS = 4;

function refusal(message: string): AuthenticateError {
  return Object.assign(new Error(message), { returnCode: BAD_CREDENTIALS }) as AuthenticateError;
}

/** Ends the connection as soon as a packet announces more than the limit; the bytes are never gathered. */
function limitPackets(socket: Socket, onTooLong: (bytes: number) => void): void {
  const meter = createPacketMeter(MAX_PACKET_BYTES);
  const read = socket.read.bind(socket);
  // The broker takes its bytes with read(); looking there needs no copy and no second stream.
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    const tooLong = chunk ? meter.look(chunk) : null;
    if (tooLong === null) return chunk;
    onTooLong(tooLong);
    socket.destroy();
    return null;
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(new AppError('HUB_BROKER', `${host}:${port}: ${cause.code ?? cause.message}`, { cause }));
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

/** @throws HUB_BROKER when the port cannot be opened */
export async function startBroker({
  host,
  port,
  nodePasswordOk,
  onRefused,
  log,
}: BrokerOptions): Promise<EmbeddedBroker> {
  const hubStreams = new WeakSet<Duplex>();
  const nodes = new WeakMap<Client, string>();
  const isHub = (client: Client) => hubStreams.has(client.conn);
  const sockets = new Set<Socket>();

  function authenticate(client: Client, user: string, password: string): Promise<boolean> | boolean {
    if (isHub(client)) return true;
    return nodePasswordOk(user, password).then((good) => {
      if (!good) return false;
      nodes.set(client, user);
      // Each node has client ids of its own: none can take over another's session by using its id.
      (client as { id: string }).id = `${user}:${client.id}`;
      return true;
    });
  }

  function publishRefused(client: Client | null, packet: PublishPacket): string | null {
    if (client === null || isHub(client)) return null;
    const node = nodes.get(client) ?? '';
    const rule = mayPublish(node, packet.topic);
    if (rule.allowed) {
      if (packet.retain && !rule.mayRetain) packet.retain = false;
      return null;
    }
    onRefused(node, 'ING_WRONG_NODE', `${packet.topic.slice(0, 200)}: ${rule.why}`);
    return rule.why;
  }

  const broker = await Aedes.createBroker({
    authenticate(client, user, password, done) {
      const settle = (good: boolean) => {
        if (!good) log.warn({ node: user }, 'node refused: unknown, or wrong password');
        done(good ? null : refusal('unknown node or wrong password'), good);
      };
      Promise.resolve(authenticate(client, user ?? '', password?.toString('utf8') ?? '')).then(
        settle,
        (error: unknown) => {
          log.error({ err: error }, 'node password could not be checked');
          done(refusal('try again later'), false);
        },
      );
    },
    authorizePublish(client, packet, done) {
      const why = publishRefused(client, packet);
      done(why === null ? null : new Error(why));
    },
    authorizeSubscribe(client, subscription, done) {
      const allowed = isHub(client) || maySubscribe(nodes.get(client) ?? '', subscription.topic);
      done(null, allowed ? subscription : null);
    },
  });
  broker.on('clientError', (client, error) => {
    log.debug({ node: nodes.get(client), err: error }, 'connection of a node ended');
  });
  // Its types do not name the event; its persistence and its queue report their faults there.
  (broker as unknown as EventEmitter).on('error', (error) => log.error({ err: error }, 'broker failed at something'));
  broker.on('connectionError', (_client, error) => log.debug({ err: error }, 'connection refused'));

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    // The broker listens as long as it has the client; a socket may still break after that.
    socket.on('error', (error) => log.debug({ err: error }, 'socket of a node broke'));
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const client = broker.handle(socket);
    limitPackets(socket, (bytes) => {
      onRefused(nodes.get(client) ?? '', 'ING_TOO_LARGE', `packet of ${bytes} bytes, at most ${MAX_PACKET_BYTES}`);
    });
  });
  const openedPort = await listen(server, host, port);
  // Taking a connection can fail too, as when this process has no file descriptor left.
  server.on('error', (error) => log.error({ err: error }, 'broker could not take a connection'));
  return {
    port: openedPort,
    connectHub() {
      const [near, far] = duplexPair();
      hubStreams.add(far);
      for (const half of [near, far]) half.on('error', (error) => log.debug({ err: error }, 'own connection broke'));
      // Each half knows of data and its end only; a connection is gone for both when it is gone for one.
      far.once('close', () => near.destroy());
      near.once('close', () => far.destroy());
      broker.handle(far);
      return near;
    },
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
