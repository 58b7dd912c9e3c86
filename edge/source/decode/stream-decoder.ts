/** One stream's decoders: keyframes by themselves, or every picture, of which those are given that are wanted and whole. */
import type { MediaPacket } from '../../domain/packet.ts';
import { createDecoder, type Decoder } from '../../media/decoder.ts';
import type { Picture } from '../../media/picture.ts';
import type { Risk } from '../contract.ts';
import { keyDecoders } from './shared-decoders.ts';
import { lastWhole, type Sight } from './sight.ts';

/** More than any codec reorders. */
const MAX_LOSSY = 64;
const REORDERED = 16;

export type StreamDecoderOptions = {
  /** Width over height of the shown picture, where the configuration states it. */
  readonly aspect: number | null;
  /** Told around each native call that may end the whole process on a broken stream. */
  readonly risk: Risk;
  readonly streamMsOf: (packet: { readonly ptsUs: number | null; readonly arrivedAt: number }) => number;
  /** Whether a picture of this stream time is to be shown; it then counts as taken. */
  readonly isWanted: (streamMs: number) => boolean;
  /** A keyframe gave no picture. */
  readonly onNoPicture: () => void;
};

/** What tells one packet from another: its time, or where it has none when it came, µs. */
const nameOf = (ptsUs: number | null, arrivedAt: number): number => ptsUs ?? arrivedAt * 1000;

/** Nothing is decoded before a packet comes, and of a keyframe's sight nothing before it is opened. */
export function createStreamDecoder(options: StreamDecoderOptions) {
  const { aspect, risk, streamMsOf } = options;
  const decoding = aspect === null ? {} : { aspect };
  let full: Decoder | null = null;
  /** Pictures that may be built on lost packets, by what tells their packets; the oldest are long through. */
  const lossy: number[] = [];
  let damaged = 0;

  /** The picture that may be shown; a damaged one is none. */
  function opened(picture: Picture | null): Picture | null {
    if (picture === null) damaged++;
    return picture;
  }

  function pictureSight(picture: Picture): Sight {
    const { ptsUs, arrivedAt } = picture;
    return {
      ptsUs,
      arrivedAt,
      streamMs: streamMsOf(picture),
      open: () => opened(lastWhole([picture])),
      drop: () => picture.release(),
    };
  }

  const wanted = (ptsUs: number | null, arrivedAt: number): boolean => {
    if (lossy.length > 0 && lossy.includes(nameOf(ptsUs, arrivedAt))) {
      damaged++;
      return false;
    }
    return options.isWanted(streamMsOf({ ptsUs, arrivedAt }));
  };

  function noteLoss({ afterLoss, ptsUs, arrivedAt }: MediaPacket): void {
    if (afterLoss) lossy.push(nameOf(ptsUs, arrivedAt));
    if (lossy.length > MAX_LOSSY || (!afterLoss && lossy.length > REORDERED)) lossy.shift();
  }

  function close(): void {
    full?.close();
    full = null;
  }

  return {
    /** This keyframe by itself, decoded when it is opened. */
    key(packet: MediaPacket, streamMs: number): Sight {
      return {
        ptsUs: packet.ptsUs,
        arrivedAt: packet.arrivedAt,
        streamMs,
        open: () => {
          const picture = opened(lastWhole(keyDecoders.decode(packet, aspect)));
          if (picture === null) options.onNoPicture();
          return picture;
        },
        drop: () => {},
      };
    },
    /** The next packet of the stream, from a keyframe on; gives what it makes visible, in order. */
    push(packet: MediaPacket): Sight[] {
      noteLoss(packet);
      risk.enter();
      try {
        full ??= createDecoder(packet.format, decoding);
        return full.push(packet, wanted).map(pictureSight);
      } finally {
        risk.leave();
      }
    },
    /** What `push` still holds back; afterwards a keyframe must come. */
    end(): Sight[] {
      const left = full?.drain(wanted) ?? [];
      close();
      return left.map(pictureSight);
    },
    /** Another connection: its packets follow none of the last one's. */
    reconnected(): void {
      lossy.length = 0;
      close();
    },
    damaged: (): number => damaged,
    close,
  };
}
