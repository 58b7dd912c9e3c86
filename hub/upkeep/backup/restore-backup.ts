/** A backup put where a hub's data belongs: read whole before, held against its hashes after, all or nothing. */
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../platform/app-error.ts';
import { systemClock, timestamp } from '../../../platform/clock.ts';
import { readPublicKey } from '../../../platform/public-key.ts';
import { readSecret } from '../../../platform/secret.ts';
import { readPrivateKey } from '../../../platform/signing.ts';
import { createBlobFiles } from '../../evidence/blob-files.ts';
import type { HubPlace } from '../../load-hub.ts';
import { ROOT_KEY_FILE } from '../../registry/root-key.ts';
import { holdsSomething, knownMigrations, replaceDatabase } from '../../storage/backup/replace.ts';
import { lockDatabase } from '../../storage/hub-lock.ts';
import { openStore } from '../../storage/store.ts';
import type { OnProgress } from '../progress.ts';
import { copyEvidence } from './copy-evidence.ts';
import { type BackupManifest, ROOT_KEY, readEvidenceList, readManifest } from './manifest.ts';
import { verifyBackup } from './verify-backup.ts';

export type RestoreOptions = {
  /** What is there gives way. */
  readonly replace: boolean;
  readonly onProgress: OnProgress;
};

export type Restored = {
  readonly manifest: BackupManifest;
  /** Where the SQLite file that was there lies now. */
  readonly setAside: string | null;
  /** `missing`: neither here nor in the backup; the hub will not start without it. */
  readonly rootKey: 'restored' | 'present' | 'missing' | 'not-needed';
};

/** @throws HUB_BACKUP_NEWER, HUB_BACKUP_DIALECT */
function refuseForeign({ schema, dialect, program }: BackupManifest, { url }: HubPlace): void {
  const known = new Set(knownMigrations());
  const later = schema.filter((name) => !known.has(name));
  if (later.length > 0)
    throw new AppError('HUB_BACKUP_NEWER', `made by ${program}; not known here: ${later.join(', ')}`);
  const here = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
  if (here !== dialect)
    throw new AppError('HUB_BACKUP_DIALECT', `it is of ${dialect}, the configuration names ${here}`);
}

/** @throws HUB_RESTORE_OCCUPIED */
async function refuseOccupied({ url, options, evidenceDir }: HubPlace): Promise<void> {
  if (await holdsSomething(url, options)) throw new AppError('HUB_RESTORE_OCCUPIED', 'the database');
  const blobs = join(evidenceDir, 'blobs');
  const files = await readdir(blobs).catch(() => []);
  if (files.length > 0) throw new AppError('HUB_RESTORE_OCCUPIED', blobs);
}

/** Fingerprint of the root key that this place has already. */
async function ownRoot({ dataDir, rootSecret, configDir }: HubPlace): Promise<string | null> {
  const pem = rootSecret
    ? await readSecret(rootSecret, configDir)
    : await readFile(join(dataDir, ROOT_KEY_FILE), 'utf8').catch(() => null);
  if (pem === null) return null;
  const key = readPublicKey(readPrivateKey(pem).publicKeyPem);
  return 'fault' in key ? null : key.fingerprint;
}

/** @throws HUB_ROOT_OTHER */
async function rootKeyOf(manifest: BackupManifest, place: HubPlace): Promise<Restored['rootKey']> {
  const own = await ownRoot(place);
  if (manifest.root === null) return 'not-needed';
  if (own !== null && own !== manifest.root)
    throw new AppError('HUB_ROOT_OTHER', `the backup belongs to ${manifest.root}, this hub has ${own}`);
  if (own !== null) return 'present';
  return manifest.rootKey ? 'restored' : 'missing';
}

async function bringEvidence(from: string, place: HubPlace, manifest: BackupManifest, onProgress: OnProgress) {
  const files = createBlobFiles(place.evidenceDir, 0);
  let done = 0;
  await copyEvidence(createBlobFiles(from, 0), files, readEvidenceList(from), ({ sha256 }, whole) => {
    if (!whole) throw new AppError('HUB_BACKUP_DAMAGED', `${from}: evidence ${sha256}`);
    onProgress('evidence', ++done, manifest.evidence.files);
  });
}

/**
 * The database comes last: one that is there has its evidence.
 *
 * @throws HUB_BACKUP_DAMAGED, HUB_BACKUP_NEWER, HUB_BACKUP_DIALECT, HUB_RESTORE_OCCUPIED, HUB_ROOT_OTHER,
 *   HUB_DATABASE_IN_USE, HUB_DATABASE
 */
export async function restoreBackup(place: HubPlace, from: string, options: RestoreOptions): Promise<Restored> {
  const { replace, onProgress } = options;
  const manifest = await readManifest(from);
  refuseForeign(manifest, place);
  const rootKey = await rootKeyOf(manifest, place);
  await verifyBackup(from, manifest, onProgress);
  await mkdir(place.dataDir, { recursive: true, mode: 0o700 });
  const unlock = await lockDatabase(place.url);
  try {
    if (!replace) await refuseOccupied(place);
    await bringEvidence(from, place, manifest, onProgress);
    const hashes = new Map(manifest.files.map(({ path, sha256 }) => [path, sha256]));
    const setAside = await replaceDatabase({
      ...{ url: place.url, options: place.options, folder: from, parts: manifest.parts, schema: manifest.schema },
      sha256Of: (path) => hashes.get(path),
      aside: `before-${timestamp(systemClock.now()).replaceAll(/[:.]/g, '')}`,
      advance: (done, total) => onProgress('database', done, total),
    });
    if (rootKey === 'restored') await copyFile(join(from, ROOT_KEY), join(place.dataDir, ROOT_KEY_FILE));
    // Brings an older schema up to date, and shows that the hub will open it.
    await (await openStore(place.url, place.options)).close();
    return { manifest, setAside, rootKey };
  } finally {
    unlock();
  }
}
