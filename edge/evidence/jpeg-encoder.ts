/** Full pictures to JPEG, one at a time for all cameras: one large buffer instead of one a camera. */
import sharp from 'sharp';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { FullPicture } from '../domain/frame.ts';
import { coarsenHeads, i420ToRgb } from './i420-to-rgb.ts';

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
   * The same bytes for the same picture, made smaller where it is wider than `mostWidth`. `picture` must stay valid
   * until this settles. Rejects with EDGE_EVIDENCE.
   */
  readonly encode: (picture: FullPicture, at: number, persons: readonly BoxXywh[], mostWidth?: number) => Promise<Shot>;
};

export function createJpegEncoder(): JpegEncoder {
  let rgb = new Uint8ClampedArray(0);
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function encodeNow(...[picture, at, persons, mostWidth]: Parameters<JpegEncoder['encode']>): Promise<Shot> {
    const { width, height } = picture;
    const bytes = width * height * 3;
    if (rgb.length < bytes) rgb = new Uint8ClampedArray(bytes);
    i420ToRgb(picture, rgb);
    coarsenHeads(rgb, width, height, persons);
    const view = new Uint8Array(rgb.buffer, 0, bytes);
    const { data, info } = await sharp(view, { raw: { width, height, channels: 3 } })
      .resize({ ...(mostWidth === undefined ? {} : { width: mostWidth }), withoutEnlargement: true })
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:2:0' })
      .toBuffer({ resolveWithObject: true })
      .catch((cause: unknown) => {
        throw new AppError('EDGE_EVIDENCE', `a ${width}×${height} still could not be encoded`, { cause });
      });
    return { jpeg: data, sha256: sha256Hex(data), width: info.width, height: info.height, at };
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
