/** A decoded picture, kept by reference: it is scaled, copied or turned when someone asks, and only then. */
import type { AVPixelFormat } from 'node-av/constants';
import { AV_FRAME_DATA_DISPLAYMATRIX, AV_FRAME_FLAG_INTERLACED } from 'node-av/constants';
import { avGetPixFmtName, type Frame, type SoftwareScaleContext } from 'node-av/lib';
import type { FullPicture, ModelInput, Placement } from '../domain/frame.ts';
import type { StreamFormat } from '../domain/packet.ts';
import { placementOf } from '../domain/placement.ts';
import { type Colours, coloursOf } from './colours.ts';
import { type DisplaySize, displaySize } from './display-size.ts';
import { giveFrame } from './frame-store.ts';
import { copyPlanes } from './full-planes.ts';
import { fillModelPixels } from './model-pixels.ts';
import { givePlanes } from './plane-store.ts';
import { rotationOf } from './stream-format.ts';

export type PictureOrigin = {
  readonly ptsUs: number | null;
  readonly arrivedAt: number;
  readonly damaged: boolean;
  readonly format: StreamFormat;
  readonly aspect: number | null;
};

/** A picture as it is coded, before it is shown. */
export type CodedPicture = {
  readonly width: number;
  readonly height: number;
  /** FFmpeg's name, e.g. `yuv420p`. */
  readonly pixelFormat: string;
  /** Width of a pixel over its height; null where nothing says it. */
  readonly pixelAspect: number | null;
  readonly rotation: StreamFormat['rotation'];
};

export class Picture {
  /** Of its packet: µs on the stream's own clock, or null. */
  readonly ptsUs: number | null;
  /** Of its packet: ms of `performance.now()`. */
  readonly arrivedAt: number;
  /** Parts are guessed or drawn from guesses: it must not be analysed and never be evidence. */
  readonly damaged: boolean;
  /** Display size: square pixels, upright. */
  readonly width: number;
  readonly height: number;
  readonly #frame: Frame;
  readonly #size: DisplaySize;
  readonly #rotation: StreamFormat['rotation'];
  readonly #pixelAspect: number | null;
  readonly #colours: Colours;
  #planes: Buffer | null = null;
  #full: FullPicture | null = null;
  #released = false;

  /** Takes the frame over. */
  constructor(frame: Frame, origin: PictureOrigin) {
    this.ptsUs = origin.ptsUs;
    this.arrivedAt = origin.arrivedAt;
    this.damaged = origin.damaged;
    this.#frame = frame;
    // Else the scaler refuses it: it turns two fields into two fields only, and what is shown is a whole picture.
    frame.flags &= ~AV_FRAME_FLAG_INTERLACED;
    this.#colours = coloursOf(frame);
    const { num, den } = frame.sampleAspectRatio;
    this.#pixelAspect = num > 0 && den > 0 ? num / den : origin.format.pixelAspect;
    this.#rotation = origin.format.rotation || rotationOf(frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX));
    this.#size = displaySize(frame, this.#rotation, this.#pixelAspect, origin.aspect);
    this.width = this.#size.width;
    this.height = this.#size.height;
  }

  #use(): Frame {
    if (this.#released) throw new Error('a picture is read after its release');
    return this.#frame;
  }

  /** For who asks what a camera sends. */
  coded(): CodedPicture {
    const { width, height, format } = this.#use();
    const pixelFormat = avGetPixFmtName(format as AVPixelFormat) ?? 'unknown';
    return { width, height, pixelFormat, pixelAspect: this.#pixelAspect, rotation: this.#rotation };
  }

  /** Fills all of `into`, border included, and says where the picture lies in it. Rejects with EDGE_SOURCE_DECODE. */
  modelInput(input: ModelInput, into: Uint8Array): Placement {
    const frame = this.#use();
    if (into.length !== input.width * input.height * 3) throw new Error('a buffer that does not fit the model');
    const place = placementOf(input, this.width, this.height);
    fillModelPixels(frame, this.#colours, this.#rotation, input, place, into);
    return place;
  }

  #copy(): Uint8Array {
    this.#planes ??= copyPlanes(this.#use(), this.#colours, this.#rotation, this.#size);
    return this.#planes;
  }

  /** Costs nothing until `i420` is read, which may throw EDGE_SOURCE_DECODE. */
  get full(): FullPicture {
    const copy = () => this.#copy();
    this.#full ??= {
      width: this.width,
      height: this.height,
      get i420() {
        return copy();
      },
      range: this.#colours.full ? 'full' : 'limited',
      matrix: this.#colours.bt709 ? 'bt709' : 'bt601',
    };
    return this.#full;
  }

  /** Into a frame of the caller's, in its size, form and colours; for what goes on while others scale. */
  drawInto(target: Frame, scaler: SoftwareScaleContext): boolean {
    return scaler.scaleFrameSync(target, this.#use()) >= 0;
  }

  /** Gives the memory back. More than once does no harm. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    giveFrame(this.#frame);
    if (this.#planes) givePlanes(this.#planes);
    this.#planes = null;
  }
}
