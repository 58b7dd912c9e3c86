/** What a file really is, by its content; what an event or a client says of it is not believed. */
import { open, readFile } from 'node:fs/promises';
import sharp from 'sharp';

export const UNKNOWN_KIND = 'application/octet-stream';
export type ContentKind = 'image/jpeg' | 'image/png' | 'video/mp4' | typeof UNKNOWN_KIND;

const HEAD_BYTES = 16;
/** Larger pictures are believed by their head: none of a camera comes near. */
const MOST_READ = 16 * 1024 * 1024;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function kindOfHead(head: Buffer): ContentKind {
  if (head.length > 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (head.length > PNG.length && head.subarray(0, PNG.length).equals(PNG)) return 'image/png';
  if (head.length > 11 && head.toString('latin1', 4, 8) === 'ftyp') return 'video/mp4';
  return UNKNOWN_KIND;
}

/** A picture whose head cannot be read is none, whatever its first bytes are. */
export async function kindOfFile(file: string): Promise<ContentKind> {
  const handle = await open(file, 'r');
  const head = Buffer.alloc(HEAD_BYTES);
  let bytes = 0;
  let size = 0;
  try {
    ({ bytesRead: bytes } = await handle.read(head, 0, HEAD_BYTES, 0));
    ({ size } = await handle.stat());
  } finally {
    await handle.close();
  }
  const kind = kindOfHead(head.subarray(0, bytes));
  if (!kind.startsWith('image/') || size > MOST_READ) return kind;
  // From memory: the library would remember a file by its name, and a part keeps its name with other content.
  return sharp(await readFile(file))
    .metadata()
    .then(
      () => kind,
      () => UNKNOWN_KIND,
    );
}
