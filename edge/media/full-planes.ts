/** A decoded picture as planar 4:2:0 of 8 bits in its display size: copied where it is that already, else converted. */
import { AV_PIX_FMT_YUV420P, AVCOL_RANGE_JPEG } from 'node-av/constants';
import { avImageCopyToBuffer, type Frame } from 'node-av/lib';
import { AppError } from '../../platform/app-error.ts';
import type { StreamFormat } from '../domain/packet.ts';
import type { Colours } from './colours.ts';
import type { DisplaySize } from './display-size.ts';
import { givePlanes, takePlanes } from './plane-store.ts';
import { scaled } from './scaler.ts';
import { turn } from './turn.ts';

/** Evidence: quality before speed, and it is made seldom. */
const FLAGS = 'bicubic+accurate_rnd+full_chroma_int';

/**
 * Bytes of a planar 4:2:0 picture of 8 bits.
 *
 * @example planeBytes(3, 3) // 17
 */
export function planeBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

/** The buffer belongs to the caller until `givePlanes`. Rejects with EDGE_SOURCE_DECODE. */
export function copyPlanes(
  frame: Frame,
  colours: Colours,
  rotation: StreamFormat['rotation'],
  size: DisplaySize,
): Buffer {
  const bytes = planeBytes(size.width, size.height);
  const into = takePlanes(bytes);
  try {
    const written = writePlanes(frame, colours, rotation, size, into);
    if (written !== bytes) throw new AppError('EDGE_SOURCE_DECODE', 'a picture whose bytes do not fit its size');
    return into;
  } catch (error) {
    givePlanes(into);
    throw error;
  }
}

function writePlanes(
  frame: Frame,
  colours: Colours,
  rotation: StreamFormat['rotation'],
  size: DisplaySize,
  into: Buffer,
): number {
  const width = size.squareWidth;
  const height = frame.height;
  const square = width === frame.width;
  if (colours.straight && square && rotation === 0) {
    return avImageCopyToBuffer(into, into.length, frame.data, frame.linesize, AV_PIX_FMT_YUV420P, width, height, 1);
  }
  const { planes, strides } = scaled(frame, {
    width,
    height,
    format: AV_PIX_FMT_YUV420P,
    flags: FLAGS,
    // One channel is full range to the library whatever its label says: so its levels stay as they are.
    range: colours.grey ? AVCOL_RANGE_JPEG : colours.range,
    space: colours.space,
  });
  if (rotation === 0) {
    return avImageCopyToBuffer(into, into.length, [...planes], [...strides], AV_PIX_FMT_YUV420P, width, height, 1);
  }
  let offset = 0;
  for (let plane = 0; plane < 3; plane++) {
    const [w, h] = plane === 0 ? [width, height] : [Math.ceil(width / 2), Math.ceil(height / 2)];
    const from = { bytes: planes[plane] as Buffer, offset: 0, stride: strides[plane] as number };
    turn(from, { bytes: into, offset, stride: rotation === 180 ? w : h }, w, h, rotation, 1);
    offset += w * h;
  }
  return offset;
}
