/** Planar 4:2:0 to the colours of each pixel side by side, in the same size or a smaller one. */
import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
} from 'node-av/constants';
import { avImageCopyToBuffer, Frame } from 'node-av/lib';
import { AppError } from '../../platform/app-error.ts';
import type { FullPicture } from '../domain/frame.ts';
import { scaled } from './scaler.ts';

/** A tenth of the time of a loop in JavaScript; levels are at most 3 off. */
const FLAGS = 'area';

export type RgbPixels = {
  /** width·height·3 bytes, valid until the next call. Rejects with EDGE_EVIDENCE. */
  readonly read: (picture: FullPicture, width: number, height: number) => Uint8ClampedArray;
};

/** The rows of each plane to where the library wants them: it pads them. */
function copyIn(picture: FullPicture, frame: Frame): void {
  const planes = frame.data ?? [];
  const strides = frame.linesize;
  const bytes = Buffer.from(picture.i420.buffer, picture.i420.byteOffset, picture.i420.byteLength);
  let from = 0;
  for (let plane = 0; plane < 3; plane++) {
    const width = plane === 0 ? picture.width : Math.ceil(picture.width / 2);
    const height = plane === 0 ? picture.height : Math.ceil(picture.height / 2);
    for (let y = 0; y < height; y++, from += width) {
      bytes.copy(planes[plane] as Buffer, y * (strides[plane] as number), from, from + width);
    }
  }
}

/** Holds one picture’s place and result: one call at a time. */
export function createRgbPixels(): RgbPixels {
  let rgb = Buffer.alloc(0);
  let source: Frame | null = null;

  /** One picture's place, made anew where the size changes. */
  function frameFor(picture: FullPicture): Frame {
    if (source?.width === picture.width && source.height === picture.height) return source;
    source?.free();
    source = new Frame();
    source.alloc();
    source.width = picture.width;
    source.height = picture.height;
    source.format = AV_PIX_FMT_YUV420P;
    if (source.allocBuffer() < 0) throw new AppError('EDGE_EVIDENCE', 'no memory for a picture');
    return source;
  }

  return {
    read(picture, width, height) {
      const frame = frameFor(picture);
      frame.colorRange = picture.range === 'full' ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
      frame.colorSpace = picture.matrix === 'bt709' ? AVCOL_SPC_BT709 : AVCOL_SPC_BT470BG;
      copyIn(picture, frame);
      const { planes, strides } = scaled(frame, { width, height, format: AV_PIX_FMT_RGB24, flags: FLAGS });
      const bytes = width * height * 3;
      if (rgb.length < bytes) rgb = Buffer.allocUnsafeSlow(bytes);
      avImageCopyToBuffer(rgb, bytes, [...planes], [...strides], AV_PIX_FMT_RGB24, width, height, 1);
      return new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, bytes);
    },
  };
}
