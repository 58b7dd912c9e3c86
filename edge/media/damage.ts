/** Which decoded pictures are damaged: the decoder marks its own faults, not what is drawn from them afterwards. */
import {
  AV_FRAME_FLAG_CORRUPT,
  AV_FRAME_FLAG_KEY,
  AV_PICTURE_TYPE_B,
  AV_PICTURE_TYPE_P,
  AV_PICTURE_TYPE_S,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';

/** What a damaged picture hands on to those after it ends with a keyframe, or with so long a refresh. */
const TAINTED_US = 10_000_000;
/** A stream without any picture of its own is whole after so many: each refreshes a part. */
const REFRESHED_BY = 300;
/** Their decoders know for themselves where pictures can begin; others show what is drawn from nothing without a word. */
const KNOWS_ITS_BEGINNING: ReadonlySet<string> = new Set(['h264', 'hevc', 'vp8', 'vp9', 'av1']);

/** One for a decoder; times in µs of the stream's clock, or of the arrival where it has none. */
export function createDamage() {
  let taintedAt: number | null = null;
  /** A picture that needs no other has come out since the decoder began. */
  let begun = false;
  let groundless = 0;

  /** Pictures after a damaged one are drawn from it, though the decoder no longer says so. */
  function isTainted(frame: Frame, at: number): boolean {
    const own = frame.decodeErrorFlags !== 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) !== 0;
    if (own) {
      if (frame.pictType !== AV_PICTURE_TYPE_B) taintedAt = at;
    } else if (taintedAt !== null) {
      const over = (frame.flags & AV_FRAME_FLAG_KEY) !== 0 || Math.abs(at - taintedAt) > TAINTED_US;
      if (over) taintedAt = null;
    }
    return own || taintedAt !== null;
  }

  /** A picture before the first that needs no other is drawn from nothing, whatever its container called it. */
  function isGroundless({ pictType }: Frame, codec: string): boolean {
    if (begun || KNOWS_ITS_BEGINNING.has(codec)) return false;
    const needsAnother =
      pictType === AV_PICTURE_TYPE_P || pictType === AV_PICTURE_TYPE_B || pictType === AV_PICTURE_TYPE_S;
    begun = !needsAnother || ++groundless > REFRESHED_BY;
    return !begun;
  }

  function beginAnew(): void {
    begun = false;
    groundless = 0;
  }

  return {
    /** The decoder refused a packet: its picture is missing or repaired, and others are drawn from it. */
    refused(at: number): void {
      taintedAt = at;
    },
    /** Asked of each picture, in the order in which they come out. `afterLoss`: its packet was built on what was lost. */
    isDamaged(frame: Frame, at: number, codec: string, afterLoss: boolean): boolean {
      // The decoder itself does not miss a whole picture, nor in H.265 a part of one.
      return isTainted(frame, at) || afterLoss || isGroundless(frame, codec);
    },
    /** Another decoder. */
    beginAnew,
    /** What was decoded before is forgotten. */
    restart(): void {
      taintedAt = null;
      beginAnew();
    },
  };
}
