/** Certificates of node keys: the root's word for whose a key was, and for how long. */
import type { NodeKeyCertificate } from '../../contracts/package.ts';
import { signStatement } from '../../platform/statement.ts';
import type { NodeKeyRow } from '../storage/node-keys.ts';
import type { RootKey } from './root-key.ts';

/** @param issuedAt RFC 3339 */
export function certifyKey(row: NodeKeyRow, root: RootKey, issuedAt: string): NodeKeyCertificate {
  const { node, public_key: publicKey, fingerprint, reason } = row;
  const life = { registeredAt: row.registered_at, rotatedAt: row.rotated_at, revokedAt: row.revoked_at, reason };
  const statement = { type: 'kerbwatch-node-key', v: 1, node, publicKey, fingerprint, ...life, issuedAt } as const;
  return signStatement(statement, root.privateKey);
}
