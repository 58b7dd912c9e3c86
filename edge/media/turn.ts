/** Turns a plane of pixels by quarter turns. Pure. */
import type { StreamFormat } from '../domain/packet.ts';

export type Plane = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** Bytes from one row to the next. */
  readonly stride: number;
};

/** `width` × `height` of the source; pixels of `size` bytes are moved, clockwise by `rotation`. */
export function turn(
  from: Plane,
  to: Plane,
  width: number,
  height: number,
  rotation: StreamFormat['rotation'],
  size: number,
): void {
  // Where the source's first pixel goes, and what a step to the right and a step down are in the target.
  const last = { across: (height - 1) * size, along: (width - 1) * size };
  const steps = {
    0: { start: 0, right: size, down: to.stride },
    90: { start: last.across, right: to.stride, down: -size },
    180: { start: (height - 1) * to.stride + last.along, right: -size, down: -to.stride },
    270: { start: (width - 1) * to.stride, right: -to.stride, down: size },
  }[rotation];
  const source = from.bytes;
  const target = to.bytes;
  for (let y = 0; y < height; y++) {
    let read = from.offset + y * from.stride;
    let write = to.offset + steps.start + y * steps.down;
    for (let x = 0; x < width; x++) {
      for (let byte = 0; byte < size; byte++) target[write + byte] = source[read + byte] as number;
      read += size;
      write += steps.right;
    }
  }
}
