/** What a source of frames is told, gives and says of itself. */
import type { CameraKind } from '../../contracts/camera-kind.ts';
import type { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { SourceConfig } from '../config.ts';
import type { CameraLogins } from '../credentials.ts';
import type { Frame, ModelInput } from '../domain/frame.ts';
import type { CameraTime } from './time/camera-time.ts';
import type { ClockStepWatch } from './time/clock-watch.ts';

export type SourceMode = 'live' | 'replay';

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
  /** Replay of a file: it begins again at its end, with times that go on, until the stream is so long, ms. */
  readonly repeatToMs?: number;
  readonly clock: Clock;
  /** The process's watch on its clock; default: one of its own. */
  readonly watch?: ClockStepWatch;
  /** Live: time of the last frame that an earlier run saved, ms since the epoch; frames come after it. */
  readonly notBefore?: number;
  /** Live: asked after a step of the clock whether nothing is lost by moving the camera's time to it now. */
  readonly mayMove?: () => boolean;
  /** Live: waited for before each connection; what it gives is called when the first packet came or it failed. */
  readonly limiter?: () => Promise<() => void>;
  /** Told around each native call that may end the whole process on a broken stream. */
  readonly risk?: Risk;
  readonly log: Log;
  readonly random?: () => number;
};

export type Risk = { readonly enter: () => void; readonly leave: () => void };

/** What the consumer made of a frame; decides how closely the camera is watched from now on. */
export type FrameActivity = { readonly changed: boolean; readonly active: boolean };

export type Source = {
  /**
   * Runs until the signal, the end of a file, or, in replay, a fault (EDGE_SOURCE_*). `onFrame` is awaited before the
   * next frame; a frame that it has not released is released for it. Rejects with what `onFrame` rejects with.
   */
  readonly run: (
    hooks: {
      readonly onFrame: (frame: Frame) => Promise<FrameActivity | undefined> | FrameActivity | undefined;
      readonly onState?: (state: SourceState) => void;
    },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly stats: () => SourceStats;
  /** False while the frames' time is in doubt after a step of the node's clock. */
  readonly clockIsSure: () => boolean;
  readonly close: () => Promise<void>;
};
