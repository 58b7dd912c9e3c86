/** The broker of a small site, inside the hub: a credential a node, topic rules, and a limit on every packet. */
import type { EventEmitter } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { ErrorCode } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Log } from '../../platform/log.ts';
import type { TlsFiles } from '../tls.ts';
import { createHandshakes } from './handshakes.ts';
import { createPacketMeter } from './packet-meter.ts';
import { mayPublish, maySubscribe } from './topic-rules.ts';

/** A packet longer than this ends its connection; an event is at most 256 KiB. */
const MAX_PACKET_BYTES = 1024 * 1024;
/** Of whoever has not logged in: a log-in with its last will. */
const MAX_CONNECT_BYTES = 128 * 1024;
/** Connections of one address that have not logged in; a fleet behind one address comes back in turns. */
const MAX_HANDSHAKES = 256;
/** What may wait until a node reads it. Whoever lets more wait loses its connection, and nobody waits for it. */
const MAX_UNREAD_BYTES = 4 * MAX_PACKET_BYTES;
/** Whoever opens a port and says nothing is let go of after this time. */
const HANDSHAKE_MS = 10_000;

type LoginResult = 'good' | 'wrong' | 'disabled' | 'busy';

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

/** MQTT 3.1.1 §3.2.2.3, by what the check of the password said. */
const refusals: Readonly<Record<Exclude<LoginResult, 'good'>, readonly [returnCode: number, why: string]>> = {
  busy: [3, 'too many ask at once'],
  wrong: [4, 'unknown node or wrong password'],
  disabled: [5, 'node is disabled'],
};

function refusal(verdict: keyof typeof refusals): AuthenticateError {
  const [returnCode, why] = refusals[verdict];
  return Object.assign(new Error(why), { returnCode }) as AuthenticateError;
}

/** Refused log-ins in the log: each node's own, but strangers cannot fill it. */
function createRefusalLog(log: Log) {
  let since = 0;
  let lines = 0;
  let silent = 0;
  return (node: string, verdict: keyof typeof refusals) => {
    const now = performance.now();
    if (now - since > REFUSALS_MS) {
      if (silent > 0) log.warn({ refused: silent }, 'more log-ins of nodes were refused');
      since = now;
      lines = 0;
      silent = 0;
    }
    lines += 1;
    if (lines > REFUSALS_LOGGED) silent += 1;
    else log.warn({ node: node.slice(0, 64) }, `node refused: ${refusals[verdict][1]}`);
  };
}
const REFUSALS_MS = 10_000;
const REFUSALS_LOGGED = 20;

/** Ends the connection as soon as a packet announces more than the limit; the bytes are never gathered. */
function limitPackets(socket: Socket, limit: () => number, onTooLong: (bytes: number) => void): void {
  const meter = createPacketMeter(limit);
  const read = socket.read.bind(socket);
  // The broker takes its bytes with read(); looking there needs no copy and no second stream.
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null;
    const tooLong = chunk ? meter.inspect(chunk) : null;
    if (tooLong === null) return chunk;
    onTooLong(tooLong);
    socket.destroy();
    return null;
  };
}

/**
 * The broker waits for whoever does not read, and all others wait with it: so it never learns of it. What gathers
 * meanwhile is bounded.
 */
function limitUnread(socket: Socket, onUnread: () => void): void {
  const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
  socket.write = (...given: unknown[]) => {
    write(...given);
    if (socket.writableLength > MAX_UNREAD_BYTES) {
      onUnread();
      socket.destroy();
    }
    return true;
  };
}

