/** A camera or a file as a run of frames with true times: connecting, stall watch, decoding, handing over. */
import type { CameraKind } from '../../contracts/api/registry.ts';
import { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { type Clock, systemElapsed } from '../../platform/clock.ts';
import { type Log, publicUrl } from '../../platform/log.ts';
import { waitFor } from '../../platform/wait-for.ts';
import type { SourceConfig } from '../config.ts';
import type { CameraLogins } from '../credentials.ts';
import { aspectRatio } from '../domain/aspect.ts';
import type { Frame, ModelInput } from '../domain/frame.ts';
import type { Picture } from '../media/picture.ts';
import { mainStream } from '../settings.ts';
import { addressKind } from './address.ts';
import { type CameraTime, createLiveTime, createReplayTime } from './camera-time.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import { demuxOf } from './demux-of.ts';
import { createMainStream, type MainStream } from './main-stream.ts';
import { lendPixels, returnPixels } from './pixel-pool.ts';
import { createReader, type Sight } from './reader.ts';
import { watchForStall } from './stall-watch.ts';

export type SourceMode = 'live' | 'replay';

/** First frame of a recording, where nothing else is said. */
const REPLAY_START = Date.UTC(2026, 0, 1);
/** A camera that comes back is seen again within three seconds; each try of our own client costs next to nothing. */
const RECONNECT = { minMs: 500, maxMs: 2000 } as const;
/** The same fault is logged this often while it lasts. */
const SAY_AGAIN_MS = 60_000;
/** Keyframes that do not decode, one after another, for so long: the stream is of no use. */
const UNDECODABLE = { pictures: 5, ms: 15_000 } as const;
const STALL_SECONDS = 10;

export type SourceState =
  | { readonly state: 'connecting' }
  | { readonly state: 'streaming'; readonly width: number; readonly height: number; readonly stream: string | null }
  | { readonly state: 'lost'; readonly fault: AppError; readonly retryMs: number }
  | { readonly state: 'ended' };

export type SourceStats = {
  readonly frames: number;
  /** Frames replaced before they were taken. */
  readonly drops: number;
  /** Pictures that did not decode whole, and were not used. */
  readonly damaged: number;
  readonly reconnects: number;
  /** Frame time minus node time at the last frame, ms. */
  readonly clockOffsetMs: number;
  readonly clockSource: ReturnType<CameraTime['source']>;
  /** How often the stream's timestamps jumped and were anchored anew. */
  readonly jumps: number;
  readonly width: number;
  readonly height: number;
};

export type SourceOrder = {
  readonly camera: string;
  readonly kind: CameraKind;
  readonly config: SourceConfig;
  readonly logins: CameraLogins;
  readonly input: ModelInput;
  /** `live`: only what is current, reconnects for ever. `replay`: every frame, ends with the file, the same each time. */
  readonly mode: SourceMode;
  /** ms since the epoch of the first frame; else the configuration's, else 2026-01-01 in replay and now in live. */
  readonly startAt?: number;
  readonly clock: Clock;
  /** The process's watch on its clock; default: one of its own. */
  readonly watch?: ClockWatch;
  /** Live: time of the last frame that an earlier run saved, ms since the epoch; frames come after it. */
  readonly notBefore?: number;
  /** Live: asked after a step of the clock whether nothing is lost by moving the camera's time to it now. */
  readonly mayMove?: () => boolean;
  /** Live: waited for before each connection; what it gives is called when the first packet came or it failed. */
  readonly gate?: () => Promise<() => void>;
  /** Told around each native call that may end the whole process on a broken stream. */
  readonly risk?: Risk;
  readonly log: Log;
  readonly random?: () => number;
};

export type Risk = { readonly enter: () => void; readonly leave: () => void };

/** What the consumer made of a frame; decides how closely the camera is looked at from now on. */
export type Looked = { readonly changed: boolean; readonly active: boolean };

export type Source = {
  /**
   * Runs until the signal, the end of a file, or, in replay, a fault (EDGE_SOURCE_*). `onFrame` is awaited before the
   * next frame; a frame that it has not released is released for it. Rejects with what `onFrame` rejects with.
   */
  readonly run: (
    hooks: {
      readonly onFrame: (frame: Frame) => Promise<Looked | undefined> | Looked | undefined;
      readonly onState?: (state: SourceState) => void;
    },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly stats: () => SourceStats;
  /** False while the frames' time is in doubt after a step of the node's clock. */
  readonly clockIsSure: () => boolean;
  readonly close: () => Promise<void>;
};

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

function mainStreamOf({ camera, kind, config, logins }: SourceOrder): MainStream {
  const address = { url: config.url, transport: config.transport ?? 'tcp', loop: config.loop ?? false } as const;
  return createMainStream({
    order: { camera, ...address, credentials: logins.main },
    demux: demuxOf(address, 'live'),
    policy: mainStream({ kind, source: config }),
    aspect: statedAspect(config.aspect),
  });
}

function statedAspect(stated: SourceConfig['aspect']): number | null {
  return stated === undefined ? null : aspectRatio(stated);
}

/** Waits for its turn, or not any longer once the signal comes; a turn that comes too late is passed on. */
async function enterGate(gate: SourceOrder['gate'], signal: AbortSignal): Promise<() => void> {
  const nothing = () => {};
  if (!gate) return nothing;
  const given = gate();
  let stop = nothing;
  const stopped = new Promise<null>((settle) => {
    stop = () => settle(null);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  const leave = await Promise.race([given, stopped]);
  signal.removeEventListener('abort', stop);
  if (leave) return leave;
  void given.then((late) => late());
  return nothing;
}

/** The picture as the line takes it; `release` gives back its places. */
function frameOf(
  picture: Picture,
  input: ModelInput,
  when: { readonly index: number; readonly at: number; readonly timeline: number; readonly resting: boolean },
  main: Frame['main'],
): Frame {
  const pixels = lendPixels(3 * input.width * input.height);
  picture.modelInput(input, pixels);
  let released = false;
  return {
    ...when,
    pixels,
    full: picture.full,
    ...(main ? { main } : {}),
    release() {
      if (released) return;
      released = true;
      returnPixels(pixels);
      picture.release();
    },
  };
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

  const faultOf = (
    code: 'EDGE_SOURCE_STALLED' | 'EDGE_SOURCE_UNREACHABLE' | 'EDGE_SOURCE_DECODE' | 'EDGE_SOURCE_NO_VIDEO',
    reason: string,
  ) => new AppError(code, `camera ${camera}, ${publicUrl(watched.url)}: ${reason}`);

  /** One connection from start to end; null = the stream ended by itself. */
  async function connect(signal: AbortSignal): Promise<AppError | null> {
    const own = new AbortController();
    const stop = () => own.abort();
    signal.addEventListener('abort', stop, { once: true });
    let fault: AppError | null = null;
    giveUp = (reason) => {
      fault ??= reason;
      own.abort();
    };
    shown = 0;
    failing = null;
    time.reconnected();
    reader.reconnected();
    const pass = await enterGate(live ? order.gate : undefined, own.signal);
    const limitMs = (config.stallSeconds ?? STALL_SECONDS) * 1000;
    const watch = live ? watchForStall(limitMs, () => false, stop) : null;
    try {
      if (!signal.aborted) {
        await demuxOf(address, mode)(
          {
            camera,
            ...address,
            onStream: ({ text }) => {
              stream = text;
            },
          },
          (packet) => {
            watch?.packet();
            pass();
            return reader.packet(packet);
          },
          own.signal,
        );
      }
      await reader.end();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      fault ??= error;
    } finally {
      pass();
      signal.removeEventListener('abort', stop);
      giveUp = null;
    }
    const silentMs = watch?.stop() ?? null;
    if (silentMs !== null) return faultOf('EDGE_SOURCE_STALLED', `no packets for ${Math.round(silentMs / 1000)} s`);
    return fault;
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
    for (let tries = 0; ; tries++) {
      onState({ state: 'connecting' });
      const before = frames;
      const fault = await connect(signal);
      if (signal.aborted) return;
      if (!live && fault) throw fault;
      if (!live && frames === before) throw faultOf('EDGE_SOURCE_NO_VIDEO', 'no frame in it');
      if (!fault && (isFile || !live)) return onState({ state: 'ended' });
      if (shown > 0) tries = 0;
      const retryMs = backOffMs(tries, random, RECONNECT);
      sayLost(fault ?? faultOf('EDGE_SOURCE_UNREACHABLE', 'the stream ended'), retryMs, onState);
      reconnects++;
      await waitFor(retryMs, signal);
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
      const picture = sight.open();
      if (!picture) {
        countFailure();
        return null;
      }
      noteSize(picture, onState);
      const at = time.map(sight.ptsUs, sight.arrivedAt);
      const takenAt = time.takenAt();
      const fromMain = main ? () => main.pictureAt(takenAt) : undefined;
      return frameOf(
        picture,
        order.input,
        { index: frames++, at, timeline: time.timeline(), resting: reader.resting() },
        fromMain,
      );
    } finally {
      risk.leave();
    }
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
