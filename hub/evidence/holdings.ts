/** Rows and files kept in agreement: what came is marked, what is lost is noticed, what is back on the disk counts again. */
import { AppError } from '../../platform/app-error.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type EvidenceFault, type EvidenceRow, evidenceByHash, markReceived } from '../storage/evidence.ts';
import { markFaulty } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import type { BlobFiles } from './blob-files.ts';
import { kindOfFile } from './content-kind.ts';
import type { Whole } from './uploads.ts';

export type Holdings = {
  /** The file has come whole; `part` is where it lies. */
  accept(sha256: string, whole: Whole): Promise<void>;
  /** The file is missing or damaged: set apart, marked and reported once. */
  lose(sha256: string, fault: EvidenceFault): Promise<void>;
  /** Reads the file of a row that lacks it: a disk that was not mounted comes back with all that is on it. */
  heal(row: EvidenceRow): Promise<boolean>;
  /** Whether the file is here, by its size alone. */
  isHere(row: EvidenceRow): Promise<boolean>;
  /** The row of a file that is here or was lost just now; null where it never came. @throws API_EVIDENCE_FAULT */
  stored(sha256: string): Promise<EvidenceRow | null>;
  /** Reads each file that should be here. */
  verify(hashes: readonly string[]): Promise<void>;
};

/** @param parts `onFault` is called for each file that was here and is lost, once */
export function createHoldings(parts: {
  readonly store: Store;
  readonly files: BlobFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFault: (sha256: string, fault: EvidenceFault) => void;
}): Holdings {
  const { store, files, clock, log, onFault } = parts;
  const now = () => timestamp(clock.now());

  async function lose(sha256: string, fault: EvidenceFault): Promise<void> {
    if (fault === 'damaged') await files.setApart(sha256);
    if (!(await markFaulty(store.db, sha256, fault, now()))) return;
    log.error({ sha256, fault }, 'evidence is lost on this disk; its nodes are asked for it');
    onFault(sha256, fault);
  }

  async function heal(row: EvidenceRow): Promise<boolean> {
    const bytes = await files.examine(row.sha256);
    if (typeof bytes === 'string') return false;
    const mime = await kindOfFile(files.fileOf(row.sha256));
    await markReceived(store.db, row.sha256, { mime, bytes }, now());
    return true;
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
    lose,
    heal,
    verify,
    async accept(sha256, whole) {
      const mime = await kindOfFile(whole.part);
      await files.place(sha256, whole.part);
      await markReceived(store.db, sha256, { mime, bytes: whole.bytes }, now());
    },
    async isHere(row) {
      if (row.stored_at === null) return row.fault !== null && heal(row);
      if (await files.isThere(row.sha256, row.bytes)) return true;
      await verify([row.sha256]);
      return false;
    },
    async stored(sha256) {
      const row = await evidenceByHash(store.db, sha256);
      if (row?.fault && !(await heal(row)))
        throw new AppError('API_EVIDENCE_FAULT', `evidence ${sha256}: ${row.fault}`);
      return row && (row.stored_at !== null || row.fault !== null) ? row : null;
    },
  };
}
