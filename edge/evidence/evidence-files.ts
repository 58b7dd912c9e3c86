/** Files that are either whole or not there: written beside, flushed, renamed, and the folder flushed. */
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { AppError } from '../../platform/app-error.ts';

let made = 0;

const extensions: Readonly<Record<EvidenceRef['mime'], string>> = { 'image/jpeg': 'jpg', 'video/mp4': 'mp4' };

/** Where evidence of this hash lies below `dir`. */
export function evidencePath(dir: string, sha256: string, mime: EvidenceRef['mime'] = 'image/jpeg'): string {
  return join(dir, sha256.slice(0, 2), `${sha256}.${extensions[mime]}`);
}

/** A failed write in the catalogue's words: a full disk is a matter of its own. */
export function writeFault(path: string, cause: unknown): AppError {
  const code = (cause as NodeJS.ErrnoException).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new AppError(full ? 'EDGE_DISK_FULL' : 'EDGE_EVIDENCE', path, { cause });
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes `data` at `path`; when this settles it survives a power cut (with `durable`, the default).
 * Rejects with EDGE_DISK_FULL or EDGE_EVIDENCE, and leaves nothing half-written.
 */
export async function writeWhole(path: string, data: Uint8Array, durable = true): Promise<void> {
  const folder = dirname(path);
  const beside = join(folder, `.${process.pid}-${made++}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(beside, 'wx');
    try {
      await handle.writeFile(data);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, path);
    if (durable) {
      await flushFolder(folder);
      await flushFolder(dirname(folder));
    }
  } catch (cause) {
    // What went wrong first is what is told.
    await rm(beside, { force: true }).catch(() => {});
    throw writeFault(path, cause);
  }
}

/** Bytes of a file, or null where there is none. */
export async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => found.size,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw writeFault(path, cause);
    },
  );
}
