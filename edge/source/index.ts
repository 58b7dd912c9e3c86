/** A camera or a file as a run of frames with true times: decoding, reconnecting, stall watch, resizing. */
import type { ClockState } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { type Clock, systemElapsed } from '../../platform/clock.ts';
import type { Ffmpeg } from '../../platform/find-ffmpeg.ts';
import { type Log, publicUrl } from '../../platform/log.ts';
import type { SourceConfig } from '../config.ts';
import type { Frame, ModelInput } from '../domain/frame.ts';
import { createAssembler } from './assembler.ts';
import { type CameraTime, createLiveTime, createReplayTime } from './camera-time.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import { type Decoder, startDecoder } from './decoder.ts';
import { type Credentials, ffmpegArguments, followsSize, type SourceMode, urlKind } from './ffmpeg-arguments.ts';
import type { FrameInfo } from './ffmpeg-log.ts';
import { createStallWatch } from './stall-watch.ts';

export type { Credentials, SourceMode } from './ffmpeg-arguments.ts';

/** First frame of a recording, where nothing else is said. */
const REPLAY_START = Date.UTC(2026, 0, 1);
const RECONNECT = { minMs: 1000, maxMs: 30_000 } as const;
/** After this many frames a connection counts as good, and the next fault begins again with the shortest wait. */
const GOOD_FRAMES = 10;

export type SourceState =
  | { readonly state: 'connecting' }
  | { readonly state: 'streaming'; readonly width: number; readonly height: number; readonly stream: string | null }
  | { readonly state: 'lost'; readonly fault: AppError; readonly retryMs: number }
  | { readonly state: 'ended' };

export type SourceStats = {
  readonly frames: number;
  /** Frames replaced before they were taken. */
  readonly drops: number;
  readonly reconnects: number;
  /** Frame time minus node time at the last frame, ms. */
  readonly clockOffsetMs: number;
  /** What is known of the frames' time. */
  readonly clockSource: ClockState['source'];
  /** How often the stream's timestamps jumped and were anchored anew. */
  readonly jumps: number;
  readonly width: number;
  readonly height: number;
  /** FFmpeg's process id while one runs. */
  readonly pid: number | null;
};

export type SourceOrder = {
  readonly camera: string;
  readonly config: SourceConfig;
  readonly credentials: Credentials | null;
  readonly input: ModelInput;
  readonly ffmpeg: Ffmpeg;
  /** `live`: mailbox of one, reconnects for ever. `replay`: every frame, ends with the file, the same each time. */
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
  readonly log: Log;
  readonly random?: () => number;
};

