/** Makes a file that is made once and read for ever: whole, durable and for this user alone, or not at all. */
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What file systems without hard links answer, as those of memory cards. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function moveInto(beside: string, file: string): Promise<void> {
  try {
    // Unlike a rename it fails where there is a file already.
    await link(beside, file);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rename(beside, file);
  }
}

/** A full disk or a machine that dies leaves no half of it behind. @throws EEXIST when it is there already, ENOSPC */
export async function writeOnce(file: string, text: string | Buffer): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await writeFile(beside, text, { mode: 0o600, flag: 'wx', flush: true });
    await moveInto(beside, file);
    const folder = await open(dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
  } finally {
    await rm(beside, { force: true }).catch(() => {});
  }
}
