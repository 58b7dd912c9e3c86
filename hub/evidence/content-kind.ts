/** What a stored file really is, by its content; what an event or a client says of it is not believed. */
import { open, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { type ContentKind, kindOfHead, UNKNOWN_KIND } from '../../platform/content-kind.ts';

const HEAD_BYTES = 16;
/** Larger pictures are believed by their head: none of a camera comes near. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

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
  if (!kind.startsWith('image/') || size > MAX_READ_BYTES) return kind;
  // From memory: the library would remember a file by its name, and a part keeps its name with other content.
  return sharp(await readFile(file))
    .metadata()
    .then(
      () => kind,
      () => UNKNOWN_KIND,
    );
}
