/**
 * An exported case that a stranger can check offline: a folder with `case.json` (this schema) and
 * `evidence/<sha256>.jpg` (or `.mp4`) beside it.
 */
import { type Static, Type } from '@sinclair/typebox';
import { CaseState, CaseSummary } from './api/case.ts';
import { ViolationEventSchema } from './event.ts';
import { NodeId, Sha256 } from './ids.ts';
import { Timestamp } from './time.ts';

const closed = { additionalProperties: false } as const;

/** Name of the document within the folder, and of the folder with the files. */
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

export const CasePackage = Type.Object(
  {
    format: Type.Literal('kerbwatch-case'),
    v: Type.Literal(1),
    exportedAt: Timestamp,
    exportedBy: Type.String({ maxLength: 120 }),
    case: CaseSummary,
    /** Ordered by node and seq. */
    messages: Type.Array(PackageMessage, { minItems: 1 }),
    /** Ed25519 public keys (SPKI, PEM) of the nodes that signed. */
    nodes: Type.Array(Type.Object({ id: NodeId, publicKey: Type.String() }, closed)),
    history: Type.Array(PackageHistoryEntry, { minItems: 1 }),
    links: Type.Optional(Type.Array(PackageLink)),
    absent: Type.Optional(
      Type.Array(Sha256, { description: 'Evidence that the hub did not have at export: not yet arrived, or expired' }),
    ),
  },
  { ...closed, $id: 'CasePackage' },
);
export type CasePackage = Static<typeof CasePackage>;

/** File name of evidence within the package's folder. */
export function evidenceFileName(sha256: string, mime: string): string {
  return `${sha256}.${mime === 'video/mp4' ? 'mp4' : 'jpg'}`;
}
