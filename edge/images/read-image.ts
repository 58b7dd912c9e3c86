/** Reads a still image file. */
import sharp from 'sharp';
import { AppError } from '../../platform/app-error.ts';
import type { RgbImage } from './place-image.ts';

/** Pixels of a JPEG, PNG or WebP file, turned as its EXIF data says. Throws EDGE_IMAGE. */
export async function readImage(file: string): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(file, { failOn: 'error' })
      .rotate()
      .flatten({ background: { r: 255, g: 255, b: 255 } })
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: data };
  } catch (cause) {
    throw new AppError('EDGE_IMAGE', `${file}: ${cause instanceof Error ? cause.message.split('\n')[0] : cause}`, {
      cause,
    });
  }
}
