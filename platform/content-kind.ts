/** What a file is by its first bytes; what a sender says of it is not believed. */

export const UNKNOWN_KIND = 'application/octet-stream';
export type ContentKind = 'image/jpeg' | 'image/png' | 'video/mp4' | typeof UNKNOWN_KIND;

/** Signature of a PNG (ISO/IEC 15948, 5.2). */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * JPEG begins with SOI and a marker (ITU-T T.81, B.1.1.3), MP4 with a box `ftyp` (ISO/IEC 14496-12, 4.3).
 * @param head the first 16 bytes or more
 * @example kindOfHead(Buffer.from([0xff, 0xd8, 0xff, 0xe0])) // 'image/jpeg'
 */
export function kindOfHead(head: Buffer): ContentKind {
  if (head.length > 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (head.length > PNG.length && head.subarray(0, PNG.length).equals(PNG)) return 'image/png';
  if (head.length > 11 && head.toString('latin1', 4, 8) === 'ftyp') return 'video/mp4';
  return UNKNOWN_KIND;
}
