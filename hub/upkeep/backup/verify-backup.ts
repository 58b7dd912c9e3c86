/** A backup read from its first to its last byte and held against its manifest. */
import { join } from 'node:path';
import { AppError, type Fault } from '../../../platform/app-error.ts';
import { digestOfFile } from '../../../platform/file-digest.ts';
import { createBlobFiles } from '../../evidence/blob-files.ts';
import type { OnProgress } from '../progress.ts';
import { type BackupManifest, readEvidenceList } from './manifest.ts';

const MAX_FAULTS = 20;

async function filesAgainst(folder: string, manifest: BackupManifest): Promise<Fault[]> {
  const rowsOf = new Map(manifest.parts.filter(({ table }) => table !== null).map(({ path, rows }) => [path, rows]));
  const faults: Fault[] = [];
  for (const { path, bytes, sha256 } of manifest.files) {
    const found = await digestOfFile(join(folder, path)).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error) faults.push({ path, message: `cannot be read (${found.message})` });
    else if (found.sha256 !== sha256 || found.bytes !== bytes) faults.push({ path, message: 'was changed' });
    // COPY writes one line a row, behind the line of the columns.
    else if (rowsOf.has(path) && found.lines !== (rowsOf.get(path) ?? 0) + 1)
      faults.push({ path, message: `has ${found.lines - 1} rows, not ${rowsOf.get(path)}` });
  }
  return faults;
}

async function evidenceAgainst(folder: string, manifest: BackupManifest, onProgress: OnProgress): Promise<Fault[]> {
  const blobs = createBlobFiles(folder, 0);
  const faults: Fault[] = [];
  let done = 0;
  for await (const { sha256 } of readEvidenceList(folder)) {
    const found = await blobs.examine(sha256);
    if (typeof found === 'string') faults.push({ path: `blobs/${sha256}`, message: found });
    onProgress('checking', ++done, manifest.evidence.files);
    if (faults.length >= MAX_FAULTS) return faults;
  }
  if (done !== manifest.evidence.files)
    faults.push({ path: 'evidence.txt', message: `lists ${done} files, not ${manifest.evidence.files}` });
  return faults;
}

/** @throws HUB_BACKUP_DAMAGED with what is missing or changed */
export async function verifyBackup(folder: string, manifest: BackupManifest, onProgress: OnProgress): Promise<void> {
  const files = await filesAgainst(folder, manifest);
  const faults = files.length > 0 ? files : await evidenceAgainst(folder, manifest, onProgress);
  if (faults.length > 0) throw new AppError('HUB_BACKUP_DAMAGED', folder, { faults });
}
