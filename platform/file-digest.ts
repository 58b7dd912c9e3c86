/** A file read once for what it is held against. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export type FileDigest = {
  readonly bytes: number;
  /** Line feeds. */
  readonly lines: number;
  /** Lower-case hex. */
  readonly sha256: string;
};

const LINE_FEED = 10;

function linesIn(chunk: Buffer): number {
  let lines = 0;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

/** Reads it as a stream, whatever its size. */
export async function digestOfFile(file: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  for await (const part of createReadStream(file)) {
    const chunk = part as Buffer;
    hash.update(chunk);
    bytes += chunk.length;
    lines += linesIn(chunk);
  }
  return { bytes, lines, sha256: hash.digest('hex') };
}
