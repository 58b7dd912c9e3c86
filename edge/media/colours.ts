/** What a decoded picture's numbers mean: levels, matrix, and what they are written as in a still. */
import type { AVColorRange, AVColorSpace, AVPixelFormat } from 'node-av/constants';
import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_FCC,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { avGetPixFmtName, type Frame } from 'node-av/lib';

export type Colours = {
  readonly full: boolean;
  readonly bt709: boolean;
  /** The pixels are planar 4:2:0 of 8 bits already. */
  readonly straight: boolean;
  /** One channel: brightness alone. */
  readonly grey: boolean;
  /** How the same picture is labelled as 4:2:0 of 8 bits. */
  readonly range: AVColorRange;
  readonly space: AVColorSpace;
};

const known = new Map<number, Colours>();

/** The same object for frames that say the same: asked for at each frame. */
export function coloursOf(frame: Frame): Colours {
  const { format, colorRange, colorSpace } = frame;
  const key = (format * 4 + colorRange) * 64 + colorSpace;
  let colours = known.get(key);
  if (!colours) {
    colours = interpret(format as AVPixelFormat, colorRange, colorSpace);
    known.set(key, colours);
  }
  return colours;
}

function interpret(format: AVPixelFormat, range: AVColorRange, space: AVColorSpace): Colours {
  const name = avGetPixFmtName(format) ?? '';
  const grey = /^(gray|ya|mono)/.test(name);
  const yuv = grey || /^(yuv|nv|p[0-9]|y[0-9]|uyv|yvy|vyu|vuy|ayuv|xv|v30)/.test(name);
  // One channel is full unless it says otherwise, as in JPEG.
  const full = !yuv || name.startsWith('yuvj') || (grey ? range !== AVCOL_RANGE_MPEG : range === AVCOL_RANGE_JPEG);
  // Stills know two matrices: unknown and SD's are the one, everything wider is written as the other.
  const sd =
    !yuv ||
    space === AVCOL_SPC_RGB ||
    space === AVCOL_SPC_UNSPECIFIED ||
    space === AVCOL_SPC_FCC ||
    space === AVCOL_SPC_BT470BG ||
    space === AVCOL_SPC_SMPTE170M;
  return {
    full,
    bt709: !sd,
    straight: format === AV_PIX_FMT_YUV420P || format === AV_PIX_FMT_YUVJ420P,
    grey,
    range: full ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG,
    space: sd ? (yuv && space !== AVCOL_SPC_RGB ? space : AVCOL_SPC_SMPTE170M) : AVCOL_SPC_BT709,
  };
}
