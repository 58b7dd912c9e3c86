/** The broker of a small site, inside the hub (MQTT 3.1.1): a credential a node, topic rules, a limit on every packet. */
import type { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { Aedes, type AedesOptions, type Client, type PublishPacket } from 'aedes';
import type { ErrorCode } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { TlsFiles } from '../tls.ts';
import { createHandshakes } from './handshakes.ts';
import { createRefusalLog, type LoginResult, refusal } from './login-refusals.ts';
import { createNodeConnections, type NodeConnections } from './node-connections.ts';
import { limitPackets, limitUnread } from './socket-limits.ts';
import { mayPublish, maySubscribe } from './topic-rules.ts';

/** A packet longer than this ends its connection; an event is at most 256 KiB. */
const MAX_PACKET_BYTES = 1024 * 1024;
/** Before the log-in: a CONNECT with its will. */
const MAX_CONNECT_BYTES = 128 * 1024;
/** Connections of one address that have not logged in; a fleet behind one address comes back in turns. */
const MAX_HANDSHAKES = 256;
/** What may wait until a node reads it; with more its connection ends, and nobody waits for it. */
const MAX_UNREAD_BYTES = 4 * MAX_PACKET_BYTES;
/** A connection that has not finished its TLS handshake by then ends. */
const HANDSHAKE_MS = 10_000;

export type BrokerOptions = {
  readonly host: string;
  /** 0 = any free one */
  readonly port: number;
  readonly checkNode: (node: string, password: string, address: string) => Promise<LoginResult>;
  /** Certificate and key: the port then speaks mqtts and nothing else. */
  readonly tls?: TlsFiles;
  /** Something was refused; `node` is empty before the log-in. */
  readonly onRefused: (node: string, code: ErrorCode, reason: string) => void;
  readonly log: Log;
};

export type EmbeddedBroker = {
  readonly port: number;
  /** A connection of the hub itself: known by the stream it comes on, so no password could open it from outside. */
  connectHub(): Duplex;
  /** Ends every session of a node, and those that are being opened. */
  cut(node: string): void;
  /** What a renewed certificate is given to; null without TLS. */
  readonly tlsServer: TlsServer | null;
  close(): Promise<void>;
};

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

/** What the broker knows of its connections. */
type Connections = {
  readonly hub: WeakSet<Duplex>;
  /** Node of each that has logged in. */
  readonly nodes: WeakMap<Client, string>;
  readonly byNode: NodeConnections;
  /** To be called at the log-in: it holds no place among those that have not logged in any more. */
  readonly onLogin: WeakMap<Client, () => void>;
};

type Handlers = Required<Pick<AedesOptions, 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>>;

/** Who may log in, publish and subscribe. */
function createHandlers(connections: Connections, { checkNode, onRefused, log }: BrokerOptions): Handlers {
  const { nodes, byNode, onLogin } = connections;
  const logRefusal = createRefusalLog(log);
  const isHub = (client: Client) => connections.hub.has(client.conn);

  async function logIn(client: Client, user: string, password: string): Promise<LoginResult> {
    if (isHub(client)) return 'good';
    byNode.add(user, client);
    const { remoteAddress = '' } = client.conn as Socket;
    const result = await checkNode(user, password, remoteAddress);
    // Cut off in the meantime, it was checked against what held before.
    if (result !== 'good' || !byNode.has(user, client)) {
      byNode.remove(user, client);
      return result === 'good' ? 'wrong' : result;
    }
    nodes.set(client, user);
    onLogin.get(client)?.();
    // A client id ends the older connection that has it (§3.1.4): each node has ids of its own, and none ends another's.
    (client as { id: string }).id = `${user}:${client.id}`;
    // A session that outlives its connection (§3.1.2.4) gathers what nobody fetches, once for each id that a node thinks of.
    client.clean = true;
    return 'good';
  }

  function publishFault(client: Client | null, packet: PublishPacket): string | null {
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

  return {
    authenticate(client, user, password, done) {
      const answer = (result: LoginResult) => {
        if (result === 'good') return done(null, true);
        logRefusal(user ?? '', result);
        done(refusal(result), false);
      };
      logIn(client, user ?? '', password?.toString('utf8') ?? '').then(answer, (error: unknown) => {
        log.error({ err: error }, 'node password could not be checked');
        done(refusal('busy'), false);
      });
    },
    // MQTT 3.1.1 has no answer that refuses a PUBLISH (§3.3.5): the connection ends.
    authorizePublish(client, packet, done) {
      const fault = publishFault(client, packet);
      done(fault === null ? null : new Error(fault));
    },
    // Refused, it gets the return code 0x80 in its SUBACK (§3.9.3).
    authorizeSubscribe(client, subscription, done) {
      const allowed = isHub(client) || maySubscribe(nodes.get(client) ?? '', subscription.topic);
      done(null, allowed ? subscription : null);
    },
  };
}

/** Takes a socket in, within its limits; `sockets` are those to be ended at the close. */
function createIntake(broker: Aedes, { nodes, byNode, onLogin }: Connections, options: BrokerOptions) {
  const { onRefused, log } = options;
  const sockets = new Set<Socket>();
  const handshakes = createHandshakes(MAX_HANDSHAKES);
  function take(socket: Socket): void {
    socket.setNoDelay(true);
    // The broker listens as long as it has the client; a socket may break after that.
    socket.on('error', (error) => log.debug({ err: error }, 'socket of a node broke'));
    const loggedIn = handshakes.begin(socket.remoteAddress ?? '');
    if (loggedIn === null) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const client = broker.handle(socket);
    onLogin.set(client, loggedIn);
    socket.once('close', () => {
      loggedIn();
      sockets.delete(socket);
      byNode.forget(client);
    });
    const limit = () => (nodes.has(client) ? MAX_PACKET_BYTES : MAX_CONNECT_BYTES);
    limitPackets(socket, limit, (bytes) => {
      onRefused(nodes.get(client) ?? '', 'ING_TOO_LARGE', `packet of ${bytes} bytes, at most ${limit()}`);
    });
    limitUnread(socket, MAX_UNREAD_BYTES, () =>
      log.warn({ node: nodes.get(client) }, 'node reads nothing; its connection ends'),
    );
  }
  return { take, sockets };
}

/** A stream pair within this process; the broker knows its far end as the hub's. */
function connectWithin(broker: Aedes, hub: WeakSet<Duplex>, log: Log): Duplex {
  const [near, far] = duplexPair();
  hub.add(far);
  for (const half of [near, far]) half.on('error', (error) => log.debug({ err: error }, 'own connection broke'));
  // Each half knows of data and its end only; a connection is gone for both when it is gone for one.
  far.once('close', () => near.destroy());
  near.once('close', () => far.destroy());
  broker.handle(far);
  return near;
}

/** Aedes with our log-ins, topic rules and limits, on a port of its own. @throws HUB_BROKER when it cannot be opened */
export async function startBroker(options: BrokerOptions): Promise<EmbeddedBroker> {
  const { host, port, tls, log } = options;
  const connections: Connections = {
    hub: new WeakSet(),
    nodes: new WeakMap(),
    byNode: createNodeConnections(),
    onLogin: new WeakMap(),
  };
  const { hub, nodes, byNode } = connections;
  const broker = await Aedes.createBroker(createHandlers(connections, options));
  broker.on('clientError', (client, error) => {
    log.debug({ node: nodes.get(client), err: error }, 'connection of a node ended');
  });
  // Its types do not name the event; its persistence and its queue report their faults there.
  (broker as unknown as EventEmitter).on('error', (error) => log.error({ err: error }, 'broker failed at something'));
  broker.on('connectionError', (_client, error) => log.debug({ err: error }, 'connection refused'));
  const { take, sockets } = createIntake(broker, connections, options);
  const tlsServer = tls ? createTlsServer({ ...tls, handshakeTimeout: HANDSHAKE_MS }, take) : null;
  tlsServer?.on('tlsClientError', (error) => log.debug({ err: error }, 'no TLS connection'));
  const server = tlsServer ?? createServer(take);
  const openedPort = await listen(server, host, port);
  // Taking a connection can fail too, as when this process has no file descriptor left.
  server.on('error', (error) => log.error({ err: error }, 'broker could not take a connection'));
  return {
    port: openedPort,
    tlsServer,
    // The socket goes without a DISCONNECT: its will is published (§3.1.2.5) and says that the node is gone.
    cut(node) {
      for (const client of byNode.end(node)) client.conn.destroy();
    },
    connectHub: () => connectWithin(broker, hub, log),
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
