/** Files of evidence from one folder into another, each held against its hash where it arrives. */
import { constants } from 'node:fs';
import { copyFile, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type createBlobFiles, hashOfFile } from '../../evidence/blob-files.ts';

type Files = Pick<ReturnType<typeof createBlobFiles>, 'fileOf'>;
export type ListedFile = { readonly sha256: string; readonly bytes: number };

/** Waiting for the disk is most of the work. */
const AT_ONCE = 4;

async function copyOne(from: string, to: string, sha256: string): Promise<boolean> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    // Where the file system can, both share their blocks until one of them changes.
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    const handle = await open(to, 'r+');
    await handle.chmod(0o600);
    await handle.datasync().finally(() => handle.close());
    if ((await hashOfFile(to)) === sha256) return true;
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    // A fault of the file that is read is a finding; one of the disk that is written ends the work.
    if (path !== from || !['ENOENT', 'EIO', 'EISDIR'].includes(code ?? '')) throw error;
  }
  await rm(to, { force: true });
  return false;
}

const isWhole = (file: string, sha256: string) =>
  hashOfFile(file).then(
    (hash) => hash === sha256,
    () => false,
  );

/**
 * @param list in any order; one that is whole at its place already is not copied again
 * @param onFile after each: `whole` is false when it was missing or damaged where it came from, and is not there now
 */
export async function copyEvidence(
  from: Files,
  to: Files,
  list: AsyncIterable<ListedFile>,
  onFile: (file: ListedFile, whole: boolean) => Promise<void> | void,
): Promise<void> {
  const files = list[Symbol.asyncIterator]();
  let stopped = false;
  const work = async () => {
    try {
      for (let next = await files.next(); !next.done && !stopped; next = await files.next()) {
        const { sha256 } = next.value;
        const there = await isWhole(to.fileOf(sha256), sha256);
        await onFile(next.value, there || (await copyOne(from.fileOf(sha256), to.fileOf(sha256), sha256)));
      }
    } finally {
      // One that fails ends the others.
      stopped = true;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
