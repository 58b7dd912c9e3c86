/** What a camera or a file is, in the words an engineer needs before configuring it. */
import { AppError } from '../../../platform/app-error.ts';
import { publicUrl } from '../../../platform/log.ts';
import type { Demux, DemuxOrder, MediaPacket, StreamFormat } from '../../domain/packet.ts';
import { createDecoder, type Decoder } from '../../media/decoder.ts';
import type { Picture } from '../../media/picture.ts';
import { protocolOf } from '../protocols.ts';
import type { CameraProbe } from './facts.ts';
import { probeNotes } from './notes.ts';
import { createProbeTally } from './tally.ts';

export type Probed = {
  readonly probe: CameraProbe;
  /** The first whole picture, for the caller to release; null where none came. */
  readonly still: Picture | null;
};

const ENOUGH_KEYFRAMES = 4;
const ENOUGH_REFRESHES = 3;
const ENOUGH_SECONDS = 2;
/** Codecs whose decoders give nothing until a picture is whole: they may be fed from anywhere. */
const PATIENT: ReadonlySet<string> = new Set(['h264', 'hevc']);

/** Whole pictures out of packets: keyframes by themselves, else all that comes from somewhere on. */
function createWholePictures(aspect: number | null) {
  const shown = aspect === null ? {} : { aspect };
  let alone: Decoder | null = null;
  let following: Decoder | null = null;

  function firstWhole(pictures: readonly Picture[]): Picture | null {
    const whole = pictures.find(({ damaged }) => !damaged) ?? null;
    for (const picture of pictures) if (picture !== whole) picture.release();
    return whole;
  }
  return {
    keyframe(packet: MediaPacket): Picture | null {
      alone ??= createDecoder(packet.format, shown);
      return firstWhole(alone.decodeKey(packet));
    },
    follow(packet: MediaPacket): Picture | null {
      if (!following && !packet.key && !PATIENT.has(packet.format.codec)) return null;
      following ??= createDecoder(packet.format, shown);
      return firstWhole(following.push(packet));
    },
    /** A recording has ended. */
    rest: (): Picture | null => (following ? firstWhole(following.drain()) : null),
    close(): void {
      alone?.close();
      following?.close();
    },
  };
}

/** Takes packets until it knows enough. */
function createWatch(live: boolean, aspect: number | null) {
  const pictures = createWholePictures(aspect);
  const tally = createProbeTally(live);
  let still: Picture | null = null;
  let refreshes = 0;
  let format: StreamFormat | null = null;

  function keyframe(packet: MediaPacket): void {
    // Files and some cameras mark the beginning of a refresh as a keyframe: only decoding tells.
    const picture = tally.keys() < ENOUGH_KEYFRAMES ? pictures.keyframe(packet) : null;
    if (picture === null && tally.keys() < ENOUGH_KEYFRAMES) {
      refreshes++;
      return;
    }
    tally.keyframe(packet);
    if (still) picture?.release();
    else still = picture;
  }
  return {
    tally,
    packet(packet: MediaPacket): void {
      format = packet.format;
      tally.packet(packet);
      if (packet.key) keyframe(packet);
      still ??= pictures.follow(packet);
    },
    enough: () =>
      tally.flow() >= ENOUGH_SECONDS &&
      (tally.keys() >= ENOUGH_KEYFRAMES || (still !== null && refreshes >= ENOUGH_REFRESHES)),
    found: () => {
      still ??= pictures.rest();
      return { still, refreshes, format };
    },
    close: pictures.close,
  };
}

type StreamDescription = { readonly text: string; readonly fps: number | null; readonly audio: boolean };
type Watch = ReturnType<typeof createWatch>;

/** `h264 (High), 640x360, 25 fps` */
function readText(text: string) {
  const [, codec = 'unknown', profile] = /^(\w+)(?: \(([^)]+)\))?/.exec(text) ?? [];
  const [, width = 0, height = 0] = /(\d{2,5})x(\d{2,5})/.exec(text) ?? [];
  return { codec, profile: profile ?? null, width: Number(width), height: Number(height) };
}

