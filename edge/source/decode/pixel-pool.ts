/** Places for the model's pixels, shared by all cameras of a process: few frames are on their way at any moment. */

/** More than this many idle places of one size are let go. */
const MAX_IDLE = 8;

const idle = new Map<number, Uint8Array[]>();

/** A place for so many bytes, with what was in it before. */
export function lendPixels(bytes: number): Uint8Array {
  return idle.get(bytes)?.pop() ?? new Uint8Array(bytes);
}

/** They must not be used afterwards. */
export function returnPixels(pixels: Uint8Array): void {
  const same = idle.get(pixels.length);
  if (!same) idle.set(pixels.length, [pixels]);
  else if (same.length < MAX_IDLE) same.push(pixels);
}
