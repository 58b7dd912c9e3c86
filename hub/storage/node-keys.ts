/** Queries on `node_keys` and `trust_root`: keys of nodes with their whole life, and the root that certifies them. */
import type { Selectable } from 'kysely';
import { oneOf } from './one-of.ts';
import type { Db } from './store.ts';
import type { NodeKeysTable } from './tables/nodes.ts';

export type NodeKeyRow = Selectable<NodeKeysTable>;

/** Every key of these nodes, the latest first; also of nodes that are registered no more. */
export function keysOfNodes(db: Db, nodes: readonly string[]): Promise<NodeKeyRow[]> {
  return db
    .selectFrom('node_keys')
    .selectAll()
    .where(oneOf(db, 'node', nodes))
    .orderBy('node')
    .orderBy('n', 'desc')
    .execute();
}

/** As `keysOfNodes`, of those alone that are registered now. */
export async function keysOfRegistered(db: Db, nodes: readonly string[]): Promise<NodeKeyRow[]> {
  if (nodes.length === 0) return [];
  return db
    .selectFrom('node_keys')
    .innerJoin('nodes', 'nodes.id', 'node_keys.node')
    .selectAll('node_keys')
    .where(oneOf(db, 'node_keys.node', nodes))
    .orderBy('node_keys.node')
    .orderBy('node_keys.n', 'desc')
    .execute();
}

/** This key as a row that was revoked, of whatever node; undefined where it never was. */
export function revokedKey(db: Db, fingerprint: string): Promise<NodeKeyRow | undefined> {
  return db
    .selectFrom('node_keys')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .where('revoked_at', 'is not', null)
    .limit(1)
    .executeTakeFirst();
}

/** @param row its `n` is one more than that of the key before */
export async function addNodeKey(db: Db, row: NodeKeyRow): Promise<void> {
  await db.insertInto('node_keys').values(row).execute();
}

/** Ends the life of a key: the next one took its place, or it was revoked. */
export async function endNodeKey(
  db: Db,
  key: Pick<NodeKeyRow, 'node' | 'n'>,
  end: { readonly rotated_at: string } | { readonly revoked_at: string; readonly reason: string },
): Promise<void> {
  await db.updateTable('node_keys').set(end).where('node', '=', key.node).where('n', '=', key.n).execute();
}

const ONLY_ROOT = 1;

/** Public key of the root, PEM; null before the first start of a hub. */
export async function trustRoot(db: Db): Promise<string | null> {
  const row = await db.selectFrom('trust_root').select('public_key').where('id', '=', ONLY_ROOT).executeTakeFirst();
  return row?.public_key ?? null;
}

/** Keeps the root where there is none yet: of two hubs that start together, one is first. */
export async function claimTrustRoot(db: Db, publicKey: string, at: string): Promise<void> {
  await db
    .insertInto('trust_root')
    .values({ id: ONLY_ROOT, public_key: publicKey, made_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Another root for this database, for a hub that lost its own. @param publicKey PEM @param at RFC 3339 */
export async function replaceTrustRoot(db: Db, publicKey: string, at: string): Promise<void> {
  const fields = { public_key: publicKey, made_at: at };
  await db
    .insertInto('trust_root')
    .values({ id: ONLY_ROOT, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
}
