/** Places for pictures: small ones lie side by side, a buffer for each would cost more than reading them. */
import { markAsUntransferable } from 'node:worker_threads';

const SHELF_BYTES = 65_536;

/** @returns gives a place for so many bytes, with anything in it */
export function createPictureBuffers(): (bytes: number) => Buffer {
  let shelf = Buffer.alloc(0);
  let used = 0;
  return (bytes) => {
    if (bytes > SHELF_BYTES / 4) return Buffer.allocUnsafeSlow(bytes);
    if (used + bytes > shelf.length) {
      shelf = Buffer.allocUnsafeSlow(SHELF_BYTES);
      // Sending one picture to another thread must not take its neighbours along.
      markAsUntransferable(shelf.buffer);
      used = 0;
    }
    const place = shelf.subarray(used, used + bytes);
    used += bytes;
    return place;
  };
}