export type Source = {
  /**
   * Runs until the signal, the end of a file, or, in replay, a fault (EDGE_SOURCE_*). `onFrame` is awaited before the
   * next frame; a frame that it has not released is released for it. Rejects with what `onFrame` rejects with.
   */
  readonly run: (
    hooks: {
      readonly onFrame: (frame: Frame) => Promise<void> | void;
      readonly onState?: (state: SourceState) => void;
    },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly stats: () => SourceStats;
  /** False while the frames' time is in doubt after a step of the node's clock. */
  readonly clockIsSure: () => boolean;
  readonly close: () => Promise<void>;
};

type Outcome = 'ended' | 'resized' | AppError;

function startOf(order: SourceOrder): CameraTime {
  const given = order.startAt ?? (order.config.startAt ? Date.parse(order.config.startAt) : undefined);
  if (order.mode === 'replay') return createReplayTime(given ?? REPLAY_START);
  const { notBefore, mayMove } = order;
  return createLiveTime({
    watch: order.watch ?? createClockWatch({ clock: order.clock, elapsed: systemElapsed }),
    recorded: urlKind(order.config.url) === 'file',
    ...(given === undefined ? {} : { startAt: given }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(mayMove ? { mayMove } : {}),
  });
}

/** Waits, or not any longer once the signal comes. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

export function createSource(order: SourceOrder): Source {
  const { camera, config, mode, log } = order;
  const random = order.random ?? Math.random;
  const time = startOf(order);
  const kind = urlKind(config.url);
  const closing = new AbortController();
  let decoder: Decoder | null = null;
  let running: Promise<void> | null = null;
  let reconnects = 0;
  let size = { width: 0, height: 0 };
  const watch = createStallWatch(config);
  const assembler = createAssembler({ input: order.input, mode, onComplete: watch.frame });
  const secrets = order.credentials ? [order.credentials.password] : [];

  /** One child from start to end. */
  async function connect(onState: (state: SourceState) => void, signal: AbortSignal): Promise<Outcome> {
    let first: FrameInfo | null = null;
    let resized = false;
    time.reconnected();
    const child = startDecoder({
      ffmpegPath: order.ffmpeg.path,
      source: publicUrl(order.config.url),
      args: ffmpegArguments({ ...order, libavcodec: order.ffmpeg.libavcodec }),
      camera,
      secrets,
      onFrameInfo(info) {
        if (resized) return;
        const changed = first !== null && (info.width !== size.width || info.height !== size.height);
        if (changed && !followsSize(order.ffmpeg.libavcodec)) {
          resized = true;
          child.stop();
          return;
        }
        size = { width: info.width, height: info.height };
        if (first === null || changed) onState({ state: 'streaming', ...size, stream: child.stream() });
        first = info;
        assembler.announce(info, time.map(info.ptsUs, systemElapsed()), time.timeline());
      },
    });
    decoder = child;
    assembler.attach(child.pixels, child.full);
    const stop = () => child.stop();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const stalled = mode === 'live' ? watch.start(assembler.waitsForConsumer, stop) : null;
    const fault = await child.ended;
    const silentMs = stalled?.stop() ?? null;
    signal.removeEventListener('abort', stop);
    decoder = null;
    if (mode === 'replay' && !signal.aborted) await assembler.drain();
    assembler.detach();
    if (resized) return 'resized';
    if (silentMs !== null && !signal.aborted) {
      return new AppError('EDGE_SOURCE_STALLED', `camera ${camera}: nothing for ${Math.round(silentMs / 1000)} s`);
    }
    return fault ?? 'ended';
  }

  /** What follows an outcome: null = go on at once, a number = wait so long, 'stop' = the run is over. */
  function judge(outcome: Outcome, tries: number, onState: (state: SourceState) => void): number | null | 'stop' {
    if (outcome === 'resized') {
      if (mode === 'live') return null;
      throw new AppError(
        'EDGE_SOURCE_DECODE',
        `camera ${camera}: the picture’s size changes within the file, which needs FFmpeg 5 (here ${order.ffmpeg.version})`,
      );
    }
    const fileEnded = outcome === 'ended' && kind === 'file';
    if (fileEnded && !(mode === 'live' && config.loop)) return 'stop';
    if (mode === 'replay') {
      if (outcome === 'ended') return 'stop';
      throw outcome;
    }
    if (fileEnded) return null;
    const fault =
      outcome === 'ended' ? new AppError('EDGE_SOURCE_UNREACHABLE', `camera ${camera}: the stream ended`) : outcome;
    const retryMs = backOffMs(tries, random, RECONNECT);
    log.warn({ camera, code: fault.code, retryMs: Math.round(retryMs) }, fault.message);
    onState({ state: 'lost', fault, retryMs });
    return retryMs;
  }

  async function produce(onState: (state: SourceState) => void, signal: AbortSignal): Promise<void> {
    let tries = 0;
    for (;;) {
      onState({ state: 'connecting' });
      const before = assembler.completed();
      const outcome = await connect(onState, signal);
      if (signal.aborted) return;
      if (assembler.completed() - before >= GOOD_FRAMES) tries = 0;
      const wait = judge(outcome, tries, onState);
      if (wait === 'stop') return onState({ state: 'ended' });
      if (wait === null) continue;
      reconnects++;
      tries++;
      await pause(wait, signal);
      if (signal.aborted) return;
    }
  }

  async function consume(onFrame: (frame: Frame) => Promise<void> | void, signal: AbortSignal): Promise<void> {
    for (;;) {
      const frame = await assembler.next();
      if (!frame) return;
      try {
        if (!signal.aborted) await onFrame(frame);
      } finally {
        frame.release();
      }
    }
  }

  return {
    run(hooks, signal) {
      if (running) throw new Error('a source runs once');
      // Not AbortSignal.any: Node 20 may collect its sources while they are waited for.
      const quit = () => closing.abort();
      signal.addEventListener('abort', quit, { once: true });
      if (signal.aborted) quit();
      const stop = closing.signal;
      const onState = hooks.onState ?? (() => {});
      const consuming = consume(hooks.onFrame, stop).catch((error: unknown) => {
        quit();
        throw error;
      });
      running = Promise.allSettled([produce(onState, stop).finally(assembler.finish), consuming]).then((results) => {
        signal.removeEventListener('abort', quit);
        // A consumer's error stops the producer, so it is the one to tell.
        for (const result of results.reverse()) if (result.status === 'rejected') throw result.reason;
      });
      return running;
    },
    stats: () => ({
      frames: assembler.completed(),
      drops: assembler.drops(),
      reconnects,
      clockOffsetMs: time.offsetMs(),
      clockSource: time.source(),
      jumps: time.jumps(),
      ...size,
      pid: decoder?.pid ?? null,
    }),
    clockIsSure: time.isSure,
    async close() {
      closing.abort();
      // The run's own caller hears of its error.
      await running?.catch(() => {});
    },
  };
}
