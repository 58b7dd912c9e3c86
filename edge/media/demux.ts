/** Files, HTTP and, where our own client cannot, RTSP: from an address to compressed pictures. */

import { statSync } from 'node:fs';
import { setImmediate as yieldTurn } from 'node:timers/promises';
import {
  AV_CODEC_ID_NONE,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_NEW_EXTRADATA,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Dictionary, FormatContext, Packet, type Stream } from 'node-av/lib';
import { within } from '../../platform/sleep.ts';
import type { Demux, DemuxOrder, MediaPacket, StreamFormat } from '../domain/packet.ts';
import { decoderOf } from './library.ts';
import { addressKind, libraryAddress, openingOptions } from './media-address.ts';
import { mediaFault, openingFault, readingFault } from './media-fault.ts';
import { formatOf, fpsOf, isIntraOnly, textOf } from './stream-format.ts';

/** A file is read in the event loop's thread: others get their turn after so many packets or so long. */
const TURN_PACKETS = 8;
const TURN_MS = 4;
/** Connecting, logging in and describing, all together. */
const OPENING_MS = 20_000;
/** A name server that does not answer cannot be interrupted: it is waited for no longer than this. */
const LEAVING_MS = 100;
/** Text and pictures of letters, which the library would draw as a terminal does. */
const LETTERS = /^(tty|bin|xbin|adf|idf)$/;
/** Containers that hold no times; over a network the library would invent 25 frames a second for them. */
const TIMELESS = /^(mpjpeg|mjpeg|jpeg_pipe|png_pipe|image2|image2pipe|h264|hevc|m4v|obu)$/;

type Video = {
  readonly stream: Stream;
  readonly format: StreamFormat;
  /** Where the container holds no times: µs from one picture to the next in a recording, none at all live. */
  readonly stepUs: number | null;
  readonly timeless: boolean;
};
/** What the library takes for a recording that says no rate. */
const USUAL_FPS = 25;

/** One open input: every wait ends with the signal, and nothing is freed while the library still uses it. */
function createInput(order: DemuxOrder, signal: AbortSignal) {
  const context = new FormatContext();
  // Before openInput, else interrupt() does nothing and closing during a read kills the process.
  context.allocContext();
  const packet = new Packet();
  packet.alloc();
  let pending: Promise<number> | null = null;
  let leave: (() => void) | null = null;
  let opened = false;
  let late = false;
  const interrupt = () => {
    context.interrupt();
    leave?.();
  };
  signal.addEventListener('abort', interrupt, { once: true });

  function free(): void {
    if (opened) context.closeInputSync();
    context.freeContext();
    packet.free();
  }

  /** What the promise gives; null once the signal has come. Not Promise.race: it would keep every call until then. */
  function unlessGone<T>(waited: Promise<T>): Promise<T | null> {
    return new Promise((resolve, reject) => {
      leave = () => resolve(null);
      if (signal.aborted) leave();
      waited.then(resolve, reject);
    });
  }

  /** A call of the library and its number; null once the signal has come. */
  async function call(running: Promise<number>): Promise<number | null> {
    pending = running;
    const code = await unlessGone(running);
    if (code !== null) pending = null;
    return signal.aborted ? null : code;
  }

  return {
    context,
    packet,
    unlessGone,
    read: () => call(context.readFrame(packet)),
    tooLate: () => late,
    /** Opens and describes. */
    async open(): Promise<number | null> {
      const timer = setTimeout(() => {
        late = true;
        context.interrupt();
      }, OPENING_MS);
      const options = Dictionary.fromObject(openingOptions(order.url, order.transport));
      const opening = context.openInput(libraryAddress(order.url, order.credentials), null, options).then((code) => {
        opened = code >= 0;
        options.free();
        return code;
      });
      const code = await call(opening);
      const described =
        code === null || code < 0 || knowsStreams(context) ? code : await call(context.findStreamInfo());
      clearTimeout(timer);
      return described;
    },
    async close(): Promise<void> {
      signal.removeEventListener('abort', interrupt);
      if (!pending) return free();
      context.interrupt();
      const left = pending.then(free, free);
      await within(LEAVING_MS, left);
    },
  };
}

