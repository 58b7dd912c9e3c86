/**
 * An exported case that a stranger can check offline, format 2: a folder with `manifest.json`, which the hub signs and
 * which names everything else by hash, `case.json`, and `evidence/<sha256>.jpg` (`.png`, `.mp4`).
 */
import { type Static, Type } from '@sinclair/typebox';
import { CaseState, CaseSummary } from './api/case.ts';
import { TrustView } from './api/trust.ts';
import { ViolationEventSchema } from './event.ts';
import { EvidenceRole } from './evidence.ts';
import { NodeId, Sha256 } from './ids.ts';
import { Timestamp } from './time.ts';

const closed = { additionalProperties: false } as const;

/** Names within the folder: what the hub signed, the case itself, and the folder with the files. */
export const PACKAGE_MANIFEST = 'manifest.json';
export const PACKAGE_DOCUMENT = 'case.json';
export const PACKAGE_EVIDENCE = 'evidence';

/** One signed message as the node sent it, every revision of every event of the case. */
export const PackageMessage = Type.Object({ receivedAt: Timestamp, event: ViolationEventSchema }, closed);
export type PackageMessage = Static<typeof PackageMessage>;

/** A row of the audit trail as it was hashed: `hash` is SHA-256 over the RFC 8785 form of the row without it. */
export const PackageHistoryEntry = Type.Object(
  {
    case_id: Type.String(),
    n: Type.Integer({ minimum: 1 }),
    at: Timestamp,
    actor: Type.String(),
    action: Type.String(),
    from_state: Type.Union([CaseState, Type.Null()]),
    to_state: CaseState,
    note: Type.Union([Type.String(), Type.Null()]),
    data: Type.Unknown(),
    prev_hash: Sha256,
    hash: Sha256,
  },
  closed,
);
export type PackageHistoryEntry = Static<typeof PackageHistoryEntry>;

/** A message of the node that belongs to another case: its hashes alone, to walk the chain between two messages. */
export const PackageLink = Type.Object(
  { node: NodeId, seq: Type.Integer({ minimum: 1 }), prev: Sha256, hash: Sha256 },
  closed,
);
export type PackageLink = Static<typeof PackageLink>;

const Signature = Type.String({
  pattern: '^[A-Za-z0-9_-]{86}$',
  description: 'Ed25519 (RFC 8032) by the root, base64url, over the RFC 8785 form of the statement without `sig`',
});
const When = Type.Union([Timestamp, Type.Null()]);

/** The root says: this key was this node's, from when until when. */
export const NodeKeyCertificate = Type.Object(
  {
    type: Type.Literal('kerbwatch-node-key'),
    v: Type.Literal(1),
    node: NodeId,
    publicKey: Type.String({ maxLength: 200, description: 'SPKI PEM' }),
    fingerprint: Sha256,
    /** Null for a key from before the hub kept their lives. */
    registeredAt: When,
    rotatedAt: When,
    revokedAt: When,
    reason: Type.Union([Type.String({ maxLength: 500 }), Type.Null()]),
    issuedAt: Timestamp,
    sig: Signature,
  },
  closed,
);
export type NodeKeyCertificate = Static<typeof NodeKeyCertificate>;

export const CasePackage = Type.Object(
  {
    format: Type.Literal('kerbwatch-case'),
    v: Type.Literal(2),
    exportedAt: Timestamp,
    exportedBy: Type.String({ maxLength: 120 }),
    case: CaseSummary,
    /** Ordered by node and seq. */
    messages: Type.Array(PackageMessage, { minItems: 1 }),
    /** Every key that the nodes of the messages have had. */
    keys: Type.Array(NodeKeyCertificate),
    history: Type.Array(PackageHistoryEntry, { minItems: 1 }),
    links: Type.Array(PackageLink),
  },
  { ...closed, $id: 'CasePackage' },
);
export type CasePackage = Static<typeof CasePackage>;

const ManifestFile = Type.Object(
  {
    path: Type.String({ maxLength: 200 }),
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Sha256,
    /** What the messages say that it shows; empty for `case.json`, and for photographs after handling, which the trail names. */
    roles: Type.Array(EvidenceRole),
  },
  closed,
);
export type ManifestFile = Static<typeof ManifestFile>;

export const ManifestMessage = Type.Object(
  {
    node: NodeId,
    seq: Type.Integer({ minimum: 1 }),
    receivedAt: Timestamp,
    hash: Type.Unsafe<string>({ ...Sha256, description: 'SHA-256 over the RFC 8785 form, signature included' }),
  },
  closed,
);
export type ManifestMessage = Static<typeof ManifestMessage>;

export const AbsentEvidence = Type.Object(
  {
    sha256: Sha256,
    reason: Type.Union(
      [Type.Literal('not-arrived'), Type.Literal('removed'), Type.Literal('missing'), Type.Literal('damaged')],
      {
        description: 'Not sent by the node yet; removed when its time was over; lost or changed on the hub’s disk',
      },
    ),
  },
  closed,
);
export type AbsentEvidence = Static<typeof AbsentEvidence>;

/** What the hub states with its signature: the whole package, part by part so that a change can be named. */
export const CaseManifest = Type.Object(
  {
    type: Type.Literal('kerbwatch-case-manifest'),
    v: Type.Literal(2),
    exportedAt: Timestamp,
    exportedBy: Type.String({ maxLength: 120 }),
    case: CaseSummary,
    messages: Type.Array(ManifestMessage, { minItems: 1 }),
    history: Type.Object({ entries: Type.Integer({ minimum: 1 }), head: Sha256 }, closed),
    /** Where a node's own chain does not go on from its message before: the node sent it so. */
    forks: Type.Array(Type.Object({ node: NodeId, seq: Type.Integer({ minimum: 1 }) }, closed)),
    /** SHA-256 over the RFC 8785 form of these parts of `case.json`. */
    parts: Type.Object({ keys: Sha256, links: Sha256 }, closed),
    files: Type.Array(ManifestFile, { minItems: 1 }),
    absent: Type.Array(AbsentEvidence),
    root: TrustView,
    sig: Signature,
  },
  { ...closed, $id: 'CaseManifest' },
);
export type CaseManifest = Static<typeof CaseManifest>;

const endings: Readonly<Record<string, string>> = { 'video/mp4': 'mp4', 'image/png': 'png' };

/** File name of evidence within the package's folder. */
export function evidenceFileName(sha256: string, mime: string): string {
  return `${sha256}.${endings[mime] ?? 'jpg'}`;
}

/** Photographs after handling, by hash, as entries of the trail name them. */
export function photosInTrail(history: readonly Pick<PackageHistoryEntry, 'action' | 'data'>[]): Set<string> {
  const named = history.flatMap(({ action, data }) => {
    const photo = action === 'photo' ? (data as { readonly photo?: unknown } | null)?.photo : undefined;
    return typeof photo === 'string' ? [photo] : [];
  });
  return new Set(named);
}
