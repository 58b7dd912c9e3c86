/** One connection of a camera from its turn to its end: packets in, silence noticed, one fault that says why it ended. */
import { AppError } from '../../platform/app-error.ts';
import type { Demux, DemuxOrder, MediaPacket } from '../domain/packet.ts';
import { awaitTurn } from './connection-limiter.ts';
import { startWatchdog } from './stream-watchdog.ts';

export type FaultOf = (
  code: 'EDGE_SOURCE_STALLED' | 'EDGE_SOURCE_UNREACHABLE' | 'EDGE_SOURCE_DECODE' | 'EDGE_SOURCE_NO_VIDEO',
  reason: string,
) => AppError;

export type StreamConnection = {
  /** Null where the stream ended by itself or the signal came. */
  readonly ended: Promise<AppError | null>;
  /** Ends it for this reason. */
  readonly giveUp: (fault: AppError) => void;
};

/** Begins at once; the connection is over when `ended` settles, which rejects only with what is no fault of a stream. */
export function openStream(order: {
  readonly camera: string;
  readonly address: Pick<DemuxOrder, 'url' | 'transport' | 'credentials' | 'tls'>;
  readonly demux: Demux;
  /** Waited for first; what it gives is called with the first packet, or at the end. */
  readonly limiter: (() => Promise<() => void>) | undefined;
  /** Without a packet for so long the connection is given up, ms; null: never. */
  readonly timeoutMs: number | null;
  readonly onStream: (text: string) => void;
  readonly onPacket: (packet: MediaPacket) => void | Promise<void>;
  /** The stream has ended: what is still held must be taken. */
  readonly onEnd: () => Promise<void>;
  readonly faultOf: FaultOf;
  readonly signal: AbortSignal;
}): StreamConnection {
  const { signal } = order;
  const own = new AbortController();
  const stop = () => own.abort();
  let fault: AppError | null = null;

  function giveUp(reason: AppError): void {
    fault ??= reason;
    stop();
  }

  async function run(): Promise<AppError | null> {
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const pass = await awaitTurn(order.limiter, own.signal);
    const watchdog = order.timeoutMs === null ? null : startWatchdog(order.timeoutMs, stop);
    const onPacket = (packet: MediaPacket) => {
      watchdog?.packet();
      pass();
      return order.onPacket(packet);
    };
    const { camera, address } = order;
    try {
      if (!own.signal.aborted) {
        await order.demux({ camera, ...address, onStream: ({ text }) => order.onStream(text) }, onPacket, own.signal);
      }
      await order.onEnd();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      fault ??= error;
    } finally {
      pass();
      signal.removeEventListener('abort', stop);
    }
    const silentMs = watchdog?.stop() ?? null;
    if (silentMs === null) return fault;
    return order.faultOf('EDGE_SOURCE_STALLED', `no packets for ${Math.round(silentMs / 1000)} s`);
  }

  return { ended: run(), giveUp };
}
