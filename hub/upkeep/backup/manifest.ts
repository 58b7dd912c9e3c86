/** What a backup says of itself: `manifest.json`, written last, so that a folder without one is no backup. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, Type } from '@sinclair/typebox';
import { AppError } from '../../../platform/app-error.ts';
import { isValid } from '../../../platform/validate.ts';

export const MANIFEST = 'manifest.json';
/** One line a file of evidence: its hash and its bytes. */
export const EVIDENCE_LIST = 'evidence.txt';
export const ROOT_KEY = 'root-key.pem';

/** Within the folder, never out of it. */
const Path = Type.String({ pattern: '^(?!.*\\.\\.)[A-Za-z0-9_][A-Za-z0-9_./-]*$' });
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Count = Type.Integer({ minimum: 0 });

export const BackupManifest = Type.Object({
  format: Type.Literal('kerbwatch-backup'),
  v: Type.Literal(1),
  /** Version of the program that made it. */
  program: Type.String(),
  /** The moment that the database is of, RFC 3339. */
  heldAt: Type.String(),
  madeAt: Type.String(),
  dialect: Type.Union([Type.Literal('sqlite'), Type.Literal('postgres')]),
  /** Migrations that had run, in their order. */
  schema: Type.Array(Type.String()),
  /** Fingerprint of the root that the database belongs to. */
  root: Type.Union([Sha256, Type.Null()]),
  /** Whether the private root key is in it. */
  rootKey: Type.Boolean(),
  parts: Type.Array(Type.Object({ path: Path, table: Type.Union([Type.String(), Type.Null()]), rows: Count })),
  /** Every file but those of evidence, whose hashes are their names. */
  files: Type.Array(Type.Object({ path: Path, bytes: Count, sha256: Sha256 })),
  evidence: Type.Object({
    files: Count,
    bytes: Count,
    /** Were removed by the hub while the backup was made: the restored database finds them missing. */
    removed: Count,
    /** Stood in the database and were missing or damaged on the hub's own disk. */
    lost: Type.Array(Sha256),
  }),
});
export type BackupManifest = Static<typeof BackupManifest>;

/** @throws HUB_BACKUP_DAMAGED when there is none, or it is none of ours */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const file = join(folder, MANIFEST);
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (isValid(BackupManifest, value)) return value;
  } catch (cause) {
    throw new AppError('HUB_BACKUP_DAMAGED', `${file}: ${(cause as Error).message}`, { cause });
  }
  throw new AppError('HUB_BACKUP_DAMAGED', `${file} is no manifest of a backup`);
}

/** The lines of the list of evidence. */
export async function* readEvidenceList(folder: string): AsyncGenerator<{ sha256: string; bytes: number }> {
  const text = await readFile(join(folder, EVIDENCE_LIST), 'utf8');
  for (const line of text.split('\n')) {
    const [sha256 = '', bytes = ''] = line.split(' ');
    if (sha256 !== '') yield { sha256, bytes: Number(bytes) };
  }
}
