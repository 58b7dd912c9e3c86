/** Evidence belongs to its content: any node that names a hash may bring the file, and a file that is lost is noticed. */
import type { Readable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { appendAudit, systemAuthor } from '../audit.ts';
import type { AuditQueue } from '../audit-queue.ts';
import { type EvidenceFault, evidenceByHash, keepEvidence, logAccess } from '../storage/evidence.ts';
import { markRemoved, unconfirmedFiles } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import { createBlobFiles } from './blob-files.ts';
import { createHoldings } from './holdings.ts';
import { createReceiving, type Receiving } from './receiving.ts';
import { createUploads } from './uploads.ts';

export type BlobFile = { readonly mime: string; readonly bytes: number; readonly stream: Readable };

export type BlobStore = Receiving & {
  /** Opens a stored file for a reader, and logs the access with the address that it goes to. @throws API_NOT_FOUND, API_EVIDENCE_FAULT */
  open(sha256: string, reader: string, address?: string | null): Promise<BlobFile>;
  /** As `open`, whole; null when it has not arrived or is lost. */
  read(sha256: string, reader: string, address?: string | null): Promise<Buffer | null>;
  /** Keeps a file that did not come with an event (a manager's photo). @returns its hash */
  keep(bytes: Buffer, mime: string): Promise<string>;
  /** Checks the bytes of each file that should be here; a lost one is marked as such. */
  verify(hashes: readonly string[]): Promise<void>;
  /** Reads one file anew, whatever was seen before. @returns true when it is here and right */
  examine(sha256: string): Promise<boolean>;
  /** Removes what belongs to cases that nobody confirmed in time. @returns how many files went */
  removeUnconfirmed(): Promise<number>;
  /** Removes parts of uploads that nobody went on with since `before`. @returns how many went */
  sweepUploads(before: number): Promise<number>;
  /** Free bytes of the disk; `low` = fewer than must stay free for the database. */
  space(): Promise<{ readonly free: number; readonly low: boolean }>;
};

export type BlobStoreOptions = {
  readonly dir: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly auditQueue: AuditQueue;
  /** Files of what nobody confirmed are kept so long, ms. */
  readonly keepMs: number;
  /** Bytes of the disk that files leave free for the database. */
  readonly freeBytes: number;
  /** A file that was here is lost. */
  readonly onFault: (sha256: string, fault: EvidenceFault) => void;
};

/** Files removed in one round. */
const SWEEP = 200;

/** The store of evidence: files on disk by their SHA-256, and what the database says of each. */
export function createBlobStore(options: BlobStoreOptions): BlobStore {
  const { dir, store, clock, log, keepMs, onFault } = options;
  const files = createBlobFiles(dir, options.freeBytes);
  const uploads = createUploads(dir);
  const holdings = createHoldings({ store, files, clock, log, onFault });
  const now = () => timestamp(clock.now());
  const since = () => timestamp(clock.now() - keepMs);

  function logView(sha256: string, actor: string, address: string | null): void {
    const at = now();
    const by = { actor, address, now: clock.now() };
    const step = { action: 'view', thing: 'evidence', id: sha256 } as const;
    options.auditQueue.add(by, step, (trx) => logAccess(trx, sha256, actor, at));
  }

  return {
    ...createReceiving({ store, files, uploads, holdings, since }),
    verify: holdings.verify,
    space: files.space,

    async open(sha256, reader, address = null) {
      const row = await holdings.stored(sha256);
      if (!row) throw new AppError('API_NOT_FOUND', `evidence ${sha256}`);
      const sound = await files.sound(sha256);
      if (typeof sound === 'string') {
        await holdings.lose(sha256, sound);
        throw new AppError('API_EVIDENCE_FAULT', `evidence ${sha256}: ${sound}`);
      }
      logView(sha256, reader, address);
      return { mime: row.mime, bytes: sound.bytes, stream: await sound.open() };
    },

    async read(sha256, reader, address = null) {
      const row = await evidenceByHash(store.db, sha256);
      if (!row || row.stored_at === null) return null;
      const bytes = await files.read(sha256);
      if (typeof bytes === 'string') {
        await holdings.lose(sha256, bytes);
        return null;
      }
      logView(sha256, reader, address);
      return bytes;
    },

    async keep(bytes, mime) {
      const sha256 = sha256Hex(bytes);
      await files.needSpace(bytes.length);
      await files.write(sha256, bytes);
      await keepEvidence(store.db, { sha256, mime, bytes: bytes.length }, now());
      return sha256;
    },

    async examine(sha256) {
      const row = await evidenceByHash(store.db, sha256);
      if (!row) return false;
      if (row.stored_at === null) return row.removed_at === null && holdings.heal(row);
      const found = await files.examine(sha256);
      if (typeof found === 'string') await holdings.lose(sha256, found);
      return typeof found !== 'string';
    },

    async removeUnconfirmed() {
      let removed = 0;
      for (;;) {
        const going = await unconfirmedFiles(store.db, since(), SWEEP);
        for (const { sha256 } of going) {
          await files.remove(sha256);
          await store.transaction(async (trx) => {
            await markRemoved(trx, sha256, now());
            await appendAudit(trx, systemAuthor(clock.now()), [{ action: 'delete', thing: 'evidence', id: sha256 }]);
          });
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
