/** Evidence files by hash: a folder, resumable uploads, nothing visible before its hash is right. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import {
  type EvidenceRow,
  evidenceByHash,
  logAccess,
  markReceived,
  markRemoved,
  unconfirmedFiles,
} from '../storage/evidence.ts';
import type { Store } from '../storage/store.ts';

export type Upload = { readonly received: number; readonly complete: boolean };
export type BlobFile = { readonly mime: string; readonly bytes: number; readonly stream: Readable };

export type BlobStore = {
  /** How much of a file is here. @throws API_NOT_FOUND until an event of this node names it */
  offset(sha256: string, node: string): Promise<Upload>;
  /**
   * Continues a file at `start`; at its last byte the hash is checked and the file appears.
   * @throws API_NOT_FOUND, API_RANGE when `start` is not where the stored part ends, API_TOO_LARGE, API_HASH
   */
  append(
    sha256: string,
    node: string,
    start: number,
    body: NodeJS.ReadableStream,
    total: number | null,
  ): Promise<Upload>;
  /** Opens a stored file for somebody, and notes who looked. @throws API_NOT_FOUND */
  open(sha256: string, reader: string): Promise<BlobFile>;
  /** As `open`, whole; null when it has not arrived. */
  read(sha256: string, reader: string): Promise<Buffer | null>;
  /** Keeps a file that did not come with an event (a manager's photo). @returns its hash */
  keep(bytes: Buffer, mime: string): Promise<string>;
  /** Removes what belongs to cases that nobody confirmed in time. @returns how many files went */
  removeUnconfirmed(keepMs: number): Promise<number>;
};

const SWEEP = 200;

async function sizeOf(file: string): Promise<number> {
  return stat(file)
    .then((found) => found.size)
    .catch(() => 0);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

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

export function createBlobStore({ dir, store, clock }: { dir: string; store: Store; clock: Clock }): BlobStore {
  const fileOf = (sha256: string) => join(dir, 'blobs', sha256.slice(0, 2), sha256);
  const partOf = (sha256: string) => join(dir, 'uploads', sha256);
  const busy = new Set<string>();

  async function known(sha256: string, node: string): Promise<EvidenceRow> {
    const row = await evidenceByHash(store.db, sha256);
    if (!row || row.node !== node) throw new AppError('API_NOT_FOUND', `no event of ${node} names ${sha256}`);
    return row;
  }

  async function progress(row: EvidenceRow): Promise<Upload> {
    if (row.stored_at !== null) return { received: row.bytes, complete: true };
    const received = await sizeOf(partOf(row.sha256));
    if (received < row.bytes || busy.has(row.sha256)) return { received, complete: false };
    // Every byte was here when the hub was killed: only the check was missing.
    return finish(row).then(
      () => ({ received: row.bytes, complete: true }),
      (error: unknown) => {
        if (error instanceof AppError && error.code === 'API_HASH') return { received: 0, complete: false };
        throw error;
      },
    );
  }

  /** The part has all its bytes: check, make durable, and only then let it be seen. */
  async function finish(row: EvidenceRow): Promise<void> {
    const part = partOf(row.sha256);
    if ((await hashOfFile(part)) !== row.sha256) {
      await rm(part, { force: true });
      throw new AppError('API_HASH', row.sha256);
    }
    const file = fileOf(row.sha256);
    const handle = await open(part, 'r+');
    await handle.sync().finally(() => handle.close());
    await mkdir(dirname(file), { recursive: true });
    await rename(part, file);
    await syncFolder(dirname(file));
    await markReceived(store.db, row.sha256, row.bytes, timestamp(clock.now()));
  }

  async function take(row: EvidenceRow, start: number, body: NodeJS.ReadableStream): Promise<Upload> {
    const part = partOf(row.sha256);
    const have = await sizeOf(part);
    if (start !== have) throw new AppError('API_RANGE', `stored so far: ${have}`);
    await mkdir(dirname(part), { recursive: true });
    await pipeline(upTo(body, row.bytes - have), createWriteStream(part, { flags: 'a', mode: 0o600 }));
    if ((await sizeOf(part)) === row.bytes) await finish(row);
    const now = await evidenceByHash(store.db, row.sha256);
    return progress(now ?? row);
  }

  async function stored(sha256: string): Promise<EvidenceRow | null> {
    const row = await evidenceByHash(store.db, sha256);
    return row && row.stored_at !== null && row.removed_at === null ? row : null;
  }

  return {
    offset: async (sha256, node) => progress(await known(sha256, node)),

    async append(sha256, node, start, body, total) {
      const row = await known(sha256, node);
      if (total !== null && total !== row.bytes)
        throw new AppError('API_RANGE', `the event says ${row.bytes} bytes, not ${total}`);
      if (row.stored_at !== null) {
        body.resume();
        return { received: row.bytes, complete: true };
      }
      // Two connections of one node must not write into the same part.
      if (busy.has(sha256)) throw new AppError('API_RANGE', 'another upload of this file is under way');
      busy.add(sha256);
      try {
        return await take(row, start, body);
      } finally {
        busy.delete(sha256);
      }
    },

    async open(sha256, reader) {
      const row = await stored(sha256);
      if (!row) throw new AppError('API_NOT_FOUND', `evidence ${sha256}`);
      await logAccess(store.db, sha256, reader, timestamp(clock.now()));
      return { mime: row.mime, bytes: row.bytes, stream: createReadStream(fileOf(sha256)) };
    },

    async read(sha256, reader) {
      if (!(await stored(sha256))) return null;
      await logAccess(store.db, sha256, reader, timestamp(clock.now()));
      return readFile(fileOf(sha256));
    },

    async keep(bytes, mime) {
      const sha256 = sha256Hex(bytes);
      const file = fileOf(sha256);
      const at = timestamp(clock.now());
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes, { mode: 0o600, flush: true });
      await syncFolder(dirname(file));
      const row = {
        sha256,
        mime,
        bytes: bytes.length,
        width: 0,
        height: 0,
        node: '',
        received: bytes.length,
        stored_at: at,
        removed_at: null,
      };
      await store.db
        .insertInto('evidence')
        .values(row)
        .onConflict((conflict) => conflict.column('sha256').doNothing())
        .execute();
      return sha256;
    },

    async removeUnconfirmed(keepMs) {
      const at = timestamp(clock.now());
      let removed = 0;
      for (;;) {
        const files = await unconfirmedFiles(store.db, timestamp(clock.now() - keepMs), SWEEP);
        for (const { sha256 } of files) {
          await rm(fileOf(sha256), { force: true });
          await markRemoved(store.db, sha256, at);
        }
        removed += files.length;
        if (files.length < SWEEP) return removed;
      }
    },
  };
}
