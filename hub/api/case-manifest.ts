/** The manifest of an exported case: everything in the package by hash, signed as a whole by the hub's root. */
import type { EvidenceRole } from '../../contracts/evidence.ts';
import {
  type AbsentEvidence,
  type CaseManifest,
  type CasePackage,
  evidenceFileName,
  type ManifestFile,
  PACKAGE_DOCUMENT,
  PACKAGE_EVIDENCE,
} from '../../contracts/package.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { chainBreaks } from '../../platform/package/chains.ts';
import { eventHash } from '../../platform/signing.ts';
import { signStatement } from '../../platform/statement.ts';
import type { RootKey } from '../registry/root-key.ts';

/** A file that goes into the package. */
export type PackedFile = { readonly path: string; readonly sha256: string; readonly bytes: number };
/** What the hub has of a hash: its size, or why it has nothing. */
export type HeldEvidence = { readonly bytes: number } | { readonly absent: AbsentEvidence['reason'] };

const digest = (value: unknown) => sha256Hex(canonicalJson(value));

/** A photograph after handling, as the case's trail names it. */
export type PackedPhoto = { readonly sha256: string; readonly mime: string };

function sortEvidence(document: CasePackage, photos: readonly PackedPhoto[], held: ReadonlyMap<string, HeldEvidence>) {
  const named = new Map<string, { readonly mime: string; readonly roles: Set<EvidenceRole> }>();
  for (const { sha256, mime, role } of document.messages.flatMap(({ event }) => event.evidence)) {
    const known = named.get(sha256) ?? { mime, roles: new Set() };
    named.set(sha256, known);
    known.roles.add(role);
  }
  for (const { sha256, mime } of photos) if (!named.has(sha256)) named.set(sha256, { mime, roles: new Set() });
  const files: ManifestFile[] = [];
  const absent: AbsentEvidence[] = [];
  for (const [sha256, { mime, roles }] of named) {
    const have = held.get(sha256) ?? { absent: 'not-arrived' as const };
    if ('absent' in have) absent.push({ sha256, reason: have.absent });
    else {
      const path = `${PACKAGE_EVIDENCE}/${evidenceFileName(sha256, mime)}`;
      files.push({ path, bytes: have.bytes, sha256, roles: [...roles].sort() });
    }
  }
  return { files, absent };
}

/** @param photos after handling. @param held by hash, of every file that the messages or the trail name */
export function signPackage(
  document: CasePackage,
  photos: readonly PackedPhoto[],
  held: ReadonlyMap<string, HeldEvidence>,
  root: RootKey,
): { readonly manifest: Buffer; readonly document: Buffer; readonly evidence: readonly PackedFile[] } {
  const bytes = Buffer.from(`${JSON.stringify(document, null, 2)}\n`, 'utf8');
  const { files, absent } = sortEvidence(document, photos, held);
  const statement: Omit<CaseManifest, 'sig'> = {
    type: 'kerbwatch-case-manifest',
    v: 2,
    exportedAt: document.exportedAt,
    exportedBy: document.exportedBy,
    case: document.case,
    messages: document.messages.map(({ receivedAt, event }) => ({
      node: event.node,
      seq: event.seq,
      receivedAt,
      hash: eventHash(event),
    })),
    history: { entries: document.history.length, head: document.history.at(-1)?.hash ?? '' },
    forks: chainBreaks(document),
    parts: { keys: digest(document.keys), links: digest(document.links) },
    files: [{ path: PACKAGE_DOCUMENT, bytes: bytes.length, sha256: sha256Hex(bytes), roles: [] }, ...files],
    absent,
    root: { algorithm: 'Ed25519', fingerprint: root.fingerprint, publicKey: root.pem },
  };
  // In its one form, so that no byte of the file can change without notice.
  const manifest = Buffer.from(canonicalJson(signStatement(statement, root.privateKey)), 'utf8');
  return { manifest, document: bytes, evidence: files };
}
