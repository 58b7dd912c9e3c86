/** What reading access units must know of a codec made of NAL units (H.264, H.265). */

/** What a sequence parameter set tells of the picture. */
export type SequenceFacts = {
  readonly id: number;
  readonly profile: string | null;
  readonly width: number;
  readonly height: number;
  readonly pixelAspect: number | null;
  readonly fps: number | null;
  /** A picture may be two fields, each with a first slice of its own: bits of frame_num in a slice's head; else null. */
  readonly fieldsAfterBits: number | null;
};

/**
 * `set`: parameter sets; `slice`: a part of a picture; `front`: what can only stand before one. Delimiters, which stand
 * there too, and filler are left out: nobody needs them.
 */
export type NalRole = 'set' | 'slice' | 'front' | 'delimiter' | 'filler' | 'other';

export type NalSyntax = {
  /** FFmpeg's name. */
  readonly codec: 'h264' | 'hevc';
  /** Bytes of a NAL unit's header. */
  readonly headerBytes: 1 | 2;
  readonly typeOf: (firstByte: number) => number;
  readonly roleOf: (type: number) => NalRole;
  /** Whether a slice begins its picture, told by the byte behind the NAL unit's header. */
  readonly isFirstSlice: (byte: number) => boolean;
  /** Whether later pictures may refer to this slice, where that is cheap to know. */
  readonly isReference: (firstByte: number) => boolean;
  /** The number that tells one parameter set of a type from another; null when it cannot be read. */
  readonly setId: (type: number, nal: Uint8Array) => number | null;
  readonly isSequence: (type: number) => boolean;
  readonly sequenceFacts: (nal: Uint8Array) => SequenceFacts | null;
  /** Types of the sets without which nothing can be decoded. */
  readonly needed: readonly number[];
  /** Whether decoding can begin at a slice of this type, whatever else its picture says. */
  readonly isRandomAccess: (type: number) => boolean;
  /** Frames from here until the picture is whole, from a recovery point message; null when this NAL unit holds none. */
  readonly recoveryFrames: (type: number, bytes: Uint8Array, from: number, to: number) => number | null;
  /** Whether this slice is of a single field. */
  readonly isField: (facts: SequenceFacts, bytes: Uint8Array, from: number, to: number) => boolean;
  /** Whether every block of this slice is coded without other pictures. */
  readonly isIntraSlice: (bytes: Uint8Array, from: number, to: number) => boolean;
};

/** A size that no camera has is a set that was read wrongly. */
export function plausibleSize(width: number, height: number): boolean {
  return width >= 16 && height >= 16 && width <= 16_384 && height <= 16_384;
}
