/** A photo that a site's manager sends: a picture for certain, and without what the phone wrote into it. */
import sharp from 'sharp';
import { AppError, type Fault } from '../../platform/app-error.ts';

/** Larger than any phone takes; a small file that unfolds into more is no photo. */
const MAX_PIXELS = 120_000_000;
const PREVIEW_SIDE = 64;

export const noPicture: Fault = {
  path: 'photo',
  message: 'expected JPEG or PNG files that can be opened',
  messageZh: '照片须为能打开的 JPEG 或 PNG',
};

/**
 * Decodes it once; where it carries a place, a device or other notes it is written anew without them, upright.
 * @throws API_VALIDATION for what cannot be decoded
 */
export async function cleanPhoto(bytes: Buffer, mime: 'image/jpeg' | 'image/png'): Promise<Buffer> {
  const picture = () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
  try {
    const { exif, xmp, iptc, comments } = await picture().metadata();
    const bare = [exif, xmp, iptc].every((part) => part === undefined) && (comments ?? []).length === 0;
    if (bare) {
      await picture().resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside' }).raw().toBuffer();
      return bytes;
    }
    const upright = picture().autoOrient();
    return await (mime === 'image/png' ? upright.png() : upright.jpeg({ quality: 90 })).toBuffer();
  } catch (cause) {
    throw new AppError('API_VALIDATION', noPicture.path, { faults: [noPicture], cause });
  }
}
