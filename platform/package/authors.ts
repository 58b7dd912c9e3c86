/** The nodes' word: who signed each message, with a key that the root certifies for that node at that time. */
import {
  type CaseManifest,
  type CasePackage,
  type NodeKeyCertificate,
  type PackageMessage,
  photosInTrail,
} from '../../contracts/package.ts';
import { keyLifeFault } from '../key-life.ts';
import { readPublicKey } from '../public-key.ts';
import { verifyEvent } from '../signing.ts';
import { isSignedStatement } from '../statement.ts';
import { nameOf, type PackageCheck, result } from './report.ts';

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

const describeKey = ({ node, fingerprint }: NodeKeyCertificate) => `key ${fingerprint.slice(0, 16)}… of ${node}`;

function certificateFaults(certificate: NodeKeyCertificate, root: string): string[] {
  const key = readPublicKey(certificate.publicKey);
  const name = describeKey(certificate);
  if ('fault' in key) return [`${name}: ${key.fault}`];
  if (key.fingerprint !== certificate.fingerprint) return [`${name}: the fingerprint is not the one of the public key`];
  return isSignedStatement(certificate, root) ? [] : [`${name}: the root has not certified it`];
}

/** The certificates that hold, and the check of all of them. */
export function checkKeys(
  { root }: CaseManifest,
  { keys }: CasePackage,
): { readonly check: PackageCheck; readonly certified: readonly NodeKeyCertificate[] } {
  const faults: string[] = [];
  const certified: NodeKeyCertificate[] = [];
  for (const certificate of keys) {
    const wrong = certificateFaults(certificate, root.publicKey);
    if (wrong.length === 0) certified.push(certificate);
    faults.push(...wrong);
  }
  const notes = certified
    .filter(({ revokedAt }) => revokedAt !== null)
    .map((key) => `${describeKey(key)} was revoked at ${key.revokedAt} (${key.reason ?? 'no reason given'})`);
  return { check: result('keys', 'hub', keys.length, faults, notes), certified };
}

function authorFault({ event, receivedAt }: PackageMessage, keys: readonly NodeKeyCertificate[]): string | null {
  const fitting = keys.filter(({ publicKey }) => verifyEvent(event, publicKey));
  if (fitting.length === 0) return `is not signed by a key that the hub certifies for ${event.node}`;
  const faults = fitting.map((life) => keyLifeFault(life, { at: event.at, receivedAt }));
  return faults.includes(null) ? null : (faults[0] ?? null);
}

/** Each message carries a signature of a key that was certified for its node at its time (Ed25519, RFC 8032). */
export function checkSignatures({ messages }: CasePackage, certified: readonly NodeKeyCertificate[]): PackageCheck {
  const byNode = groupBy(certified, ({ node }) => node);
  const faults = messages.flatMap((message) => {
    const fault = authorFault(message, byNode.get(message.event.node) ?? []);
    return fault === null ? [] : [`${nameOf(message.event)}: ${fault}`];
  });
  return result('signatures', 'node', messages.length, faults);
}

const REASONS: Readonly<Record<CaseManifest['absent'][number]['reason'], string>> = {
  'not-arrived': 'had not arrived at the hub when the case was exported',
  removed: 'had been removed by the hub when its time was over',
  missing: 'was lost at the hub',
  damaged: 'was damaged at the hub',
};

/**
 * Every file that a node's signed message names is here under its hash, or the hub has signed why it is not. Photographs
 * after handling have the hub's word alone: the trail names them, and `checkFiles` holds them to their hash.
 */
export function checkEvidence(manifest: CaseManifest, { messages, history }: CasePackage): PackageCheck {
  const faults: string[] = [];
  const notes: string[] = [];
  const files = new Map(manifest.files.map((file) => [file.sha256, file]));
  const absent = new Map(manifest.absent.map(({ sha256, reason }) => [sha256, reason]));
  const named = groupBy(
    messages.flatMap(({ event }) => event.evidence),
    ({ sha256 }) => sha256,
  );
  for (const [sha256, refs] of named) {
    const file = files.get(sha256);
    const reason = absent.get(sha256);
    const roles = [...new Set(refs.map(({ role }) => role))].sort();
    if (file) {
      // The content is what its hash says; the node was wrong about its size.
      for (const { bytes } of refs) {
        if (bytes !== file.bytes) notes.push(`${file.path} has ${file.bytes} bytes, the node says ${bytes}`);
      }
      if (file.roles.join() !== roles.join())
        faults.push(`${file.path} is ${file.roles.join()}, the node says ${roles.join()}`);
    } else if (reason) notes.push(`${sha256} (${roles.join(', ')}) ${REASONS[reason]}`);
    else faults.push(`${sha256} (${roles.join(', ')}) is named by the node and missing from the package`);
    if (file && reason) faults.push(`${file.path} is here, and said to be absent`);
  }
  const photos = photosInTrail(history);
  for (const sha256 of photos) {
    const reason = absent.get(sha256);
    if (reason) notes.push(`${sha256} (photograph after handling) ${REASONS[reason]}`);
    else if (!files.has(sha256))
      notes.push(`${sha256} (photograph after handling) is not here: earlier versions exported its hash alone`);
  }
  for (const { sha256 } of manifest.absent) {
    if (!named.has(sha256) && !photos.has(sha256))
      faults.push(`${sha256} is said to be absent, and neither a message nor the trail names it`);
  }
  return result('evidence', 'node', named.size, faults, notes);
}
