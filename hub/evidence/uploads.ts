/** Parts of files on their way: one a node and hash, resumable, nothing visible before its hash is right. */
import { createWriteStream } from 'node:fs';
import { mkdir, opendir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import { hashOfFile, sizeOf } from './blob-files.ts';

/** Bytes beyond the announced size end the upload before they fill the disk. */
async function* upTo(body: NodeJS.ReadableStream, limit: number): AsyncGenerator<Buffer> {
  let taken = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk as Uint8Array);
    taken += bytes.length;
    if (taken > limit) throw new AppError('API_TOO_LARGE', `more than the ${limit} bytes that were left`);
    yield bytes;
  }
}

/** A part that may be the whole file. */
export type Whole = { readonly part: string; readonly bytes: number };

export type Part = { readonly sha256: string; readonly node: string };

export type Uploads = ReturnType<typeof createUploads>;

/** @param dir folder of the evidence; parts lie in its folder `uploads` */
export function createUploads(dir: string) {
  const folder = join(dir, 'uploads');
  const busy = new Set<string>();
  // Two nodes with the same file do not share a part: what one of them sends wrong is its own trouble.
  const nameOf = ({ sha256, node }: Part) => `${sha256}.${node}`;
  const partOf = (upload: Part) => join(folder, nameOf(upload));

  async function isWhole(upload: Part): Promise<boolean> {
    return (await hashOfFile(partOf(upload))) === upload.sha256;
  }

  return {
    received: (upload: Part): Promise<number> => sizeOf(partOf(upload)),
    /** The part of a hub that was killed between the last byte and the check of its hash. */
    async resume(upload: Part, sizes: readonly number[]): Promise<Whole | null> {
      const bytes = await sizeOf(partOf(upload));
      if (!sizes.includes(bytes) || busy.has(nameOf(upload))) return null;
      if (await isWhole(upload)) return { part: partOf(upload), bytes };
      if (bytes >= Math.max(...sizes)) await rm(partOf(upload), { force: true });
      return null;
    },
    /**
     * Takes what comes at `start`. @param sizes what events say of the file's size; `total`: what this node says
     * @returns the whole file, for `place`, or null while there is more to come. @throws API_RANGE, API_TOO_LARGE, API_HASH
     */
    async take(
      upload: Part,
      sizes: readonly number[],
      { start, total, body }: { start: number; total: number | null; body: NodeJS.ReadableStream },
      place: (whole: Whole) => Promise<void>,
    ): Promise<void> {
      const name = nameOf(upload);
      if (total !== null && !sizes.includes(total))
        throw new AppError('API_RANGE', `events say ${sizes.join(' or ')} bytes, not ${total}`);
      // Two connections of one node must not write into the same part.
      if (busy.has(name)) throw new AppError('API_RANGE', 'another upload of this file is under way');
      busy.add(name);
      try {
        const part = partOf(upload);
        const have = await sizeOf(part);
        if (start !== have) throw new AppError('API_RANGE', `stored so far: ${have}`);
        const most = total ?? Math.max(...sizes);
        await mkdir(dirname(part), { recursive: true });
        await pipeline(upTo(body, most - have), createWriteStream(part, { flags: 'a', mode: 0o600 }));
        const bytes = await sizeOf(part);
        if (bytes !== most && !(total === null && sizes.includes(bytes))) return;
        if (await isWhole(upload)) return await place({ part, bytes });
        // Without a total it may be the beginning of the larger file that another event speaks of.
        if (bytes < most) return;
        await rm(part, { force: true });
        throw new AppError('API_HASH', upload.sha256);
      } finally {
        busy.delete(name);
      }
    },
    async drop(upload: Part): Promise<void> {
      if (!busy.has(nameOf(upload))) await rm(partOf(upload), { force: true });
    },
    /** Removes parts that nobody has gone on with since `before`, and parts of files that nobody waits for. */
    async sweep(before: number, isAwaited: (sha256: string) => Promise<boolean>): Promise<number> {
      const parts = await opendir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw error;
      });
      let removed = 0;
      for await (const { name } of parts ?? []) {
        if (busy.has(name)) continue;
        const written = (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? Number.POSITIVE_INFINITY;
        if (written >= before && (await isAwaited(name.slice(0, 64)))) continue;
        await rm(join(folder, name), { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}
