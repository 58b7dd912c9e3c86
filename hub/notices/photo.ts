/** A photo that a site's manager sends: a picture for certain, and without what the phone wrote into it. */
import sharp from 'sharp';
import { AppError } from '../../platform/app-error.ts';

/** Phones make up to 50 million pixels; more is made to fill the memory. */
const MOST_PIXELS = 60_000_000;
const LOOK_SIDE = 64;

function refused(cause: unknown): AppError {
  const faults = [
    {
      path: 'photo',
      message: 'cannot be read: damaged, or too many pixels',
      messageZh: '照片无法读取：已损坏或像素过多',
    },
  ];
  return new AppError('API_VALIDATION', 'photo', { faults, cause });
}

/**
 * Decodes it once; where it carries a place, a device or other notes it is written anew without them, upright.
 * @throws API_VALIDATION for what cannot be decoded
 */
export async function cleanPhoto(bytes: Buffer, mime: 'image/jpeg' | 'image/png'): Promise<Buffer> {
  const picture = () => sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
  try {
    const { exif, xmp, iptc, comments } = await picture().metadata();
    const silent = [exif, xmp, iptc].every((part) => part === undefined) && (comments ?? []).length === 0;
    if (silent) {
      await picture().resize(LOOK_SIDE, LOOK_SIDE, { fit: 'inside' }).raw().toBuffer();
      return bytes;
    }
    const upright = picture().autoOrient();
    return await (mime === 'image/png' ? upright.png() : upright.jpeg({ quality: 90 })).toBuffer();
  } catch (cause) {
    throw refused(cause);
  }
}
