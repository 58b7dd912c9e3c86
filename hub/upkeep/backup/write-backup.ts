/** A backup of a hub that runs on meanwhile: database of one moment, its evidence, a manifest; whole or not there. */
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../platform/app-error.ts';
import { systemClock, timestamp } from '../../../platform/clock.ts';
import { digestOfFile } from '../../../platform/file-digest.ts';
import { packageVersion } from '../../../platform/paths.ts';
import { readPublicKey } from '../../../platform/public-key.ts';
import { writeOnce } from '../../../platform/write-once.ts';
import { createBlobFiles } from '../../evidence/blob-files.ts';
import type { HubPlace } from '../../load-hub.ts';
import { ROOT_KEY_FILE } from '../../registry/root-key.ts';
import { appliedMigrations, openReading, type Reading } from '../../storage/backup/reading.ts';
import { evidenceByHash } from '../../storage/evidence.ts';
import { storedFilesAfter } from '../../storage/evidence-upkeep.ts';
import { trustRoot } from '../../storage/node-keys.ts';
import type { OnProgress } from '../progress.ts';
import { copyEvidence } from './copy-evidence.ts';
import { type BackupManifest, EVIDENCE_LIST, MANIFEST, ROOT_KEY, readEvidenceList } from './manifest.ts';
import { verifyBackup } from './verify-backup.ts';

export type BackupOptions = {
  /** The private root key goes in, in plain: whoever has the backup can then sign as this hub. */
  readonly rootKey: boolean;
  readonly onProgress: OnProgress;
};

const PAGE = 1000;

/** The folder that it grows in, beside its place. @throws HUB_BACKUP_TARGET */
async function openTarget(to: string): Promise<string> {
  const part = `${to}.part`;
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const there = await readdir(to).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (there && there.length > 0) throw new Error('it is not empty');
    // An empty folder would be in the way of the rename.
    if (there) await rmdir(to);
    await mkdir(part, { mode: 0o700 });
    return part;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? `${part} is there: another backup is being made, or was broken off` : message;
    throw new AppError('HUB_BACKUP_TARGET', `${to}: ${why}`, { cause });
  }
}

async function* linesOf(reading: Reading): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const page = await storedFilesAfter(reading.db, after, PAGE);
    for (const { sha256, bytes } of page) yield `${sha256} ${bytes}\n`;
    if (page.length < PAGE) return;
    after = page.at(-1)?.sha256 ?? '';
  }
}

/** What the database says of one moment. */
async function takeDatabase(reading: Reading, part: string, onProgress: OnProgress) {
  await reading.hold();
  try {
    const heldAt = timestamp(systemClock.now());
    const parts = await reading.copyTo(part, (done, total) => onProgress('database', done, total));
    await pipeline(linesOf(reading), createWriteStream(join(part, EVIDENCE_LIST), { mode: 0o600 }));
    const root = await trustRoot(reading.db);
    const key = root === null ? null : readPublicKey(root);
    const fingerprint = key && !('fault' in key) ? key.fingerprint : null;
    return { heldAt, parts, schema: await appliedMigrations(reading.db), root: fingerprint };
  } finally {
    await reading.release();
  }
}

/** What the list names; afterwards the list names what came. */
async function takeEvidence(reading: Reading, { evidenceDir }: HubPlace, part: string, onProgress: OnProgress) {
  const evidence = { files: 0, bytes: 0, removed: 0, lost: [] as string[] };
  const total = (await digestOfFile(join(part, EVIDENCE_LIST))).lines;
  const kept = `${join(part, EVIDENCE_LIST)}.kept`;
  const list = createWriteStream(kept, { mode: 0o600 });
  let done = 0;
  await copyEvidence(
    createBlobFiles(evidenceDir, 0),
    createBlobFiles(part, 0),
    readEvidenceList(part),
    async ({ sha256 }, whole) => {
      onProgress('evidence', ++done, total);
      if (whole) {
        // The true size: the database may know only what was announced.
        const { bytes } = await digestOfFile(createBlobFiles(part, 0).fileOf(sha256));
        evidence.files += 1;
        evidence.bytes += bytes;
        list.write(`${sha256} ${bytes}\n`);
      } else if ((await evidenceByHash(reading.db, sha256))?.stored_at === null) evidence.removed += 1;
      else evidence.lost.push(sha256);
    },
  );
  await new Promise<void>((settle, fail) => list.on('error', fail).end(settle));
  await rename(kept, join(part, EVIDENCE_LIST));
  return evidence;
}

/** The file of the hub's own folder, or what the configuration names: that is kept elsewhere on purpose. */
async function takeRootKey({ dataDir, rootSecret }: HubPlace, part: string): Promise<void> {
  if (rootSecret !== undefined)
    throw new AppError('HUB_ROOT_KEY', '`trust.key` names the root key; it is backed up where it lies');
  const file = join(dataDir, ROOT_KEY_FILE);
  await copyFile(file, join(part, ROOT_KEY)).catch((cause: Error) => {
    throw new AppError('HUB_ROOT_KEY', `${file}: ${cause.message}`, { cause });
  });
}

async function describeFiles(part: string, paths: readonly string[]): Promise<BackupManifest['files']> {
  const files: BackupManifest['files'] = [];
  for (const path of paths) {
    const handle = await open(join(part, path), 'r+');
    await handle.chmod(0o600);
    await handle.sync().finally(() => handle.close());
    const { bytes, sha256 } = await digestOfFile(join(part, path));
    files.push({ path, bytes, sha256 });
  }
  return files;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

async function fill(part: string, place: HubPlace, options: BackupOptions): Promise<BackupManifest> {
  const reading = await openReading(place.url, place.options);
  try {
    const database = await takeDatabase(reading, part, options.onProgress);
    const evidence = await takeEvidence(reading, place, part, options.onProgress);
    if (options.rootKey) await takeRootKey(place, part);
    const own = [EVIDENCE_LIST, ...(options.rootKey ? [ROOT_KEY] : [])];
    const manifest: BackupManifest = {
      ...{ format: 'kerbwatch-backup', v: 1, program: packageVersion() },
      ...{ ...database, madeAt: timestamp(systemClock.now()), dialect: reading.dialect, rootKey: options.rootKey },
      ...{ evidence, files: await describeFiles(part, [...database.parts.map(({ path }) => path), ...own]) },
    };
    await verifyBackup(part, manifest, options.onProgress);
    return manifest;
  } finally {
    await reading.close();
  }
}

/**
 * Writes into `to.part` and renames it once it is whole and was read again.
 *
 * @param to a folder that is not there yet, or empty
 * @throws HUB_BACKUP_TARGET, HUB_DATABASE, HUB_ROOT_KEY, HUB_BACKUP_DAMAGED when the disk gives back other bytes
 */
export async function writeBackup(place: HubPlace, to: string, options: BackupOptions): Promise<BackupManifest> {
  const target = resolve(to);
  const part = await openTarget(target);
  try {
    const manifest = await fill(part, place, options);
    await writeOnce(join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(part, target);
    await syncFolder(dirname(target));
    return manifest;
  } catch (cause) {
    await rm(part, { recursive: true, force: true }).catch(() => {});
    if (cause instanceof AppError) throw cause;
    throw new AppError('HUB_BACKUP_TARGET', `${to}: ${(cause as Error).message}`, { cause });
  }
}
