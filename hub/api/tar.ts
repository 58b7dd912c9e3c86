/** A plain tar stream (POSIX ustar): what every system unpacks without a program of ours. */

export type TarEntry = { readonly name: string; readonly bytes: number; readonly content: AsyncIterable<Uint8Array> };

const BLOCK = 512;

/** @param name at most 100 bytes */
function header(name: string, bytes: number, mtimeSeconds: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`name is too long for tar: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(bytes, 11), 124);
  block.write(octal(mtimeSeconds, 11), 136);
  block.write('        ', 148);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** ustar (POSIX.1-1988), block by block. @param mtimeMs time of every file, ms since the epoch @throws RangeError for a name above 100 bytes */
export async function* writeTar(entries: AsyncIterable<TarEntry>, mtimeMs: number): AsyncGenerator<Uint8Array> {
  for await (const { name, bytes, content } of entries) {
    yield header(name, bytes, Math.floor(mtimeMs / 1000));
    let written = 0;
    for await (const chunk of content) {
      written += chunk.length;
      yield chunk;
    }
    if (written !== bytes) throw new Error(`${name} has ${written} bytes, not ${bytes}`);
    yield Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}
