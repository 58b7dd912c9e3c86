/** Format 1 of an exported case: still read by `kerbwatch verify`; it carries no signature of a hub. */
import { type Static, Type } from '@sinclair/typebox';
import { CaseSummary } from './api/case.ts';
import { NodeId, Sha256 } from './ids.ts';
import { PackageHistoryEntry, PackageLink, PackageMessage } from './package.ts';
import { Timestamp } from './time.ts';

const closed = { additionalProperties: false } as const;

export const CasePackageV1 = Type.Object(
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
  { ...closed, $id: 'CasePackageV1' },
);
export type CasePackageV1 = Static<typeof CasePackageV1>;
