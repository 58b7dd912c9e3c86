/** A model's pixels out of a decoded picture: scaled, turned, and put into its letterbox. */
import type { AVPixelFormat } from 'node-av/constants';
import { AV_PIX_FMT_BGR24, AV_PIX_FMT_GBRP, AV_PIX_FMT_RGB24 } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { ModelInput, Placement } from '../domain/frame.ts';
import type { StreamFormat } from '../domain/packet.ts';
import type { Colours } from './colours.ts';
import { type Scaled, scaled } from './scaler.ts';
import { turn } from './turn.ts';

/** See the decision record on decoding for what the others cost and gain. */
const FLAGS = 'bilinear';

const formats: { readonly [format in ModelInput['pixelFormat']]: AVPixelFormat } = {
  rgb24: AV_PIX_FMT_RGB24,
  bgr24: AV_PIX_FMT_BGR24,
  gbrp: AV_PIX_FMT_GBRP,
};

/** One plane's rows to their place; `size` bytes a pixel. */
function copyPlane(
  picture: Scaled,
  plane: number,
  into: Uint8Array,
  offset: number,
  place: Placement,
  rowBytes: number,
  size: number,
): void {
  const from = picture.planes[plane] as Buffer;
  const stride = picture.strides[plane] as number;
  const bytes = place.scaledWidth * size;
  let write = offset + place.offsetY * rowBytes + place.offsetX * size;
  for (let y = 0; y < place.scaledHeight; y++) {
    from.copy(into, write, y * stride, y * stride + bytes);
    write += rowBytes;
  }
}

/** Grey around the picture: rows above and below it at once, then what is left and right. */
function fillBorder(
  into: Uint8Array,
  offset: number,
  input: ModelInput,
  place: Placement,
  rowBytes: number,
  size: number,
): void {
  const top = offset + place.offsetY * rowBytes;
  const bottom = top + place.scaledHeight * rowBytes;
  into.fill(input.pad, offset, top);
  into.fill(input.pad, bottom, offset + input.height * rowBytes);
  if (place.scaledWidth === input.width) return;
  const left = place.offsetX * size;
  const right = left + place.scaledWidth * size;
  for (let row = top; row < bottom; row += rowBytes) {
    into.fill(input.pad, row, row + left);
    into.fill(input.pad, row + right, row + rowBytes);
  }
}

/** The library takes one channel for full range whatever its label says. */
function widenLevels(into: Uint8Array): void {
  for (let at = 0; at < into.length; at++) {
    into[at] = Math.min(255, Math.max(0, Math.round((((into[at] as number) - 16) * 255) / 219)));
  }
}

export function fillModelPixels(
  frame: Frame,
  colours: Colours,
  rotation: StreamFormat['rotation'],
  input: ModelInput,
  place: Placement,
  into: Uint8Array,
): void {
  const turned = rotation === 90 || rotation === 270;
  const picture = scaled(frame, {
    width: turned ? place.scaledHeight : place.scaledWidth,
    height: turned ? place.scaledWidth : place.scaledHeight,
    format: formats[input.pixelFormat],
    flags: FLAGS,
  });
  const planar = input.pixelFormat === 'gbrp';
  const size = planar ? 1 : 3;
  const rowBytes = input.width * size;
  for (let plane = 0; plane < (planar ? 3 : 1); plane++) {
    const offset = plane * input.width * input.height;
    if (rotation === 0) {
      copyPlane(picture, plane, into, offset, place, rowBytes, size);
    } else {
      const from = { bytes: picture.planes[plane] as Buffer, offset: 0, stride: picture.strides[plane] as number };
      const at = offset + place.offsetY * rowBytes + place.offsetX * size;
      const [width, height] = turned
        ? [place.scaledHeight, place.scaledWidth]
        : [place.scaledWidth, place.scaledHeight];
      turn(from, { bytes: into, offset: at, stride: rowBytes }, width, height, rotation, size);
    }
  }
  if (colours.grey && !colours.full) widenLevels(into);
  for (let plane = 0; plane < (planar ? 3 : 1); plane++) {
    fillBorder(into, plane * input.width * input.height, input, place, rowBytes, size);
  }
}
