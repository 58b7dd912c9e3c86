/** The library that demuxes and decodes, made quiet: it would write lines on stderr that name no camera. */
import type { AVCodecID } from 'node-av/constants';
import { AV_LOG_QUIET } from 'node-av/constants';
import { avGetCodecName, Codec, FFmpegError, Log } from 'node-av/lib';

Log.setLevel(AV_LOG_QUIET);

let idOf: Map<string, AVCodecID> | null = null;

/** The decoder for a codec by FFmpeg's name of the codec (not of one of its decoders); null where there is none. */
export function decoderOf(codec: string): Codec | null {
  if (!idOf) {
    idOf = new Map();
    for (const { id } of Codec.getCodecList()) idOf.set(avGetCodecName(id) ?? '', id);
  }
  const id = idOf.get(codec);
  return id === undefined ? null : Codec.findDecoder(id);
}

/** What the library says about one of its error numbers, as a part of a sentence. */
export function wordsOf(code: number): string {
  const words = FFmpegError.strerror(code);
  return /^[A-Z][a-z]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}
