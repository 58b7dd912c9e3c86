/** What a probe says of a camera; `camera probe --json` prints it. */
import type { StreamFormat } from '../../domain/packet.ts';

export type CameraProbe = {
  /** Without user and password. */
  readonly url: string;
  readonly codec: string;
  readonly profile: string | null;
  readonly pixelFormat: string;
  /** As the picture is shown, upright and with square pixels, which is what stills and zones show; 0 where unknown. */
  readonly width: number;
  readonly height: number;
  /** As the stream says; null where it says nothing. */
  readonly fps: number | null;
  /** Measured. */
  readonly kbps: number | null;
  /** Mean time between keyframes, s; null when fewer than two came while looking. */
  readonly keyframeSeconds: number | null;
  /** Whether sound is sent too (it is never read). */
  readonly audio: boolean;
  /** Where the still was written, or null. */
  readonly saved: string | null;
  /** Before it is turned and its pixels made square; null where no picture could be decoded, as all that follows. */
  readonly coded: { readonly width: number; readonly height: number } | null;
  /** Width of a pixel over its height; null where the stream says nothing. */
  readonly pixelAspect: number | null;
  /** Degrees clockwise by which the coded picture is turned. */
  readonly rotation: StreamFormat['rotation'] | null;
  readonly range: 'full' | 'limited' | null;
  readonly fpsMeasured: number | null;
  /** Keyframes seen; how long after the first packet the first one came, s. */
  readonly keyframes: number;
  readonly firstKeyframeSeconds: number | null;
  /** Points at which a picture begins to be whole again, part by part. */
  readonly refreshes: number;
  readonly watchedSeconds: number;
  /** What the figures mean for a configuration. */
  readonly notes: readonly string[];
};
