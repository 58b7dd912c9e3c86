/** The life of a node's keys: registered, replaced by the next, revoked. Nothing is forgotten, so old cases verify. */
import type { NodeKeyView } from '../../contracts/api/trust.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { type PublicKey, readPublicKey } from '../../platform/public-key.ts';
import { type Author, appendAudit, systemAuthor } from '../audit.ts';
import { addNodeKey, endNodeKey, keysOfNodes, type NodeKeyRow, revokedKey } from '../storage/node-keys.ts';
import type { Store, Trx } from '../storage/store.ts';

/** @throws API_NODE_KEY with what is wrong */
export function nodePublicKey(text: string): PublicKey {
  const key = readPublicKey(text);
  if (!('fault' in key)) return key;
  throw new AppError('API_NODE_KEY', key.fault, { faults: [{ path: 'publicKey', message: key.fault }] });
}

/** Makes the key the node's current one; the one before ends here. @throws API_NODE_KEY for a revoked key */
export async function takeNodeKey(trx: Trx, node: string, key: PublicKey, now: number): Promise<void> {
  const at = timestamp(now);
  const keys = await keysOfNodes(trx, [node]);
  // A key in other hands is in other hands under every name.
  const revoked = await revokedKey(trx, key.fingerprint);
  if (revoked) {
    const message = `this key of ${revoked.node} was revoked at ${revoked.revoked_at}: make a new one on the node`;
    throw new AppError('API_NODE_KEY', message, { faults: [{ path: 'publicKey', message }] });
  }
  const [current] = keys;
  if (current && current.fingerprint === key.fingerprint) return;
  if (current && current.revoked_at === null) await endNodeKey(trx, current, { rotated_at: at });
  const { pem: public_key, fingerprint } = key;
  const life = { registered_at: at, rotated_at: null, revoked_at: null, reason: null };
  await addNodeKey(trx, { node, n: (current?.n ?? 0) + 1, fingerprint, public_key, ...life });
}

/**
 * Ends the trust in a node's keys: what comes in from `at` on under them is refused, and named by `kerbwatch verify`.
 * @param at RFC 3339
 * @param fingerprint one key alone; without it every key that the node has had
 * @returns how many keys were revoked now; 0 where there is no such key, or it was revoked before
 */
export function revokeNodeKey(
  store: Store,
  node: string,
  at: string,
  reason: string,
  fingerprint?: string,
  by: Author = systemAuthor(Date.parse(at)),
): Promise<number> {
  return store.exclusive(async (trx) => {
    const keys = (await keysOfNodes(trx, [node])).filter(
      (row) => row.revoked_at === null && (fingerprint === undefined || row.fingerprint === fingerprint),
    );
    for (const key of keys) await endNodeKey(trx, key, { revoked_at: at, reason });
    await appendAudit(
      trx,
      by,
      keys.map((key) => ({ action: 'revoke', thing: 'node', id: node, data: { key: key.fingerprint, reason } })),
    );
    return keys.length;
  });
}

const toView = (row: NodeKeyRow): NodeKeyView => ({
  fingerprint: row.fingerprint,
  publicKey: row.public_key,
  registeredAt: row.registered_at,
  rotatedAt: row.rotated_at,
  revokedAt: row.revoked_at,
  reason: row.reason,
});

/** The latest first. @throws API_NOT_FOUND where the node never had a key */
export async function listNodeKeys(store: Store, node: string): Promise<NodeKeyView[]> {
  const keys = await keysOfNodes(store.db, [node]);
  if (keys.length === 0) throw new AppError('API_NOT_FOUND', `keys of node ${node}`);
  return keys.map(toView);
}
