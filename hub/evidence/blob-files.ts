/** Evidence on disk, by hash: placed whole and durable, and never handed out without a check of its bytes. */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { EvidenceFault } from '../storage/evidence.ts';

/** Up to here a file is read whole and checked as it goes out; a larger one is checked before its first byte. */
const SMALL_BYTES = 1024 * 1024;
/** So long a large file that was right and has not been touched since is not read a second time. */
const TRUSTED_MS = 60_000;
const MAX_TRUSTED = 4096;
const SPACE_KNOWN_MS = 1000;

/** What the system says of a file that its disk no longer gives back. */
const UNREADABLE = new Set(['EIO', 'EISDIR', 'EUCLEAN', 'ENODATA']);

/** Bytes of a file; 0 where there is none. */
export async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => found.size,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 0;
      throw error;
    },
  );
}

/** SHA-256 of a file as lower-case hex, read as a stream. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** A fault of the file itself, or an error of this moment (too many open files, no rights) that says nothing about it. */
function faultOf(error: unknown): EvidenceFault {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  if (UNREADABLE.has(code)) return 'damaged';
  throw error;
}

export type Sound = { readonly bytes: number; readonly open: () => Promise<Readable> };

export type BlobFiles = ReturnType<typeof createBlobFiles>;

/** @param freeBytes what files must leave free on the disk of `dir` */
export function createBlobFiles(dir: string, freeBytes: number) {
  const fileOf = (sha256: string) => join(dir, 'blobs', sha256.slice(0, 2), sha256);
  const damagedOf = (sha256: string) => join(dir, 'damaged', sha256);
  const trusted = new Map<string, { readonly mark: string; readonly until: number }>();
  let space: { readonly free: number; readonly until: number } | null = null;

  const markOf = async (file: string) => {
    const found = await stat(file);
    // A folder or a pipe in its place: reading it might never end.
    if (!found.isFile()) throw Object.assign(new Error(`${file} is no file`), { code: 'EISDIR' });
    const { ino, size, mtimeMs, ctimeMs } = found;
    return { size, mark: `${ino} ${size} ${mtimeMs} ${ctimeMs}` };
  };

  async function check(sha256: string): Promise<number | EvidenceFault> {
    const file = fileOf(sha256);
    try {
      const { size, mark } = await markOf(file);
      const known = trusted.get(sha256);
      if (known?.mark === mark && known.until > performance.now()) return size;
      trusted.delete(sha256);
      if ((await hashOfFile(file)) !== sha256) return 'damaged';
      if (trusted.size >= MAX_TRUSTED) trusted.delete(trusted.keys().next().value as string);
      trusted.set(sha256, { mark, until: performance.now() + TRUSTED_MS });
      return size;
    } catch (error) {
      return faultOf(error);
    }
  }

  async function read(sha256: string): Promise<Buffer | EvidenceFault> {
    try {
      await markOf(fileOf(sha256));
      const bytes = await readFile(fileOf(sha256));
      return sha256Hex(bytes) === sha256 ? bytes : 'damaged';
    } catch (error) {
      return faultOf(error);
    }
  }

  return {
    fileOf,
    /** Reads all of it, now. */
    examine(sha256: string): Promise<number | EvidenceFault> {
      trusted.delete(sha256);
      return check(sha256);
    },
    check,
    /** Cheap: is there a file of this size at all? */
    isThere: async (sha256: string, bytes: number): Promise<boolean> => (await sizeOf(fileOf(sha256))) === bytes,
    read,
    /** The file, held against its hash; it is opened by who is about to read it, so that no open file is left behind. */
    async sound(sha256: string): Promise<Sound | EvidenceFault> {
      const file = fileOf(sha256);
      if ((await sizeOf(file)) <= SMALL_BYTES) {
        const bytes = await read(sha256);
        return typeof bytes === 'string' ? bytes : { bytes: bytes.length, open: async () => Readable.from([bytes]) };
      }
      const bytes = await check(sha256);
      if (typeof bytes === 'string') return bytes;
      // By handle: a file that cannot be opened is an answer, not an event that nobody listens to yet.
      return { bytes, open: async () => (await open(file, 'r')).createReadStream() };
    },
    /** Moves a checked file to its place, durably. */
    async place(sha256: string, from: string): Promise<void> {
      const file = fileOf(sha256);
      const handle = await open(from, 'r+');
      await handle.sync().finally(() => handle.close());
      await mkdir(dirname(file), { recursive: true });
      await rename(from, file);
      await syncFolder(dirname(file));
      await rm(damagedOf(sha256), { force: true, recursive: true });
    },
    async write(sha256: string, bytes: Buffer): Promise<void> {
      const file = fileOf(sha256);
      await mkdir(dirname(file), { recursive: true });
      // Not in place: a file that is there and right must not be lost to a disk that is full now.
      const fresh = `${file}.${randomUUID()}`;
      try {
        await writeFile(fresh, bytes, { mode: 0o600, flush: true });
        await rename(fresh, file);
      } catch (error) {
        await rm(fresh, { force: true });
        throw error;
      }
      await syncFolder(dirname(file));
    },
    /** What is left of a damaged file is kept apart for a person to inspect, until the right one comes. */
    async setApart(sha256: string): Promise<void> {
      await mkdir(join(dir, 'damaged'), { recursive: true });
      await rm(damagedOf(sha256), { force: true, recursive: true });
      await rename(fileOf(sha256), damagedOf(sha256)).catch((error: unknown) => void faultOf(error));
    },
    async remove(sha256: string): Promise<void> {
      trusted.delete(sha256);
      await rm(fileOf(sha256), { force: true, recursive: true });
      await rm(damagedOf(sha256), { force: true, recursive: true });
    },
    /** Bytes that are free on the disk, and whether that is less than must stay free for the database. */
    async space(): Promise<{ readonly free: number; readonly low: boolean }> {
      if (!space || space.until < performance.now()) {
        const { bavail, bsize } = await statfs(dir);
        space = { free: bavail * bsize, until: performance.now() + SPACE_KNOWN_MS };
      }
      return { free: space.free, low: space.free < freeBytes };
    },
    /** @throws API_STORAGE_FULL when so much more would not leave enough */
    async needSpace(bytes: number): Promise<void> {
      const { free } = await this.space();
      if (free - bytes < freeBytes)
        throw new AppError('API_STORAGE_FULL', `${free} bytes are free, ${freeBytes} must stay so after ${bytes} more`);
    },
  };
}
