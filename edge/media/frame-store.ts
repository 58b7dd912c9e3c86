/** The library's frame objects, used again and again: making and finalizing one costs more than what it points to. */
import { Frame } from 'node-av/lib';

const MAX_FREE = 16;
const free: Frame[] = [];

/** An empty frame, to be given back by `giveFrame`. */
export function takeFrame(): Frame {
  const known = free.pop();
  if (known) return known;
  const frame = new Frame();
  frame.alloc();
  return frame;
}

/** Lets go of the picture behind it. */
export function giveFrame(frame: Frame): void {
  if (free.length >= MAX_FREE) {
    frame.free();
    return;
  }
  frame.unref();
  free.push(frame);
}
