/** What a backup or a restore did, in words for a terminal. */
import type { BackupManifest } from './manifest.ts';
import type { Restored } from './restore-backup.ts';

const rowsOf = ({ parts }: BackupManifest) => parts.reduce((sum, { rows }) => sum + rows, 0);

function contentsOf(manifest: BackupManifest): string {
  const { dialect, heldAt, evidence } = manifest;
  return `${dialect} as of ${heldAt}, ${rowsOf(manifest)} rows; ${evidence.files} files of evidence, ${evidence.bytes} bytes`;
}

/** One fact a line. */
export function describeBackup(to: string, manifest: BackupManifest): string {
  const { evidence, rootKey } = manifest;
  const lines = [`${to}: ${contentsOf(manifest)}; read again and whole`];
  if (evidence.lost.length > 0)
    lines.push(
      `${evidence.lost.length} files are missing or damaged on the hub’s own disk: see \`kerbwatch hub doctor\``,
    );
  lines.push(
    rootKey
      ? 'The private root key is inside, in plain: guard the folder like the hub itself.'
      : 'The private root key is not inside: keep `root-key.pem` (or what `trust.key` names) elsewhere; no restore works without it.',
    'Configuration and the secrets that it names are not inside.',
  );
  return `${lines.join('\n')}\n`;
}

const keyWords: Record<Restored['rootKey'], string | null> = {
  restored: 'root key: restored',
  present: null,
  'not-needed': null,
  missing:
    'The root key is neither here nor in the backup: put `root-key.pem` into `dataDir` (mode 0600) before the hub starts.',
};

/** One fact a line. */
export function describeRestored({ manifest, setAside, rootKey }: Restored): string {
  const lines = [
    `restored: ${contentsOf(manifest)}`,
    setAside && `the database that was there lies at ${setAside}`,
    keyWords[rootKey],
    '`kerbwatch hub doctor` examines it. What came to the hub after the backup and nodes hold no more shows as gaps on the Nodes page.',
  ];
  return `${lines.filter(Boolean).join('\n')}\n`;
}
