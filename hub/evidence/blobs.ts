/** Evidence belongs to its content: any node that names a hash may bring the file, and a file that is lost is noticed. */
import type { Readable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import {
  claimsOn,
  type EvidenceFault,
  type EvidenceRow,
  evidenceByHash,
  keepEvidence,
  logAccess,
  markReceived,
} from '../storage/evidence.ts';
import { isNeeded, markFaulty, markRemoved, unconfirmedFiles } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import { createBlobFiles } from './blob-files.ts';
import { kindOfFile } from './content-kind.ts';
import { createUploads, type Whole } from './uploads.ts';

export type Upload = { readonly received: number; readonly complete: boolean };
export type BlobFile = { readonly mime: string; readonly bytes: number; readonly stream: Readable };

export type BlobStore = {
  /** How much of a file this node has sent. @throws API_NOT_FOUND until an event of it names the file, API_GONE */
  offset(sha256: string, node: string): Promise<Upload>;
  /**
   * Continues a file at `start`; at its last byte the hash is checked and the file appears.
   * @throws API_NOT_FOUND, API_GONE, API_RANGE when `start` is not where the stored part ends, API_TOO_LARGE, API_HASH,
   * API_STORAGE_FULL
   */
  append(
    sha256: string,
    node: string,
    start: number,
    body: NodeJS.ReadableStream,
    total: number | null,
  ): Promise<Upload>;
  /** Opens a stored file for somebody, and notes who looked. @throws API_NOT_FOUND, API_EVIDENCE_FAULT */
  open(sha256: string, reader: string): Promise<BlobFile>;
  /** As `open`, whole; null when it has not arrived or is lost. */
  read(sha256: string, reader: string): Promise<Buffer | null>;
  /** Keeps a file that did not come with an event (a manager's photo). @returns its hash */
  keep(bytes: Buffer, mime: string): Promise<string>;
  /** Looks at the bytes of each file that should be here; a lost one is noted as such. */
  verify(hashes: readonly string[]): Promise<void>;
  /** Reads one file anew, whatever was seen before. @returns true when it is here and right */
  examine(sha256: string): Promise<boolean>;
  /** Removes what belongs to cases that nobody confirmed in time. @returns how many files went */
  removeUnconfirmed(): Promise<number>;
  /** Removes parts of uploads that nobody went on with since `before`. @returns how many went */
  sweepUploads(before: number): Promise<number>;
  /** Free bytes of the disk; `low` = fewer than must stay free for the database. */
  room(): Promise<{ readonly free: number; readonly low: boolean }>;
};

export type BlobStoreOptions = {
  readonly dir: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Files of what nobody confirmed are kept so long, ms. */
  readonly keepMs: number;
  /** Bytes of the disk that files leave free for the database. */
  readonly freeBytes: number;
  /** A file that was here is lost. */
  readonly onFault: (sha256: string, fault: EvidenceFault) => void;
};

const SWEEP = 200;

export function createBlobStore(options: BlobStoreOptions): BlobStore {
  const { dir, store, clock, log, keepMs } = options;
  const files = createBlobFiles(dir, options.freeBytes);
  const uploads = createUploads(dir);
  const now = () => timestamp(clock.now());
  const since = () => timestamp(clock.now() - keepMs);

  /** Noted, set apart and told once; the row says from now on that the hub lacks it. */
  async function lose(sha256: string, fault: EvidenceFault): Promise<void> {
    if (fault === 'damaged') await files.setApart(sha256);
    if (!(await markFaulty(store.db, sha256, fault, now()))) return;
    log.error({ sha256, fault }, 'evidence is lost on this disk; its nodes are asked for it');
    options.onFault(sha256, fault);
  }

  async function accept(sha256: string, whole: Whole): Promise<void> {
    const mime = await kindOfFile(whole.part);
    await files.place(sha256, whole.part);
    await markReceived(store.db, sha256, { mime, bytes: whole.bytes }, now());
  }

  /** A row that lacks its file looks again: a disk that was not mounted comes back with all that is on it. */
  async function heal(row: EvidenceRow): Promise<boolean> {
    const bytes = await files.examine(row.sha256);
    if (typeof bytes === 'string') return false;
    const mime = await kindOfFile(files.fileOf(row.sha256));
    await markReceived(store.db, row.sha256, { mime, bytes }, now());
    return true;
  }

  /** The file as this node may bring it: an event of its own names it, and its time is not over. */
  async function claimed(sha256: string, node: string): Promise<{ row: EvidenceRow; sizes: number[] }> {
    const row = await evidenceByHash(store.db, sha256);
    const claims = row ? await claimsOn(store.db, sha256) : [];
    if (!row || !claims.some((claim) => claim.node === node))
      throw new AppError('API_NOT_FOUND', `no event of ${node} names ${sha256}`);
    if (row.removed_at !== null && !(await isNeeded(store.db, sha256, since())))
      throw new AppError('API_GONE', `evidence ${sha256} was removed at ${row.removed_at}`);
    // Whoever says the true size is right, the first speaker or not.
    return { row, sizes: [...new Set(claims.map((claim) => claim.bytes ?? row.bytes))] };
  }

  async function isHere(row: EvidenceRow): Promise<boolean> {
    if (row.stored_at === null) return row.fault !== null && heal(row);
    if (await files.isThere(row.sha256, row.bytes)) return true;
    await verify([row.sha256]);
    return false;
  }

  async function progress(row: EvidenceRow, node: string, sizes: readonly number[]): Promise<Upload> {
    const upload = { sha256: row.sha256, node };
    if (await isHere(row)) {
      await uploads.drop(upload);
      return { received: row.bytes, complete: true };
    }
    const whole = await uploads.resume(upload, sizes);
    if (!whole) return { received: await uploads.received(upload), complete: false };
    await accept(row.sha256, whole);
    return { received: whole.bytes, complete: true };
  }

  async function stored(sha256: string): Promise<EvidenceRow | null> {
    const row = await evidenceByHash(store.db, sha256);
    if (row?.fault && !(await heal(row))) throw new AppError('API_EVIDENCE_FAULT', `evidence ${sha256}: ${row.fault}`);
    return row && (row.stored_at !== null || row.fault !== null) ? row : null;
  }

  async function verify(hashes: readonly string[]): Promise<void> {
    for (const sha256 of hashes) {
      const row = await evidenceByHash(store.db, sha256);
      if (!row || row.stored_at === null) continue;
      const found = await files.check(sha256);
      if (typeof found === 'string') await lose(sha256, found);
    }
  }

  return {
    verify,
    room: files.room,
    async offset(sha256, node) {
      const { row, sizes } = await claimed(sha256, node);
      return progress(row, node, sizes);
    },

    async append(sha256, node, start, body, total) {
      const { row, sizes } = await claimed(sha256, node);
      if (await isHere(row)) {
        body.resume();
        return { received: row.bytes, complete: true };
      }
      const most = total !== null && sizes.includes(total) ? total : Math.min(...sizes);
      await files.needRoom(Math.max(0, most - start));
      await uploads.take({ sha256, node }, sizes, { start, total, body }, (whole) => accept(sha256, whole));
      const after = await evidenceByHash(store.db, sha256);
      return progress(after ?? row, node, sizes);
    },

    async open(sha256, reader) {
      const row = await stored(sha256);
      if (!row) throw new AppError('API_NOT_FOUND', `evidence ${sha256}`);
      const sound = await files.sound(sha256);
      if (typeof sound === 'string') {
        await lose(sha256, sound);
        throw new AppError('API_EVIDENCE_FAULT', `evidence ${sha256}: ${sound}`);
      }
      await logAccess(store.db, sha256, reader, now());
      return { mime: row.mime, bytes: sound.bytes, stream: await sound.open() };
    },

    async read(sha256, reader) {
      const row = await evidenceByHash(store.db, sha256);
      if (!row || row.stored_at === null) return null;
      const bytes = await files.read(sha256);
      if (typeof bytes === 'string') {
        await lose(sha256, bytes);
        return null;
      }
      await logAccess(store.db, sha256, reader, now());
      return bytes;
    },

    async keep(bytes, mime) {
      const sha256 = sha256Hex(bytes);
      await files.needRoom(bytes.length);
      await files.write(sha256, bytes);
      await keepEvidence(store.db, { sha256, mime, bytes: bytes.length }, now());
      return sha256;
    },

    async examine(sha256) {
      const row = await evidenceByHash(store.db, sha256);
      if (!row) return false;
      if (row.stored_at === null) return row.removed_at === null && heal(row);
      const found = await files.examine(sha256);
      if (typeof found === 'string') await lose(sha256, found);
      return typeof found !== 'string';
    },

    async removeUnconfirmed() {
      let removed = 0;
      for (;;) {
        const going = await unconfirmedFiles(store.db, since(), SWEEP);
        for (const { sha256 } of going) {
          await files.remove(sha256);
          await markRemoved(store.db, sha256, now());
        }
        removed += going.length;
        if (going.length < SWEEP) return removed;
      }
    },

    sweepUploads: (before) =>
      uploads.sweep(before, async (sha256) => {
        const row = await evidenceByHash(store.db, sha256);
        return row !== undefined && row.stored_at === null && row.removed_at === null;
      }),
  };
}
