/** Evidence on disk against what the database says is there, both ways. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobFiles, createBlobFiles } from '../../evidence/blob-files.ts';
import { evidenceByHash, filesHeld } from '../../storage/evidence.ts';
import { storedFilesAfter } from '../../storage/evidence-upkeep.ts';
import type { Db } from '../../storage/store.ts';
import type { Findings } from './findings.ts';

const PAGE = 500;
/** What came a moment ago may be in one of both and not yet in the other. */
const FRESH_MS = 60_000;

type Parts = {
  readonly db: Db;
  readonly dir: string;
  /** Read every file, or only see that it is there with its size. */
  readonly read: boolean;
  readonly findings: Findings;
  readonly onChecked: (done: number) => void;
};

async function faultOf(files: BlobFiles, { sha256, bytes }: { sha256: string; bytes: number }, read: boolean) {
  if (!read) return (await files.isThere(sha256, bytes)) ? null : 'missing';
  const found = await files.examine(sha256);
  return typeof found === 'string' ? found : null;
}

/** @returns how many files should be here */
export async function checkStoredFiles({ db, dir, read, findings, onChecked }: Parts): Promise<number> {
  const files = createBlobFiles(dir, 0);
  let done = 0;
  for (let after = ''; ; ) {
    const page = await storedFilesAfter(db, after, PAGE);
    for (const file of page) {
      const fault = await faultOf(files, file, read);
      // A hub that runs may have removed it since the page was read.
      if (fault && (await evidenceByHash(db, file.sha256))?.stored_at) {
        const code = fault === 'missing' ? 'HUB_CHECK_EVIDENCE_MISSING' : 'HUB_CHECK_EVIDENCE_DAMAGED';
        findings.add(code, files.fileOf(file.sha256));
      }
      onChecked(++done);
    }
    if (page.length < PAGE) return done;
    after = page.at(-1)?.sha256 ?? '';
  }
}

async function* filesBelow(folder: string): AsyncGenerator<{ name: string; path: string }> {
  const missing = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  };
  for await (const entry of (await opendir(folder).catch(missing)) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield { name: entry.name, path };
  }
}

/** Files that nothing in the database speaks of, or that it says were removed. */
export async function checkSurplusFiles({ db, dir, findings }: Parts, now: number): Promise<void> {
  let page: { name: string; path: string }[] = [];
  const settle = async () => {
    const held = await filesHeld(
      db,
      page.map(({ name }) => name),
    );
    const known = new Map(held.map(({ sha256, state }) => [sha256, state]));
    for (const { name, path } of page) {
      const state = known.get(name);
      if (state !== undefined && state !== 'removed') continue;
      const changed = await stat(path).catch(() => null);
      if (changed && now - changed.mtimeMs > FRESH_MS)
        findings.add('HUB_CHECK_EVIDENCE_SURPLUS', path, state === 'removed' ? 'its removal was broken off' : '');
    }
    page = [];
  };
  for await (const file of filesBelow(join(dir, 'blobs'))) {
    page.push(file);
    if (page.length >= PAGE) await settle();
  }
  await settle();
}
