/** JPEGs as a short clip that every browser plays: H.264 in MP4, in process, the same bytes for the same pictures. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_BITEXACT,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib';
import type { StreamFormat } from '../domain/packet.ts';
import { createDecoder, type Decoder } from './decoder.ts';
import { wordsOf } from './library.ts';
import type { Picture } from './picture.ts';

/** One thread and no dates: the hash in a replayed event must not change from run to run. */
const SETTINGS = { preset: 'veryfast', crf: '26' };
/** Rates are given with one digit. */
const TENTHS = 10;
const JPEG: StreamFormat = { codec: 'mjpeg', extradata: null, width: 0, height: 0, pixelAspect: null, rotation: 0 };

function check(code: number, doing: string): number {
  if (code < 0) throw new Error(`${doing}: ${wordsOf(code)}`);
  return code;
}

function openEncoder(width: number, height: number, rate: number): CodecContext {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (!codec) throw new Error('no encoder for H.264');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.colorRange = AVCOL_RANGE_MPEG;
  context.colorSpace = AVCOL_SPC_BT470BG;
  context.timeBase = new Rational(TENTHS, Math.round(rate * TENTHS));
  context.framerate = new Rational(Math.round(rate * TENTHS), TENTHS);
  context.threadCount = 1;
  context.setFlags(AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER);
  for (const [name, value] of Object.entries(SETTINGS)) context.setOption(name, value);
  const code = context.open2Sync(codec);
  if (code >= 0) return context;
  context.freeContext();
  throw new Error(`the encoder: ${wordsOf(code)}`);
}

/** A frame of the encoder's own: it is read in another thread while other cameras' pictures are scaled in this one. */
function createCanvas(encoder: CodecContext) {
  const frame = new Frame();
  frame.alloc();
  frame.width = encoder.width;
  frame.height = encoder.height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.colorRange = AVCOL_RANGE_MPEG;
  frame.colorSpace = AVCOL_SPC_BT470BG;
  check(frame.allocBuffer(), 'a picture');
  const scaler = new SoftwareScaleContext();
  scaler.allocContext();
  scaler.setOption('sws_flags', 'bicubic');
  return {
    draw(picture: Picture, at: number): Frame {
      if (!picture.drawInto(frame, scaler)) throw new Error('a picture that cannot be converted');
      frame.pts = BigInt(at);
      return frame;
    },
    close(): void {
      scaler.freeContext();
      frame.free();
    },
  };
}

/** An MP4 whose description stands in front, so that it plays while it is loaded. */
async function createFile(path: string, encoder: CodecContext) {
  const output = new FormatContext();
  const packet = new Packet();
  packet.alloc();
  const options = Dictionary.fromObject({ movflags: '+faststart' });
  const close = async (): Promise<void> => {
    await output.closeOutput();
    output.freeContext();
    packet.free();
    options.free();
  };
  check(output.allocOutputContext2(null, 'mp4', path), 'the file');
  output.setFlags(AVFMT_FLAG_BITEXACT);
  const stream = output.newStream();
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  try {
    check(stream.codecpar.fromContext(encoder), 'the stream');
    check(await output.openOutput(), 'the file');
    check(await output.writeHeader(options), 'the header');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    /** Writes what the encoder has ready. */
    async take(): Promise<void> {
      for (;;) {
        const code = await encoder.receivePacket(packet);
        if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return;
        check(code, 'encoding');
        packet.streamIndex = stream.index;
        packet.duration = 1n;
        packet.rescaleTs(encoder.timeBase, stream.timeBase);
        check(await output.interleavedWriteFrame(packet), 'writing');
        packet.unref();
      }
    },
    finish: async () => check(await output.writeTrailer(), 'the end'),
    close,
  };
}

async function createClip(path: string, width: number, height: number, rate: number) {
  const encoder = openEncoder(width, height, rate);
  const canvas = createCanvas(encoder);
  const file = await createFile(path, encoder).catch((error: unknown) => {
    canvas.close();
    encoder.freeContext();
    throw error;
  });
  let count = 0;
  return {
    async add(picture: Picture): Promise<void> {
      check(await encoder.sendFrame(canvas.draw(picture, count++)), 'encoding');
      await file.take();
    },
    async finish(): Promise<void> {
      check(await encoder.sendFrame(null), 'encoding');
      await file.take();
      await file.finish();
    },
    async close(): Promise<void> {
      await file.close();
      canvas.close();
      encoder.freeContext();
    },
  };
}

/** One JPEG decoded. */
function pictureOf(decoder: Decoder, jpeg: Uint8Array): Picture {
  const data = Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const [picture] = decoder.decodeKey({ data, ptsUs: null, key: true, arrivedAt: 0, format: JPEG });
  if (!picture) throw new Error('a picture that does not decode');
  return picture;
}

/**
 * `rate`: pictures a second, one digit after the point. All are of one size; an odd last column or row is drawn into
 * the others, for H.264 has none. Holds up others for no longer than one picture. Rejects with a plain error.
 */
export async function encodeClip(jpegs: readonly Uint8Array[], rate: number): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'kerbwatch-clip-'));
  const path = join(folder, 'clip.mp4');
  const decoder = createDecoder(JPEG);
  let clip: Awaited<ReturnType<typeof createClip>> | null = null;
  try {
    for (const jpeg of jpegs) {
      const picture = pictureOf(decoder, jpeg);
      try {
        clip ??= await createClip(path, picture.width & ~1, picture.height & ~1, rate);
        await clip.add(picture);
      } finally {
        picture.release();
      }
    }
    await clip?.finish();
    await clip?.close();
    clip = null;
    return await readFile(path);
  } finally {
    await clip?.close();
    decoder.close();
    await rm(folder, { recursive: true, force: true });
  }
}
