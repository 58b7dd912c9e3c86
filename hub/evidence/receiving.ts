/** Files as nodes bring them: whose they are, how far they have come, and the last byte of each. */
import { AppError } from '../../platform/app-error.ts';
import { claimsOn, type EvidenceRow, evidenceByHash } from '../storage/evidence.ts';
import { isNeeded } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import type { BlobFiles } from './blob-files.ts';
import type { Holdings } from './holdings.ts';
import type { Uploads } from './uploads.ts';

export type Upload = { readonly received: number; readonly complete: boolean };

export type Receiving = {
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
};

/** @param parts `since`: what no confirmed case names and came before this (RFC 3339) is not taken again */
export function createReceiving(parts: {
  readonly store: Store;
  readonly files: BlobFiles;
  readonly uploads: Uploads;
  readonly holdings: Holdings;
  readonly since: () => string;
}): Receiving {
  const { store, files, uploads, holdings, since } = parts;

  /** The file as this node may bring it: an event of its own names it, and its time is not over. */
  async function claimed(sha256: string, node: string): Promise<{ row: EvidenceRow; sizes: number[] }> {
    const row = await evidenceByHash(store.db, sha256);
    const claims = row ? await claimsOn(store.db, sha256) : [];
    if (!row || !claims.some((claim) => claim.node === node))
      throw new AppError('API_NOT_FOUND', `no event of ${node} names ${sha256}`);
    if (row.removed_at !== null && !(await isNeeded(store.db, sha256, since())))
      throw new AppError('API_GONE', `evidence ${sha256} was removed at ${row.removed_at}`);
    // Any event may name the true size, the first one or not.
    return { row, sizes: [...new Set(claims.map((claim) => claim.bytes ?? row.bytes))] };
  }

  async function progress(row: EvidenceRow, node: string, sizes: readonly number[]): Promise<Upload> {
    const upload = { sha256: row.sha256, node };
    if (await holdings.isHere(row)) {
      await uploads.drop(upload);
      return { received: row.bytes, complete: true };
    }
    const whole = await uploads.resume(upload, sizes);
    if (!whole) return { received: await uploads.received(upload), complete: false };
    await holdings.accept(row.sha256, whole);
    return { received: whole.bytes, complete: true };
  }

  return {
    async offset(sha256, node) {
      const { row, sizes } = await claimed(sha256, node);
      return progress(row, node, sizes);
    },
    async append(sha256, node, start, body, total) {
      const { row, sizes } = await claimed(sha256, node);
      if (await holdings.isHere(row)) {
        body.resume();
        return { received: row.bytes, complete: true };
      }
      const most = total !== null && sizes.includes(total) ? total : Math.min(...sizes);
      await files.needSpace(Math.max(0, most - start));
      const accept = (whole: Parameters<Holdings['accept']>[1]) => holdings.accept(sha256, whole);
      await uploads.take({ sha256, node }, sizes, { start, total, body }, accept);
      const after = await evidenceByHash(store.db, sha256);
      return progress(after ?? row, node, sizes);
    },
  };
}
