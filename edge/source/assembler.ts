/**
 * Puts frames together from the decoder's two pipes and its log, in three buffers that are used again and again.
 * Live, a frame not yet taken gives way to the next one (mailbox of one); in replay the pipes wait instead.
 */
import type { Readable } from 'node:stream';
import type { Frame, ModelInput } from '../domain/frame.ts';
import type { SourceMode } from './ffmpeg-arguments.ts';
import type { FrameInfo } from './ffmpeg-log.ts';

/** One being written, one waiting, one being looked at. */
const SLOTS = 3;

type Slot = { readonly pixels: Uint8Array; store: Uint8Array; i420: Uint8Array };
type Announced = { readonly info: FrameInfo; readonly at: number; readonly timeline: number };
type Filling = Announced & { readonly slot: Slot; parts: number };
type Port = {
  readonly full: boolean;
  readonly stream: Readable;
  /** Pieces that have no place yet. Few: the pipe stands still, but Node empties it when the child has left. */
  readonly held: Buffer[];
  /** Number of the frame being read, of this child. */
  frame: number;
  offset: number;
};

export type Assembler = {
  /** Frames of a new child. */
  readonly attach: (pixels: Readable, full: Readable) => void;
  /** What the log says of the next frame. */
  readonly announce: (info: FrameInfo, at: number, timeline: number) => void;
  /** Waits until what was read has found its place: the consumer may be slower than the child that has gone. */
  readonly drain: () => Promise<void>;
  /** Drops half-read frames of a child that has gone. */
  readonly detach: () => void;
  /** The next frame, or null when `finish` was called and none is left. */
  readonly next: () => Promise<Frame | null>;
  readonly finish: () => void;
  /** True while reading stands still because the consumer holds every buffer: silence is not the camera's then. */
  readonly waitsForConsumer: () => boolean;
  /** Frames read whole, dropped ones included. */
  readonly completed: () => number;
  readonly drops: () => number;
};

export function fullBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}

export function createAssembler(options: {
  readonly input: ModelInput;
  readonly mode: SourceMode;
  readonly onComplete: () => void;
}): Assembler {
  const pixelBytes = options.input.width * options.input.height * 3;
  const free: Slot[] = Array.from({ length: SLOTS }, () => ({
    pixels: new Uint8Array(pixelBytes),
    store: new Uint8Array(0),
    i420: new Uint8Array(0),
  }));
  const announced: Announced[] = [];
  const filling: Filling[] = [];
  let firstFilling = 0;
  const ready: Filling[] = [];
  let ports: Port[] = [];
  let taker: ((frame: Frame | null) => void) | null = null;
  let finished = false;
  let index = 0;
  let completed = 0;
  let drops = 0;
  let starved = false;
  let drained: (() => void) | null = null;

  function acquire(): Slot | null {
    const slot = free.pop();
    if (slot || options.mode === 'replay') return slot ?? null;
    const oldest = ready.shift();
    if (!oldest) return null;
    drops++;
    return oldest.slot;
  }

  function fillingOf(frame: number): Filling | null {
    const begun = filling[frame - firstFilling];
    if (begun) return begun;
    const next = announced[0];
    if (!next) return null;
    const slot = acquire();
    starved = slot === null;
    if (!slot) return null;
    announced.shift();
    const bytes = fullBytes(next.info.width, next.info.height);
    if (slot.store.length < bytes) slot.store = new Uint8Array(bytes);
    if (slot.i420.length !== bytes || slot.i420.buffer !== slot.store.buffer) slot.i420 = slot.store.subarray(0, bytes);
    const started = { slot, ...next, parts: 0 };
    filling.push(started);
    return started;
  }

  /** Copies a piece into its place; keeps what cannot be placed yet (false) and stops the pipe meanwhile. */
  function pump(port: Port, chunk: Buffer): boolean {
    let from = 0;
    while (from < chunk.length) {
      const target = fillingOf(port.frame);
      if (!target) {
        port.held.unshift(from === 0 ? chunk : chunk.subarray(from));
        port.stream.pause();
        return false;
      }
      const bytes = port.full ? target.slot.i420 : target.slot.pixels;
      const count = Math.min(chunk.length - from, bytes.length - port.offset);
      chunk.copy(bytes, port.offset, from, from + count);
      from += count;
      port.offset += count;
      if (port.offset === bytes.length) complete(port, target);
    }
    return true;
  }

  function complete(port: Port, target: Filling): void {
    port.frame++;
    port.offset = 0;
    if (++target.parts < 2) return;
    filling.shift();
    firstFilling++;
    if (options.mode === 'live') {
      for (const late of ready.splice(0)) {
        drops++;
        free.push(late.slot);
      }
    }
    ready.push(target);
    completed++;
    options.onComplete();
    hand();
  }

  function wake(): void {
    for (const port of ports) {
      const stood = port.held.length > 0;
      for (let piece = port.held.shift(); piece; piece = port.held.shift()) if (!pump(port, piece)) break;
      if (stood && port.held.length === 0) port.stream.resume();
    }
    if (drained && ports.every((port) => port.held.length === 0)) {
      drained();
      drained = null;
    }
  }

  function frameOf({ slot, info, at, timeline }: Filling): Frame {
    let released = false;
    return {
      index: index++,
      at,
      timeline,
      pixels: slot.pixels,
      full: {
        width: info.width,
        height: info.height,
        i420: slot.i420,
        range: info.fullRange ? 'full' : 'limited',
        matrix: info.bt709 ? 'bt709' : 'bt601',
      },
      release() {
        if (released) return;
        released = true;
        free.push(slot);
        wake();
      },
    };
  }

  function hand(): void {
    if (!taker) return;
    const frame = ready.shift();
    if (!frame && !finished) return;
    const take = taker;
    taker = null;
    take(frame ? frameOf(frame) : null);
  }

  return {
    attach(pixels, full) {
      ports = [pixels, full].map((stream, at) => ({ full: at === 1, stream, held: [], frame: 0, offset: 0 }));
      firstFilling = 0;
      for (const port of ports) {
        const mine = ports;
        port.stream.on('data', (chunk: Buffer) => {
          if (ports !== mine) return;
          if (port.held.length > 0) port.held.push(chunk);
          else pump(port, chunk);
        });
      }
    },
    announce(info, at, timeline) {
      announced.push({ info, at, timeline });
      wake();
    },
    drain: () =>
      new Promise((resolve) => {
        drained = resolve;
        wake();
      }),
    detach() {
      ports = [];
      announced.length = 0;
      starved = false;
      for (const half of filling.splice(0)) free.push(half.slot);
    },
    next: () =>
      new Promise((resolve) => {
        taker = resolve;
        hand();
      }),
    finish() {
      finished = true;
      hand();
    },
    waitsForConsumer: () => starved,
    completed: () => completed,
    drops: () => drops,
  };
}