function probeOf(
  url: string,
  description: StreamDescription,
  watch: Watch,
  watchedSeconds: number,
): Omit<CameraProbe, 'notes'> {
  const { still, refreshes, format } = watch.found();
  const text = readText(description.text);
  const coded = still?.coded() ?? null;
  const { fps: fpsMeasured, kbps, keyframeSeconds } = watch.tally.measured();
  return {
    url: publicUrl(url),
    codec: format?.codec ?? text.codec,
    profile: text.profile,
    pixelFormat: coded?.pixelFormat ?? 'unknown',
    width: still?.width ?? text.width,
    height: still?.height ?? text.height,
    fps: description.fps,
    kbps,
    keyframeSeconds,
    audio: description.audio,
    saved: null,
    coded: coded && { width: coded.width, height: coded.height },
    pixelAspect: coded?.pixelAspect ?? null,
    rotation: coded?.rotation ?? null,
    range: still?.full.range ?? null,
    fpsMeasured,
    keyframes: watch.tally.keys(),
    firstKeyframeSeconds: watch.tally.firstKeyAfter(),
    refreshes,
    watchedSeconds,
  };
}

/** Throws where there is nothing to tell of. */
function refuseEmpty(
  url: string,
  description: StreamDescription | null,
  watch: Watch,
  ended: boolean,
  seconds: number,
): void {
  const fault = (code: ConstructorParameters<typeof AppError>[0], reason: string) =>
    new AppError(code, `${publicUrl(url)}: ${reason}`);
  if (watch.tally.packets() === 0) {
    if (ended) throw fault('EDGE_SOURCE_NO_VIDEO', 'no picture in it');
    if (description)
      throw fault('EDGE_SOURCE_STALLED', `described (${description.text}), but no packet within ${seconds} s`);
    throw fault('EDGE_SOURCE_UNREACHABLE', `no answer within ${seconds} s`);
  }
  if (ended && watch.found().still === null) throw fault('EDGE_SOURCE_DECODE', 'no picture of it could be decoded');
}

/**
 * Reads the stream until a few keyframes have come or the time is over.
 * Rejects with EDGE_SOURCE_UNREACHABLE, EDGE_SOURCE_NO_VIDEO, EDGE_SOURCE_STALLED or EDGE_SOURCE_DECODE.
 */
export async function probeStream(
  order: Omit<DemuxOrder, 'onStream'>,
  demux: Demux,
  options: { readonly timeoutMs: number; readonly aspect?: number | null },
): Promise<Probed> {
  const live = !protocolOf(order.url).recorded;
  const watch = createWatch(live, options.aspect ?? null);
  const stop = new AbortController();
  const startedAt = performance.now();
  const timer = setTimeout(() => stop.abort(), options.timeoutMs);
  let description: StreamDescription | null = null;
  let known = false;
  try {
    await demux(
      {
        ...order,
        onStream(stream) {
          description = stream;
        },
      },
      (packet) => {
        if (stop.signal.aborted) return;
        watch.packet(packet);
        if (watch.enough()) stop.abort();
      },
      stop.signal,
    ).catch((error: unknown) => {
      // A stream that breaks off has been seen all the same.
      if (watch.tally.keys() === 0) throw error;
    });
    const ended = !stop.signal.aborted;
    const seconds = live ? (performance.now() - startedAt) / 1000 : watch.tally.flow();
    const watchedSeconds = Math.round(seconds * 10) / 10;
    refuseEmpty(order.url, description, watch, ended, Math.round(options.timeoutMs / 1000));
    const probe = probeOf(order.url, description ?? { text: '', fps: null, audio: false }, watch, watchedSeconds);
    known = true;
    return { probe: { ...probe, notes: probeNotes(probe, !ended) }, still: watch.found().still };
  } finally {
    clearTimeout(timer);
    if (!known) watch.found().still?.release();
    watch.close();
  }
}
