/** A camera or a file as a run of frames with true times: connecting, stall watch, decoding, handing over. */
import { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { systemElapsed } from '../../platform/clock.ts';
import { publicUrl } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { SourceConfig } from '../config.ts';
import { aspectRatio } from '../domain/aspect.ts';
import type { Frame } from '../domain/frame.ts';
import { addressKind } from '../media/media-address.ts';
import type { Picture } from '../media/picture.ts';
import { mainStream } from '../settings.ts';
import { type FaultOf, isRefusedLogin, openConnection } from './connection.ts';
import type { Source, SourceOrder, SourceState } from './contract.ts';
import { frameOf } from './decode/frame-of.ts';
import { createReader, type Sight } from './decode/reader.ts';
import { demuxOf } from './demux-of.ts';
import { createMainStream, type MainStream } from './main-stream.ts';
import { type CameraTime, createLiveTime, createReplayTime } from './time/camera-time.ts';
import { createClockWatch } from './time/clock-watch.ts';

export type { Risk, Source, SourceOrder, SourceState } from './contract.ts';

/** First frame of a recording, where nothing else is said. */
const REPLAY_START = Date.UTC(2026, 0, 1);
/** A camera that comes back is seen again within three seconds; each try of our own client costs next to nothing. */
const RECONNECT = { minMs: 500, maxMs: 2000 } as const;
/** A camera that starts anew may refuse once; whom it goes on refusing it locks out in the end. */
const FORGIVEN_REFUSALS = 2;
const AFTER_REFUSAL = { minMs: 30_000, maxMs: 300_000 } as const;
/** The same fault is logged this often while it lasts. */
const SAY_AGAIN_MS = 60_000;
/** Keyframes that do not decode, one after another, for so long: the stream is of no use. */
const UNDECODABLE = { pictures: 5, ms: 15_000 } as const;
const STALL_SECONDS = 10;

type OnState = (state: SourceState) => void;

function timeOf(order: SourceOrder): CameraTime {
  const given = order.startAt ?? (order.config.startAt ? Date.parse(order.config.startAt) : undefined);
  if (order.mode === 'replay') return createReplayTime(given ?? REPLAY_START);
  return createLiveTime({
    watch: order.watch ?? createClockWatch({ clock: order.clock, elapsed: systemElapsed }),
    recorded: addressKind((order.config.analyse ?? order.config).url) === 'file',
    ...(given === undefined ? {} : { startAt: given }),
    ...(order.notBefore === undefined ? {} : { notBefore: order.notBefore }),
    ...(order.mayMove ? { mayMove: order.mayMove } : {}),
  });
}

function mainStreamOf({ camera, kind, config, logins, log }: SourceOrder): MainStream {
  let said = '';
  const address = { url: config.url, transport: config.transport ?? 'tcp', loop: config.loop ?? false } as const;
  return createMainStream({
    order: { camera, ...address, credentials: logins.main, ...tlsOf(config.fingerprint) },
    demux: demuxOf(address, 'live'),
    policy: mainStream({ kind, source: config }),
    aspect: statedAspect(config.aspect),
    onFault(fault) {
      if (fault.message === said) return;
      said = fault.message;
      log.warn({ camera, code: fault.code }, `main stream: ${fault.message}; stills come from the sub-stream`);
    },
  });
}

function tlsOf(fingerprint: string | undefined): { readonly tls?: { readonly fingerprint: string } } {
  return fingerprint === undefined ? {} : { tls: { fingerprint } };
}

function statedAspect(stated: SourceConfig['aspect']): number | null {
  return stated === undefined ? null : aspectRatio(stated);
}

export function createSource(order: SourceOrder): Source {
  const { camera, config, mode, log } = order;
  const random = order.random ?? Math.random;
  const live = mode === 'live';
  const time = timeOf(order);
  /** What is looked at: the sub-stream where there is one. */
  const watched = config.analyse ?? config;
  const address = {
    url: watched.url,
    transport: watched.transport ?? config.transport ?? 'tcp',
    loop: config.loop ?? false,
    credentials: config.analyse ? order.logins.analyse : order.logins.main,
    ...tlsOf(watched.fingerprint ?? config.fingerprint),
  } as const;
  const risk = order.risk ?? { enter() {}, leave() {} };
  const reader = createReader({
    config,
    kind: order.kind,
    lossless: !live,
    aspect: statedAspect(watched.aspect ?? config.aspect),
    risk,
    onNote: (note) => {
      if (note === 'keyframes') log.info({ camera }, 'keyframes come again: they alone are decoded');
      else
        log.warn({ camera }, 'no keyframes come, or seldom: every picture is decoded; a number as `cadence` says so');
    },
  });
  const main = live && config.analyse ? mainStreamOf(order) : null;
  const demux = demuxOf(address, mode);
  const closing = new AbortController();
  let running: Promise<void> | null = null;
  let reconnects = 0;
  let frames = 0;
  let size = { width: 0, height: 0 };
  let stream: string | null = null;
  /** Frames of this connection: 0 until the stream has shown something. */
  let shown = 0;
  let failing: { readonly since: number; count: number } | null = null;
  let giveUp: ((fault: AppError) => void) | null = null;
  let said: { readonly text: string; readonly at: number } | null = null;

  const faultOf: FaultOf = (code, reason) =>
    new AppError(code, `camera ${camera}, ${publicUrl(watched.url)}: ${reason}`);

  /** One connection from start to end; null = the stream ended by itself. */
  async function connect(signal: AbortSignal): Promise<AppError | null> {
    shown = 0;
    failing = null;
    time.reconnected();
    reader.reconnected();
    const opened = openConnection({
      camera,
      address,
      demux,
      gate: live ? order.gate : undefined,
      stallMs: live ? (config.stallSeconds ?? STALL_SECONDS) * 1000 : null,
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

  function sayLost(fault: AppError, retryMs: number, onState: OnState): void {
    const now = performance.now();
    const known = said?.text === fault.message && now - said.at < SAY_AGAIN_MS;
    if (!known) said = { text: fault.message, at: now };
    log[known ? 'debug' : 'warn']({ camera, code: fault.code, retryMs: Math.round(retryMs) }, fault.message);
    onState({ state: 'lost', fault, retryMs });
  }

  async function produce(onState: OnState, signal: AbortSignal): Promise<void> {
    const isFile = addressKind(watched.url) === 'file';
    let refusals = 0;
    for (let tries = 0; ; tries++) {
      onState({ state: 'connecting' });
      const before = frames;
      const fault = await connect(signal);
      if (signal.aborted) return;
      if (!live && fault) throw fault;
      if (!live && frames === before) throw faultOf('EDGE_SOURCE_NO_VIDEO', 'no frame in it');
      if (!fault && (isFile || !live)) return onState({ state: 'ended' });
      if (shown > 0) tries = 0;
      refusals = fault && isRefusedLogin(fault) ? refusals + 1 : 0;
      const retryMs = backOffMs(tries, random, refusals > FORGIVEN_REFUSALS ? AFTER_REFUSAL : RECONNECT);
      sayLost(fault ?? faultOf('EDGE_SOURCE_UNREACHABLE', 'the stream ended'), retryMs, onState);
      reconnects++;
      await sleep(retryMs, signal);
      if (signal.aborted) return;
    }
  }

  /** Nothing came out of a sight that should have shown something. */
  function countFailure(): void {
    const now = performance.now();
    failing ??= { since: now, count: 0 };
    failing.count++;
    if (!live || failing.count < UNDECODABLE.pictures || now - failing.since < UNDECODABLE.ms) return;
    giveUp?.(faultOf('EDGE_SOURCE_DECODE', `${failing.count} keyframes in a row do not decode`));
    failing = null;
  }

  function noteSize({ width, height }: Picture, onState: OnState): void {
    failing = null;
    said = null;
    const known = shown++ > 0 && width === size.width && height === size.height;
    size = { width, height };
    if (!known) onState({ state: 'streaming', ...size, stream });
  }

  function take(sight: Sight, onState: OnState): Frame | null {
    risk.enter();
    try {
      return frameIn(sight, onState);
    } catch (error) {
      // A form that cannot be decoded or converted is a fault of this stream, and ends its connection.
      if (!(error instanceof AppError) || !live) throw error;
      giveUp?.(error);
      return null;
    } finally {
      risk.leave();
    }
  }

  function frameIn(sight: Sight, onState: OnState): Frame | null {
    const picture = sight.open();
    if (!picture) {
      countFailure();
      return null;
    }
    noteSize(picture, onState);
    const at = time.map(sight.ptsUs, sight.arrivedAt);
    const takenAt = time.takenAt();
    const fromMain = main ? () => main.pictureAt(takenAt) : undefined;
    const when = {
      index: frames++,
      at,
      timeline: time.timeline(),
      resting: reader.resting(),
      arrivedAt: sight.arrivedAt,
    };
    return frameOf(picture, order.input, when, fromMain);
  }

  async function look(sight: Sight, hooks: Parameters<Source['run']>[0], onState: OnState): Promise<void> {
    const frame = take(sight, onState);
    if (!frame) return;
    try {
      const looked = await hooks.onFrame(frame);
      if (looked) reader.looked(sight.streamMs, looked);
    } finally {
      frame.release();
    }
  }

  async function consume(hooks: Parameters<Source['run']>[0], onState: OnState, signal: AbortSignal): Promise<void> {
    for (;;) {
      const sight = await reader.take();
      if (!sight) return;
      if (signal.aborted) sight.drop();
      else await look(sight, hooks, onState);
    }
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
      const onState = hooks.onState ?? (() => {});
      const consuming = consume(hooks, onState, stop).catch((error: unknown) => {
        quit();
        throw error;
      });
      running = Promise.allSettled([produce(onState, stop).finally(reader.finish), consuming]).then(async (results) => {
        signal.removeEventListener('abort', quit);
        reader.close();
        await main?.close();
        // A consumer's error stops the producer, so it is the one to tell.
        for (const result of results.reverse()) if (result.status === 'rejected') throw result.reason;
      });
      return running;
    },
    stats: () => ({
      frames,
      ...reader.stats(),
      reconnects,
      clockOffsetMs: time.offsetMs(),
      clockSource: time.source(),
      jumps: time.jumps(),
      ...size,
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
