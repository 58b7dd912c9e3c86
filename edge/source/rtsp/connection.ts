/** One TCP or TLS connection to a camera: requests with their answers, packets between them, and its end. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { createDeferred } from '../../../platform/deferred.ts';
import type { DemuxOrder } from '../../domain/packet.ts';
import type { RtspAddress } from './address.ts';
import { createFraming } from './framing.ts';
import { formatReply, formatRequest, header, type RtspAnswer, type RtspMessage } from './message.ts';

const CONNECT_MS = 5000;
const ANSWER_MS = 8000;
/** What a camera lets us write without reading it. */
const MAX_UNREAD = 65_536;
/** Bytes read at once. A read is handled before the next begins, so every connection of a thread may share the buffer. */
/** A goodbye is waited for so long, and what is left of the connection is cut after the longer time. */
const GOODBYE_MS = 80;
const CUT_MS = 300;
const READ_BYTES = 65_536;
const shared = Buffer.allocUnsafeSlow(READ_BYTES);

export type RtspConnection = {
  /** Settles when requests may be written. */
  readonly opened: Promise<void>;
  /** Writes a request and gives its answer; rejects after a time, and when the connection ends before. */
  readonly request: (method: string, uri: string, lines: readonly string[]) => Promise<RtspAnswer>;
  /** Writes a request whose answer, if one comes, goes to `onAnswer`. */
  readonly tell: (
    method: string,
    uri: string,
    lines: readonly string[],
    onAnswer: (answer: RtspAnswer) => void,
  ) => void;
  /** Settles when the camera has closed; rejects with why it broke. */
  readonly ended: Promise<void>;
  /** Ends it from our side: everything that waits is rejected with this. */
  readonly fail: (error: Error) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Closes the socket, a last request first where there is one. Settles soon, whatever the camera does. */
  readonly close: (
    goodbye: { readonly method: string; readonly uri: string; readonly lines: readonly string[] } | null,
  ) => Promise<void>;
};

type Waiting = { readonly resolve: (answer: RtspAnswer) => void; readonly reject: (error: Error) => void };

function fingerprintOf(socket: TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256 ?? '';
}

const plain = (fingerprint: string) => fingerprint.replace(/[^0-9a-f]/gi, '').toLowerCase();

/** Null when the certificate is the one that is expected, else why it is not. */
function distrust(socket: TLSSocket, tls: DemuxOrder['tls']): string | null {
  const seen = fingerprintOf(socket);
  if (tls?.fingerprint !== undefined) {
    return plain(tls.fingerprint) === plain(seen) ? null : `its certificate is another one (SHA-256 ${seen})`;
  }
  if (socket.authorized) return null;
  return `its certificate is not trusted (${String(socket.authorizationError)}; SHA-256 ${seen})`;
}

function openSocket(address: RtspAddress, tls: DemuxOrder['tls'], onBytes: (length: number) => void): Socket {
  const where = { host: address.host, port: address.port };
  const onread = {
    buffer: shared,
    callback: (length: number) => {
      onBytes(length);
      return true;
    },
  };
  if (!address.tls) return connectTcp({ ...where, onread });
  // Verified by hand before the first byte is written, so that a refusal can tell the fingerprint.
  const trust = { rejectUnauthorized: false, ...(tls?.ca === undefined ? {} : { ca: tls.ca }) };
  const named = isIP(address.host) === 0 ? { servername: address.host } : {};
  const options: ConnectionOptions & { onread: typeof onread } = { ...where, ...trust, ...named, onread };
  return connectTls(options);
}

/**
 * Begins to connect at once.
 *
 * @param taker gets each interleaved packet, valid during the call only
 */
export function openRtspConnection(
  address: RtspAddress,
  tls: DemuxOrder['tls'],
  taker: { readonly onPacket: (channel: number, bytes: Buffer, from: number, to: number) => void },
): RtspConnection {
  let sequence = 0;
  let over = false;
  const waiting = new Map<number, Waiting>();
  const opened = createDeferred<void>();
  const ended = createDeferred<void>();
  // Each is awaited in its turn; until then a failure is no unhandled rejection.
  opened.promise.catch(() => {});
  ended.promise.catch(() => {});

  function end(error: Error | null): void {
    if (over) return;
    over = true;
    clearTimeout(connecting);
    const reason = error ?? new Error('closed the connection');
    opened.reject(reason);
    for (const one of waiting.values()) one.reject(reason);
    waiting.clear();
    if (error) ended.reject(error);
    else ended.resolve();
  }

  function write(text: string): void {
    if (socket.destroyed || !socket.writable) return;
    socket.write(text);
    if (socket.writableLength > MAX_UNREAD) fail(new Error('does not read what it asks for'));
  }

  function fail(error: Error): void {
    end(error);
  }

  function onMessage(message: RtspMessage): void {
    if (message.kind === 'request') write(formatReply(message));
    if (message.kind === 'request' || message.status < 200) return;
    const cseq = header(message.headers, 'cseq');
    const number = cseq === null ? (waiting.keys().next().value ?? -1) : Number.parseInt(cseq, 10);
    const one = waiting.get(number);
    waiting.delete(number);
    one?.resolve(message);
  }

  const framing = createFraming({ onPacket: taker.onPacket, onMessage });
  const socket = openSocket(address, tls, (length) => {
    if (over) return;
    try {
      framing.push(shared, length);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
  const connecting = setTimeout(() => fail(new Error(`no connection within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  socket.setNoDelay(true);
  socket.once(address.tls ? 'secureConnect' : 'connect', () => {
    clearTimeout(connecting);
    const doubt = address.tls ? distrust(socket as TLSSocket, tls) : null;
    if (doubt === null) opened.resolve();
    else fail(new Error(doubt));
  });
  socket.on('error', fail);
  socket.once('end', () => end(null));
  socket.once('close', () => end(null));

  function send(method: string, uri: string, lines: readonly string[], one: Waiting): number {
    const number = ++sequence;
    waiting.set(number, one);
    write(formatRequest(method, uri, number, lines));
    return number;
  }

  return {
    opened: opened.promise,
    ended: ended.promise,
    fail,
    request: (method, uri, lines) =>
      new Promise((resolve, reject) => {
        if (over) return reject(new Error('closed the connection'));
        const stop = () => clearTimeout(timer);
        const number = send(method, uri, lines, {
          resolve: (answer) => {
            stop();
            resolve(answer);
          },
          reject: (error) => {
            stop();
            reject(error);
          },
        });
        const timer = setTimeout(() => {
          waiting.delete(number);
          reject(new Error(`no answer to ${method} within ${ANSWER_MS / 1000} s`));
        }, ANSWER_MS);
      }),
    tell(method, uri, lines, onAnswer) {
      if (over) return;
      const number = send(method, uri, lines, { resolve: onAnswer, reject: () => {} });
      // A camera that never answers must not make the list grow.
      waiting.delete(number - 4);
    },
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    async close(goodbye) {
      end(new Error('closed'));
      if (socket.destroyed) return;
      if (!goodbye || socket.connecting || !socket.writable) {
        socket.destroy();
        return;
      }
      socket.resume();
      socket.end(formatRequest(goodbye.method, goodbye.uri, ++sequence, goodbye.lines));
      const cut = setTimeout(() => socket.destroy(), CUT_MS);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GOODBYE_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          clearTimeout(cut);
          resolve();
        });
      });
    },
  };
}
