/** A camera over RTSP and TCP, read in JavaScript: one wake-up a picture, no thread and no crossing into a library. */
import { performance } from 'node:perf_hooks';
import { AppError } from '../../../platform/app-error.ts';
import type { Demux, DemuxOrder, MediaPacket, StreamFormat } from '../../domain/packet.ts';
import { parseAddress, type RtspAddress } from './address.ts';
import { openRtspConnection } from './connection.ts';
import { createDelivery } from './delivery.ts';
import { createFaults, type Faults } from './fault.ts';
import { createLogin, type RtspLogin } from './login.ts';
import { type Channels, createSession, mayLogInPlainly, type Redirect } from './session.ts';
import { createTrackReader, isReadHere, type TrackReader } from './track.ts';

const MAX_REDIRECTS = 5;

/**
 * No fault: the camera answers and has video, in a coding that is not read here. Whoever demuxes goes on with
 * the library's own demuxer, for this camera and until its description may have changed.
 */
export class CodecElsewhere extends Error {
  /** RTP's name of the coding, e.g. `JPEG`, `AV1`, `MP4V-ES`. */
  readonly encoding: string;
  constructor(encoding: string) {
    super(`RTSP video in ${encoding || 'a coding without a name'} is not read here`);
    this.name = 'CodecElsewhere';
    this.encoding = encoding;
  }
}

type Visit = {
  readonly order: DemuxOrder;
  readonly address: RtspAddress;
  readonly login: RtspLogin | null;
  readonly faults: Faults;
  readonly onPacket: Parameters<Demux>[1];
  readonly signal: AbortSignal;
};

/** Reports how the stream is described, and again once its pictures say more. */
function createReporter(order: DemuxOrder, audio: boolean, reader: () => TrackReader) {
  let reported = '';
  let format: StreamFormat | null = null;
  const report = () => {
    const text = reader().text();
    if (text === reported) return;
    reported = text;
    order.onStream?.({ text, fps: reader().fps(), audio });
  };
  return {
    report,
    watch(packet: MediaPacket) {
      if (packet.format === format) return;
      format = packet.format;
      report();
    },
  };
}

/** One connection from opening to its end; gives where to go instead, if the camera says so. */
async function visit({ order, address, login, faults, onPacket, signal }: Visit): Promise<Redirect | null> {
  let channels: Channels | null = null;
  let reader: TrackReader | null = null;
  const connection = openRtspConnection(address, order.tls, {
    onPacket(channel, bytes, from, to) {
      if (channel === channels?.rtp) reader?.rtp(bytes, from, to, performance.now());
      else if (channel === channels?.rtcp) reader?.rtcp(bytes, from, to);
    },
  });
  const delivery = createDelivery(onPacket, connection);
  const session = createSession({ connection, address, login, faults });
  const stop = () => {
    delivery.close();
    connection.fail(new Error('stopped'));
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await connection.opened;
    const described = await session.describe();
    if ('to' in described) return described;
    const { track, audio } = described;
    if (!isReadHere(track)) throw new CodecElsewhere(track.encoding);
    const reporter = createReporter(order, audio, () => reader as TrackReader);
    reader = createTrackReader(track, {
      onPacket(packet) {
        reporter.watch(packet);
        delivery.give(packet);
      },
      onClock: order.onClock,
    });
    channels = await session.setUp(described);
    reporter.report();
    await session.play(described);
    await connection.ended;
    await delivery.settled();
    return null;
  } finally {
    signal.removeEventListener('abort', stop);
    delivery.close();
    await connection.close(session.close());
  }
}

/**
 * Reads a camera until it ends the stream or the signal comes. Rejects with EDGE_SOURCE_UNREACHABLE,
 * EDGE_SOURCE_NO_VIDEO, with what `onPacket` threw, or with `CodecElsewhere` before the first packet.
 */
export const demuxRtsp: Demux = async (order, onPacket, signal) => {
  const first = parseAddress(order.url);
  const credentials = order.credentials ?? first?.credentials ?? null;
  let login: RtspLogin | null = null;
  const faults = createFaults(order, () => [
    ...(credentials?.password ? [credentials.password] : []),
    ...(login?.secrets() ?? []),
  ]);
  if (!first) throw faults.unreachable('is no address of RTSP');
  let address = first;
  let failure: { readonly error: unknown } | null = null;
  /** What came from the consumer is not the camera's fault. */
  const guarded: typeof onPacket = (packet) => {
    try {
      const taken = onPacket(packet);
      return taken?.catch((error: unknown) => {
        failure ??= { error };
        throw error;
      });
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  try {
    for (let redirects = 0; !signal.aborted; redirects++) {
      if (redirects > MAX_REDIRECTS) throw faults.unreachable(`redirects more than ${MAX_REDIRECTS} times`);
      if (first.tls && !address.tls) throw faults.unreachable('redirects to an address without TLS');
      login = credentials && createLogin(credentials, { allowBasic: mayLogInPlainly(first, address) });
      const redirect = await visit({ order, address, login, faults, onPacket: guarded, signal });
      if (!redirect) return;
      address = redirect.to;
    }
  } catch (error) {
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    if (signal.aborted) return;
    if (error instanceof AppError || error instanceof CodecElsewhere) throw error;
    throw faults.network(error instanceof Error ? error : new Error(String(error)));
  }
};
