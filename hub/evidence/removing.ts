/** Evidence of what nobody confirmed goes when its time is over: all files are looked at in turn, a page at a time. */
import { type Clock, timestamp } from '../../platform/clock.ts';
import { inSlices } from '../../platform/in-slices.ts';
import { appendAudit, systemAuthor } from '../audit.ts';
import { knownFilesAfter, markRemoved, unconfirmedAmong } from '../storage/evidence-upkeep.ts';
import type { Store } from '../storage/store.ts';
import type { BlobFiles } from './blob-files.ts';

/** Files of one look and of one transaction. */
const PAGE = 100;
/** Files that one round looks at without finding any that may go: a large store is gone through in several rounds. */
const IN_VAIN = 10_000;

type RemovingOptions = {
  readonly store: Store;
  readonly files: Pick<BlobFiles, 'remove'>;
  readonly clock: Clock;
  /** How long files of unconfirmed cases are kept, ms. */
  readonly keepMs: number;
};

/** Each round goes on where the one before ended, and ends at the last file. */
export function createRemoving({ store, files, clock, keepMs }: RemovingOptions) {
  let after = '';

  /** The file first: a row without its file is removed again, a file without its row would stay for ever. */
  async function remove(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    for (const sha256 of hashes) await files.remove(sha256);
    await store.transaction(async (trx) => {
      await markRemoved(trx, hashes, timestamp(clock.now()));
      const steps = hashes.map((id) => ({ action: 'delete', thing: 'evidence', id }) as const);
      await appendAudit(trx, systemAuthor(clock.now()), steps);
    });
  }

  return {
    /** @returns how many files went */
    async round(signal?: AbortSignal): Promise<number> {
      let removed = 0;
      let inVain = 0;
      const lookAtSome = async (): Promise<number> => {
        const page = await knownFilesAfter(store.db, after, PAGE);
        const going = await unconfirmedAmong(store.db, page, timestamp(clock.now() - keepMs));
        await remove(going);
        removed += going.length;
        inVain = going.length > 0 ? 0 : inVain + page.length;
        after = page.length < PAGE ? '' : (page.at(-1) ?? '');
        return inVain < IN_VAIN ? page.length : 0;
      };
      await inSlices(lookAtSome, PAGE, signal);
      return removed;
    },
  };
}
