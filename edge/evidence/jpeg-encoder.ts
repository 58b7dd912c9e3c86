/** Full pictures to JPEG, one at a time for all cameras: one large buffer instead of one a camera. */
import sharp from 'sharp';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { FullPicture } from '../domain/frame.ts';
import { createRgbPixels } from '../media/rgb-pixels.ts';
import { coarsenHeads } from './coarsen-heads.ts';

// Every still is another one: what the library would keep of the last is memory for nothing.
sharp.cache(false);

const QUALITY = 85;

/** An encoded still in memory. */
export type Shot = {
  readonly jpeg: Uint8Array;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** ms since the epoch, camera time. */
  readonly at: number;
};

export type JpegEncoder = {
  /** True while a picture is being encoded: what can wait or be left out should. */
  readonly busy: () => boolean;
  /**
   * The same bytes for the same picture, made smaller where it is wider than `maxWidth`. `picture` must stay valid
   * until this settles. Rejects with EDGE_EVIDENCE.
   */
  readonly encode: (picture: FullPicture, at: number, persons: readonly BoxXywh[], maxWidth?: number) => Promise<Shot>;
};

/** One for all cameras of a process: pictures take turns in its buffer. */
export function createJpegEncoder(): JpegEncoder {
  const pixels = createRgbPixels();
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function encodeNow(...[picture, at, persons, maxWidth]: Parameters<JpegEncoder['encode']>): Promise<Shot> {
    const width = Math.min(picture.width, maxWidth ?? picture.width);
    const height = Math.max(1, Math.round((picture.height * width) / picture.width));
    const rgb = pixels.read(picture, width, height);
    coarsenHeads(rgb, width, height, persons);
    const view = new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.byteLength);
    // Codes fitted to each picture would save 3 % of its bytes and take twice as long.
    const jpeg = await sharp(view, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:2:0', optimiseCoding: false })
      .toBuffer()
      .catch((cause: unknown) => {
        throw new AppError('EDGE_EVIDENCE', `a ${width}×${height} still could not be encoded`, { cause });
      });
    return { jpeg, sha256: sha256Hex(jpeg), width, height, at };
  }

  return {
    busy: () => waiting > 0,
    encode(...wanted) {
      waiting++;
      const result = turn.then(() => encodeNow(...wanted)).finally(() => waiting--);
      turn = result.catch(() => {});
      return result;
    },
  };
}

/** The one that all cameras of a process share unless they are given another. */
export const sharedEncoder = createJpegEncoder();
