/** Compressed pictures to decoded ones, in this thread: keyframes alone, or every picture of a stream. */
import { AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { CodecContext, type Frame, Packet } from 'node-av/lib';
import { AppError } from '../../platform/app-error.ts';
import type { MediaPacket, StreamFormat } from '../domain/packet.ts';
import { createDamage } from './damage.ts';
import { giveFrame, takeFrame } from './frame-store.ts';
import { decoderOf } from './library.ts';
import { Picture } from './picture.ts';
import { createPictureTimes } from './picture-times.ts';
import { parametersOf } from './stream-format.ts';

/** Whether a picture is worth its memory; asked before anything of it is kept. */
export type Wanted = (ptsUs: number | null, arrivedAt: number) => boolean;

export type Decoder = {
  /** This keyframe alone, at once: whatever was being decoded before is forgotten. Empty where it does not decode. */
  readonly decodeKey: (packet: MediaPacket, aspect?: number | null) => readonly Picture[];
  /** The next packet of a stream, from a keyframe on. Pictures come in the order in which they are shown. */
  readonly push: (packet: MediaPacket, wanted?: Wanted) => readonly Picture[];
  /** What `push` still holds back; afterwards a keyframe must come. */
  readonly drain: (wanted?: Wanted) => readonly Picture[];
  /** Packets that the decoder refused, so far. */
  readonly refused: () => number;
  readonly close: () => void;
};

export type DecoderOptions = {
  readonly threads?: number;
  /** Width over height of the shown picture, for streams that do not say it. */
  readonly aspect?: number;
};

/** 8K with room; a stream that claims more is refused before memory is taken. */
const MAX_PIXELS = 64_000_000;
const NONE: readonly Picture[] = [];

function openContext(format: StreamFormat, threads: number): CodecContext {
  const codec = decoderOf(format.codec);
  if (!codec) throw new AppError('EDGE_SOURCE_NO_VIDEO', `no decoder for ${format.codec}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  const parameters = parametersOf(format);
  if (parameters) {
    context.parametersToContext(parameters);
  } else {
    if (format.extradata) context.extraData = format.extradata;
    context.width = format.width;
    context.height = format.height;
  }
  context.threadCount = threads;
  context.setOption('max_pixels', MAX_PIXELS);
  // H.264's decoder marks what it repaired; H.265's tells of faults only so, with the same pictures.
  if (format.codec === 'hevc') context.setOption('err_detect', 'explode');
  if (context.open2Sync(codec) < 0) {
    context.freeContext();
    throw new AppError('EDGE_SOURCE_DECODE', `the decoder for ${format.codec} does not start with this stream`);
  }
  return context;
}

/**
 * @param first how the stream is described; a packet may say otherwise later
 * @throws EDGE_SOURCE_NO_VIDEO without a decoder for the codec, EDGE_SOURCE_DECODE where it does not start
 */
export function createDecoder(first: StreamFormat, options: DecoderOptions = {}): Decoder {
  const threads = options.threads ?? 1;
  let format = first;
  let context = openContext(format, threads);
  const sent = new Packet();
  sent.alloc();
  /** The decoder is told a number as a time and hands it back: containers' own times may be none or twice. */
  const times = createPictureTimes();
  let fresh = true;
  let refused = 0;
  const damage = createDamage();
  let spare: Frame = takeFrame();

  function needsAnother(next: StreamFormat): boolean {
    return next !== format && (next.codec !== format.codec || !sameBytes(next.extradata, format.extradata));
  }

  function follow(next: StreamFormat): void {
    const another = needsAnother(next);
    format = next;
    if (!another) return;
    context.freeContext();
    context = openContext(format, threads);
    fresh = true;
    damage.beginAnew();
  }

  function send(packet: MediaPacket): boolean {
    sent.data = packet.data;
    sent.pts = BigInt(times.sent(packet.ptsUs, packet.arrivedAt, packet.afterLoss === true));
    sent.isKeyframe = packet.key;
    const code = context.sendPacketSync(sent);
    sent.unref();
    if (code >= 0) return true;
    refused++;
    damage.refused(packet.ptsUs ?? packet.arrivedAt * 1000);
    return false;
  }

  function receive(wanted: Wanted | undefined, aspect = options.aspect ?? null): readonly Picture[] {
    let pictures: Picture[] | null = null;
    for (;;) {
      const code = context.receiveFrameSync(spare);
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return pictures ?? NONE;
      if (code < 0) {
        refused++;
        return pictures ?? NONE;
      }
      const serial = spare.pts === AV_NOPTS_VALUE ? times.last() : Number(spare.pts);
      const ptsUs = times.timeOf(serial);
      const arrivedAt = times.arrivalOf(serial);
      const now = ptsUs ?? arrivedAt * 1000;
      const damaged = damage.isDamaged(spare, now, format.codec, times.isAfterLoss(serial));
      if (wanted && !wanted(ptsUs, arrivedAt)) {
        spare.unref();
        continue;
      }
      pictures ??= [];
      pictures.push(new Picture(spare, { ptsUs, arrivedAt, damaged, format, aspect }));
      spare = takeFrame();
    }
  }

  function restart(): void {
    if (!fresh) context.flushBuffers();
    fresh = true;
    damage.restart();
    times.restart();
  }

  function drain(wanted?: Wanted): readonly Picture[] {
    if (fresh) return NONE;
    context.sendPacketSync(null);
    const pictures = receive(wanted);
    restart();
    return pictures;
  }

  return {
    decodeKey(packet, aspect) {
      follow(packet.format);
      restart();
      fresh = false;
      // With an end after it the decoder gives it back at once, and a flush makes it the first again for the next.
      if (send(packet)) context.sendPacketSync(null);
      const pictures = receive(undefined, aspect);
      restart();
      return pictures;
    },
    push(packet, wanted) {
      // A decoder that must be another one first gives what it holds.
      const held = needsAnother(packet.format) ? drain(wanted) : NONE;
      follow(packet.format);
      fresh = false;
      send(packet);
      const pictures = receive(wanted);
      return held.length > 0 ? [...held, ...pictures] : pictures;
    },
    drain,
    refused: () => refused,
    close() {
      context.freeContext();
      sent.free();
      giveFrame(spare);
    },
  };
}

function sameBytes(a: Buffer | null, b: Buffer | null): boolean {
  return a === b || (a !== null && b !== null && a.equals(b));
}
