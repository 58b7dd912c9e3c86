/** A camera or a file as a run of frames with true times: connected by a supervisor, decoded, handed over one by one. */
import { AppError } from '../../platform/app-error.ts';
import { publicUrl } from '../../platform/log.ts';
import { timeoutSeconds } from '../settings.ts';
import { type FaultOf, openStream } from './connection.ts';
import type { Source, SourceOrder, SourceState } from './contract.ts';
import type { createReader } from './decode/reader.ts';
import { createFramer } from './framer.ts';
import { analysedOf, mainStreamOf, NO_RISK, readerOf, timeOf } from './parts.ts';
import { protocolOf } from './protocols.ts';
import { createReconnectDelay, keepConnected } from './supervisor.ts';

export type { Risk, Source, SourceOrder, SourceState } from './contract.ts';

/** The same fault is logged this often while it lasts. */
const LOG_AGAIN_MS = 60_000;

/** Logs a fault of a camera once, and again now and then while it lasts. */
function createFaultLog({ camera, log }: SourceOrder) {
  let last: { readonly text: string; readonly at: number } | null = null;
  return {
    lost(fault: AppError, retryMs: number): void {
      const now = performance.now();
      const known = last?.text === fault.message && now - last.at < LOG_AGAIN_MS;
      if (!known) last = { text: fault.message, at: now };
      log[known ? 'debug' : 'warn']({ camera, code: fault.code, retryMs: Math.round(retryMs) }, fault.message);
    },
    over(): void {
      last = null;
    },
  };
}

type Hooks = Parameters<Source['run']>[0];

/** Frames to the consumer, one after another, until the reader has no more. */
async function handOver(
  reader: ReturnType<typeof createReader>,
  framer: ReturnType<typeof createFramer>,
  onFrame: Hooks['onFrame'],
  signal: AbortSignal,
): Promise<void> {
  for (let sight = await reader.take(); sight; sight = await reader.take()) {
    if (signal.aborted) {
      sight.drop();
      continue;
    }
    const frame = framer.take(sight);
    if (!frame) continue;
    try {
      const seen = await onFrame(frame);
      if (seen) reader.analysed(sight.streamMs, seen);
    } finally {
      frame.release();
    }
  }
}

/**
 * One camera's frames. Settles, fails and reports as `Source` says.
 *
 * @example createSource({ …, mode: 'replay' }).run({ onFrame: (frame) => use(frame) }, new AbortController().signal)
 */
export function createSource(order: SourceOrder): Source {
  const { camera, config, mode } = order;
  const live = mode === 'live';
  const { address, aspect } = analysedOf(order);
  const protocol = protocolOf(address.url);
  const time = timeOf(order, protocol.recorded);
  const reader = readerOf(order, aspect);
  const main = live && config.analyse ? mainStreamOf(order) : null;
  const demux = protocol.open(address, mode);
  const delay = createReconnectDelay(order.random ?? Math.random);
  const faults = createFaultLog(order);
  const closing = new AbortController();
  let onState: (state: SourceState) => void = () => {};
  let running: Promise<void> | null = null;
  let reconnects = 0;
  let stream: string | null = null;
  let giveUp: ((fault: AppError) => void) | null = null;

  const faultOf: FaultOf = (code, reason) =>
    new AppError(code, `camera ${camera}, ${publicUrl(address.url)}: ${reason}`);

  const framer = createFramer({
    live,
    input: order.input,
    time,
    resting: reader.resting,
    mainPicture: main ? main.pictureAt : null,
    risk: order.risk ?? NO_RISK,
    onPicture(isNew) {
      faults.over();
      const { width, height } = framer.stats();
      if (isNew) onState({ state: 'streaming', width, height, stream });
    },
    onUndecodable: (count) => giveUp?.(faultOf('EDGE_SOURCE_DECODE', `${count} keyframes in a row do not decode`)),
    onFault: (fault) => giveUp?.(fault),
  });

  /** One connection from start to end; null = the stream ended by itself. */
  async function connect(signal: AbortSignal): Promise<AppError | null> {
    onState({ state: 'connecting' });
    framer.reconnected();
    time.reconnected();
    reader.reconnected();
    const opened = openStream({
      camera,
      address,
      demux,
      limiter: live ? order.limiter : undefined,
      timeoutMs: live ? timeoutSeconds(config) * 1000 : null,
      onStream: (text) => {
        stream = text;
      },
      onPacket: reader.packet,
      onEnd: reader.end,
      faultOf,
      signal,
    });
    giveUp = opened.giveUp;
    return opened.ended.finally(() => {
      giveUp = null;
    });
  }

  /** ms until the next connection, or null where there is none. A recording fails for good. */
  function afterwards(fault: AppError | null): number | null {
    if (!live && fault) throw fault;
    if (!live && framer.stats().frames === 0) throw faultOf('EDGE_SOURCE_NO_VIDEO', 'no frame in it');
    if (!fault && (protocol.recorded || !live)) {
      onState({ state: 'ended' });
      return null;
    }
    const retryMs = delay.next(fault, framer.hasShown());
    const lost = fault ?? faultOf('EDGE_SOURCE_UNREACHABLE', 'the stream ended');
    faults.lost(lost, retryMs);
    onState({ state: 'lost', fault: lost, retryMs });
    reconnects++;
    return retryMs;
  }

  return {
    run(hooks, signal) {
      if (running) throw new Error('a source runs once');
      // Not AbortSignal.any: Node 20 may collect its sources while they are waited for.
      const quit = () => {
        closing.abort();
        reader.finish();
      };
      signal.addEventListener('abort', quit, { once: true });
      if (signal.aborted) quit();
      const stop = closing.signal;
      onState = hooks.onState ?? onState;
      const consuming = handOver(reader, framer, hooks.onFrame, stop).catch((error: unknown) => {
        quit();
        throw error;
      });
      const producing = keepConnected(() => connect(stop), afterwards, stop).finally(reader.finish);
      running = Promise.allSettled([producing, consuming]).then(async (results) => {
        signal.removeEventListener('abort', quit);
        reader.close();
        await main?.close();
        // A consumer's error stops the producer, so it is the one to tell.
        for (const result of results.reverse()) if (result.status === 'rejected') throw result.reason;
      });
      return running;
    },
    stats: () => ({
      ...framer.stats(),
      ...reader.stats(),
      reconnects,
      clockOffsetMs: time.offsetMs(),
      clockSource: time.source(),
      jumps: time.jumps(),
    }),
    clockIsSure: time.isSure,
    async close() {
      closing.abort();
      reader.finish();
      // The run's own caller hears of its error.
      await running?.catch(() => {});
    },
  };
}
