/** From what the reader has to show to frames with a number and a time, and a word where nothing of it decodes. */
import { AppError } from '../../platform/app-error.ts';
import type { Frame, MainPicture, ModelInput } from '../domain/frame.ts';
import type { Picture } from '../media/picture.ts';
import type { Risk } from './contract.ts';
import { frameOf } from './decode/frame-of.ts';
import type { Sight } from './decode/sight.ts';
import type { CameraTime } from './time/camera-time.ts';

/** Keyframes that do not decode, one after another, for so long: the stream is of no use. */
const UNDECODABLE = { pictures: 5, ms: 15_000 } as const;

export type FramerOptions = {
  readonly live: boolean;
  readonly input: ModelInput;
  readonly time: CameraTime;
  readonly resting: () => boolean;
  /** The main stream's picture of a moment, where there is a main stream beside this one. */
  readonly mainPicture: ((takenAt: number) => Promise<MainPicture | null>) | null;
  readonly risk: Risk;
  /** A whole picture; `isNew`: the connection's first, or of another size than the last. */
  readonly onPicture: (isNew: boolean) => void;
  /** So many keyframes in a row give no picture. */
  readonly onUndecodable: (pictures: number) => void;
  /** Live: a form that cannot be decoded or converted is a fault of this stream, and ends its connection. */
  readonly onFault: (fault: AppError) => void;
};

/** Counts go on over connections. */
export function createFramer(options: FramerOptions) {
  const { live, time, risk } = options;
  let frames = 0;
  let size = { width: 0, height: 0 };
  /** Pictures of this connection: 0 until the stream has shown something. */
  let shown = 0;
  let failing: { readonly since: number; count: number } | null = null;

  /** Nothing came out of a sight that should have shown something. */
  function countFailure(): void {
    const now = performance.now();
    failing ??= { since: now, count: 0 };
    failing.count++;
    if (!live || failing.count < UNDECODABLE.pictures || now - failing.since < UNDECODABLE.ms) return;
    options.onUndecodable(failing.count);
    failing = null;
  }

  function notePicture({ width, height }: Picture): void {
    failing = null;
    const known = shown++ > 0 && width === size.width && height === size.height;
    size = { width, height };
    options.onPicture(!known);
  }

  function frameIn(sight: Sight): Frame | null {
    const picture = sight.open();
    if (!picture) {
      countFailure();
      return null;
    }
    notePicture(picture);
    const at = time.map(sight.ptsUs, sight.arrivedAt);
    const takenAt = time.takenAt();
    const { mainPicture } = options;
    const when = {
      index: frames++,
      at,
      timeline: time.timeline(),
      resting: options.resting(),
      arrivedAt: sight.arrivedAt,
    };
    return frameOf(picture, options.input, when, mainPicture ? () => mainPicture(takenAt) : undefined);
  }

  return {
    reconnected(): void {
      shown = 0;
      failing = null;
    },
    /** The frame, or null where the sight shows none. */
    take(sight: Sight): Frame | null {
      risk.enter();
      try {
        return frameIn(sight);
      } catch (error) {
        if (!(error instanceof AppError) || !live) throw error;
        options.onFault(error);
        return null;
      } finally {
        risk.leave();
      }
    },
    hasShown: (): boolean => shown > 0,
    stats: () => ({ frames, ...size }),
  };
}
