/** Stills as a document can hold them: as they came where that is possible, smaller where they are huge, else none. */
import sharp from 'sharp';

/** A camera's still; above, a document of four would be too heavy for a phone. */
const MAX_BYTES = 2 * 1024 * 1024;
const MAX_SIDE = 4096;
/** A picture that unfolds to more is not unfolded at all. */
const MAX_PIXELS = 120_000_000;
const FIT_SIDE = 1600;

/** @returns a JPEG, or null for what is none, or cannot be decoded */
export async function printableStill(bytes: Buffer): Promise<Buffer | null> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'none' });
    const { format, width, height, space } = await picture.metadata();
    const fits = bytes.length <= MAX_BYTES && Math.max(width, height) <= MAX_SIDE;
    // Other colour spaces are lawful in a JPEG, and documents show them in false colours.
    if (format === 'jpeg' && fits && (space === 'srgb' || space === 'b-w')) return bytes;
    return await picture
      .resize({ width: FIT_SIDE, height: FIT_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .jpeg({ quality: 85 })
      .toBuffer();
  } catch {
    // Not a picture, or broken beyond its head: the document says so in its place.
    return null;
  }
}
