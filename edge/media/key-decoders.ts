/** Decoders for keyframes alone, shared by cameras whose streams are described alike: memory by kinds, not by cameras. */
import { createHash } from 'node:crypto';
import type { MediaPacket, StreamFormat } from '../domain/packet.ts';
import { createDecoder, type Decoder } from './decoder.ts';
import { eachParameterSet } from './parameter-sets.ts';
import type { Picture } from './picture.ts';

export type KeyDecoders = {
  /** This keyframe alone; `aspect` as of a decoder. Empty where it does not decode. Rejects with EDGE_SOURCE_*. */
  readonly decode: (packet: MediaPacket, aspect?: number | null) => readonly Picture[];
  /** Decoders held now. */
  readonly size: () => number;
  readonly close: () => void;
};

/** A decoder of 1080p holds some 10 MB; a fleet has few kinds of cameras. */
const MAX_KEPT = 16;

/** @param most decoders that are held; the one not used for longest gives way */
export function createKeyDecoders(most = MAX_KEPT): KeyDecoders {
  /** In the order of use, the one not used for longest first. */
  const kept = new Map<string, Decoder>();
  const named = new WeakMap<StreamFormat, string>();
  let formats = 0;

  /** What the container says; streams of other codecs than these may need what it does not say, so each has its own. */
  function nameOf(format: StreamFormat): string {
    let name = named.get(format);
    if (name === undefined) {
      const shared = format.codec === 'h264' || format.codec === 'hevc';
      const hash = createHash('sha256').update(format.extradata ?? '');
      name = shared ? `${format.codec} ${hash.digest('base64')}` : `${format.codec} #${++formats}`;
      named.set(format, name);
    }
    return name;
  }

  /** Parameter sets within the packet replace the decoder's: only streams with the very same may share it. */
  function kindOf({ format, data }: MediaPacket): string {
    const { codec, extradata } = format;
    if (codec !== 'h264' && codec !== 'hevc') return nameOf(format);
    let sets: ReturnType<typeof createHash> | null = null;
    eachParameterSet(codec, extradata, data, (unit) => {
      sets ??= createHash('sha256');
      sets.update(unit);
    });
    const inBand = sets as ReturnType<typeof createHash> | null;
    return inBand ? `${nameOf(format)} ${inBand.digest('base64')}` : nameOf(format);
  }

  function drop(kind: string): void {
    kept.get(kind)?.close();
    kept.delete(kind);
  }

  return {
    decode(packet, aspect) {
      const kind = kindOf(packet);
      const decoder = kept.get(kind) ?? createDecoder(packet.format);
      kept.delete(kind);
      kept.set(kind, decoder);
      const refusedBefore = decoder.refused();
      const pictures = decoder.decodeKey(packet, aspect);
      // Whatever a broken packet left in it must not reach another camera.
      if (decoder.refused() > refusedBefore || pictures.some(({ damaged }) => damaged)) drop(kind);
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) drop(oldest);
      return pictures;
    },
    size: () => kept.size,
    close() {
      for (const kind of [...kept.keys()]) drop(kind);
    },
  };
}
