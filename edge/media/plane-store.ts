/** Full pictures' bytes, used again: megabytes a still would otherwise go through the collector. */

/** As many pictures of one size are rarely in use at once; other sizes' buffers give way. */
const MAX_FREE = 4;
const free: Buffer[] = [];

/** A buffer of exactly so many bytes, with anything in it. */
export function takePlanes(bytes: number): Buffer {
  const at = free.findIndex((buffer) => buffer.length === bytes);
  return at < 0 ? Buffer.allocUnsafeSlow(bytes) : (free.splice(at, 1)[0] as Buffer);
}

/** It must not be used afterwards. */
export function givePlanes(buffer: Buffer): void {
  if (free.length >= MAX_FREE) free.shift();
  free.push(buffer);
}
