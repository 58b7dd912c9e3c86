/** A photograph small enough for a phone's connection: larger ones are drawn anew, smaller ones stay as they are. */

const MAX_SIDE = 2560;
const MAX_BYTES = 2 * 1024 * 1024;
const QUALITY = 0.85;

/** What cannot be decoded here goes as it is; the hub says what is wrong with it. */
export async function shrink(file: File): Promise<Blob> {
  if (file.size <= MAX_BYTES) return file;
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (picture === null) return file;
  const scale = Math.min(1, MAX_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const drawn = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return drawn ?? file;
}