/** RTSP tells codec and parameter sets by itself: looking at frames there costs seconds and the first keyframe. */
function knowsStreams(context: FormatContext): boolean {
  if (context.iformat?.name !== 'rtsp') return false;
  const video = context.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
  if (!video || video.codecpar.codecId === AV_CODEC_ID_NONE) return false;
  if (video.codecpar.extradataSize > 0) video.codecpar.parseExtradata();
  return true;
}

function chooseVideo(order: DemuxOrder, context: FormatContext): Video {
  const at = context.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = at < 0 ? undefined : context.streams[at];
  const container = context.iformat?.name?.split(',')[0] ?? '';
  if (!stream || (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) !== 0 || LETTERS.test(container)) {
    throw mediaFault(order, 'EDGE_SOURCE_NO_VIDEO', 'no video stream in it');
  }
  let audio = false;
  for (const other of context.streams) {
    if (other.codecpar.codecType === AVMEDIA_TYPE_AUDIO) audio = true;
    if (other.index !== at) other.discard = AVDISCARD_ALL;
  }
  const format = formatOf(stream);
  if (!decoderOf(format.codec)) throw mediaFault(order, 'EDGE_SOURCE_NO_VIDEO', `no decoder for ${format.codec}`);
  const timeless = addressKind(order.url) !== 'file' && TIMELESS.test(container);
  const fps = timeless ? null : fpsOf(stream);
  order.onStream?.({ text: textOf(stream, format, fps), fps, audio });
  const stepUs = addressKind(order.url) === 'file' ? 1e6 / (fps ?? USUAL_FPS) : null;
  return { stream, format, stepUs, timeless };
}

function createPacketReader({ stream, format, stepUs, timeless }: Video) {
  const { num, den } = stream.timeBase;
  const { index } = stream;
  const intra = isIntraOnly(stream);
  let current = format;
  let count = 0;

  function timeOf(packet: Packet): number | null {
    if (timeless) return null;
    const pts = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (pts === AV_NOPTS_VALUE) return stepUs === null ? null : Math.round(count * stepUs);
    return Math.round((Number(pts) * num * 1e6) / den);
  }

  /** What the packet holds, copied; null for another stream's. */
  return (packet: Packet): MediaPacket | null => {
    if (packet.streamIndex !== index) return null;
    const view = packet.data;
    if (!view || view.length === 0) return null;
    const changed = packet.getSideData(AV_PKT_DATA_NEW_EXTRADATA);
    if (changed && !current.extradata?.equals(changed)) current = formatOf(stream, Buffer.from(changed));
    const ptsUs = timeOf(packet);
    count++;
    return {
      data: Buffer.from(view),
      ptsUs,
      key: intra || packet.isKeyframe,
      arrivedAt: performance.now(),
      format: current,
    };
  };
}

/** A read of anything else than a plain file (a pipe, a device) may wait. */
function readsAtOnce(url: string): boolean {
  if (addressKind(url) !== 'file') return false;
  return statSync(libraryAddress(url, null).slice('file:'.length), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Any container and protocol that FFmpeg knows, within the bounds of `openingOptions`; see `Demux`. */
export const demuxMedia: Demux = async (order, onPacket, signal) => {
  if (signal.aborted) return;
  const input = createInput(order, signal);
  const { context, packet } = input;
  try {
    const code = await input.open();
    if (code === null) return;
    if (input.tooLate()) throw mediaFault(order, 'EDGE_SOURCE_UNREACHABLE', 'no answer within the time');
    if (code < 0) throw openingFault(order, code);
    const copy = createPacketReader(chooseVideo(order, context));
    const atOnce = readsAtOnce(order.url);
    let turnFrom = performance.now();
    let inTurn = 0;
    while (!signal.aborted) {
      const got = atOnce ? context.readFrameSync(packet) : await input.read();
      if (got === null || got === AVERROR_EOF) return;
      if (got < 0 && got !== AVERROR_EAGAIN) throw readingFault(order, got);
      const media = got === 0 ? copy(packet) : null;
      packet.unref();
      const taken = media ? onPacket(media) : undefined;
      if (taken) await input.unlessGone(taken);
      if (atOnce && (++inTurn >= TURN_PACKETS || performance.now() - turnFrom > TURN_MS)) {
        await yieldTurn();
        turnFrom = performance.now();
        inTurn = 0;
      }
    }
  } finally {
    await input.close();
  }
};