/** Which connections belong to which node, from the moment that they name it. */
function createSessions() {
  const byNode = new Map<string, Set<Client>>();
  const names = new WeakMap<Client, string>();
  function remove(node: string, client: Client): void {
    const own = byNode.get(node);
    own?.delete(client);
    if (own?.size === 0) byNode.delete(node);
  }
  return {
    add(node: string, client: Client): void {
      names.set(client, node);
      const own = byNode.get(node);
      if (own) own.add(client);
      else byNode.set(node, new Set([client]));
    },
    has: (node: string, client: Client): boolean => byNode.get(node)?.has(client) ?? false,
    remove,
    forget(client: Client): void {
      const node = names.get(client);
      if (node !== undefined) remove(node, client);
    },
    end(node: string): Client[] {
      const own = [...(byNode.get(node) ?? [])];
      byNode.delete(node);
      return own;
    },
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
  checkNode,
  tls,
  onRefused,
  log,
}: BrokerOptions): Promise<EmbeddedBroker> {
  const hubStreams = new WeakSet<Duplex>();
  const nodes = new WeakMap<Client, string>();
  const sessions = createSessions();
  const noteRefusal = createRefusalLog(log);
  const isHub = (client: Client) => hubStreams.has(client.conn);
  const sockets = new Set<Socket>();
  const handshakes = createHandshakes(MAX_HANDSHAKES);
  const handshaking = new WeakMap<Client, () => void>();

  async function authenticate(client: Client, user: string, password: string): Promise<LoginResult> {
    if (isHub(client)) return 'good';
    sessions.add(user, client);
    const { remoteAddress = '' } = client.conn as Socket;
    const verdict = await checkNode(user, password, remoteAddress);
    // Whoever was cut off in the meantime was checked against what held before.
    if (verdict !== 'good' || !sessions.has(user, client)) {
      sessions.remove(user, client);
      return verdict === 'good' ? 'wrong' : verdict;
    }
    nodes.set(client, user);
    handshaking.get(client)?.();
    // Each node has client ids of its own: none can take over another's session by using its id.
    (client as { id: string }).id = `${user}:${client.id}`;
    // A session that outlives its connection gathers what nobody fetches, once for each id that a node thinks of.
    client.clean = true;
    return 'good';
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
      const settle = (verdict: LoginResult) => {
        if (verdict === 'good') return done(null, true);
        noteRefusal(user ?? '', verdict);
        done(refusal(verdict), false);
      };
      authenticate(client, user ?? '', password?.toString('utf8') ?? '').then(settle, (error: unknown) => {
        log.error({ err: error }, 'node password could not be checked');
        done(refusal('busy'), false);
      });
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

  function take(socket: Socket): void {
    socket.setNoDelay(true);
    // The broker listens as long as it has the client; a socket may still break after that.
    socket.on('error', (error) => log.debug({ err: error }, 'socket of a node broke'));
    const loggedIn = handshakes.begin(socket.remoteAddress ?? '');
    if (loggedIn === null) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    const client = broker.handle(socket);
    handshaking.set(client, loggedIn);
    socket.once('close', () => {
      loggedIn();
      sockets.delete(socket);
      sessions.forget(client);
    });
    const limit = () => (nodes.has(client) ? MAX_PACKET_BYTES : MAX_CONNECT_BYTES);
    limitPackets(socket, limit, (bytes) => {
      onRefused(nodes.get(client) ?? '', 'ING_TOO_LARGE', `packet of ${bytes} bytes, at most ${limit()}`);
    });
    limitUnread(socket, () => log.warn({ node: nodes.get(client) }, 'node reads nothing; its connection ends'));
  }
  const tlsServer = tls ? createTlsServer({ ...tls, handshakeTimeout: HANDSHAKE_MS }, take) : null;
  tlsServer?.on('tlsClientError', (error) => log.debug({ err: error }, 'no TLS connection'));
  const server = tlsServer ?? createServer(take);
  const openedPort = await listen(server, host, port);
  // Taking a connection can fail too, as when this process has no file descriptor left.
  server.on('error', (error) => log.error({ err: error }, 'broker could not take a connection'));
  return {
    port: openedPort,
    tlsServer,
    cut(node) {
      // The socket goes and with it the session; its last will says that the node is gone.
      for (const client of sessions.end(node)) client.conn.destroy();
    },
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
