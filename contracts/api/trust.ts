/** What a stranger needs to check evidence: the hub's public root, and the keys of nodes with their lives. */
import { type Static, Type } from '@sinclair/typebox';
import { Sha256 } from '../ids.ts';
import { Timestamp } from '../time.ts';

const closed = { additionalProperties: false } as const;
const Fingerprint = Type.Unsafe<string>({ ...Sha256, description: 'SHA-256 of the SPKI in DER form, hex' });

/** Also what `kerbwatch verify --trust FILE` reads. */
export const TrustView = Type.Object(
  {
    algorithm: Type.Literal('Ed25519'),
    fingerprint: Fingerprint,
    publicKey: Type.String({ description: 'Root of this hub, SPKI PEM' }),
  },
  closed,
);
export type TrustView = Static<typeof TrustView>;

const When = Type.Union([Timestamp, Type.Null()]);

export const NodeKeyView = Type.Object(
  {
    fingerprint: Fingerprint,
    publicKey: Type.String(),
    registeredAt: Type.Union([Timestamp, Type.Null()], {
      description: 'Null for a key from before the hub kept their lives',
    }),
    rotatedAt: When,
    revokedAt: When,
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Why it was revoked' }),
  },
  closed,
);
export type NodeKeyView = Static<typeof NodeKeyView>;

export const RevokeBody = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    fingerprint: Type.Optional(Sha256),
  },
  closed,
);
export type RevokeBody = Static<typeof RevokeBody>;
