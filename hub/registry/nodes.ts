/** Nodes as the hub knows them. */
import type { ChainFork, NodeBody, NodeView } from '../../contracts/api/registry.ts';
import { type NodeStatus, watchingNothing } from '../../contracts/status.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Clock, systemClock, timestamp } from '../../platform/clock.ts';
import { type Author, appendAudit, systemAuthor } from '../audit.ts';
import { forksOfNodes } from '../storage/forks.ts';
import {
  allGaps,
  markNodeRemoved,
  type NodeRow,
  nodeById,
  raiseNodeAccessVersion,
  registeredNodes,
  writeNode,
} from '../storage/nodes.ts';
import { countQuarantine } from '../storage/quarantine.ts';
import type { Store } from '../storage/store.ts';
import { changedFields } from './changed-fields.ts';
import { nodePublicKey, takeNodeKey } from './node-keys.ts';
import { hashPassword } from './password.ts';

const parsed = <T>(json: string | null): T | null => (json === null ? null : (JSON.parse(json) as T));

const SHOWN_FORKS = 20;

/** A node that is away watches nothing, whatever its last word said of its cameras. */
const asSeen = (status: NodeStatus | null) => (status?.state === 'offline' ? watchingNothing(status) : status);

/** What the audit log may know of a node. */
const asLogged = (row: Pick<NodeRow, 'name' | 'public_key'> & { readonly disabled?: number }) => ({
  name: parsed<Bilingual>(row.name),
  publicKey: row.public_key,
  disabled: row.disabled === 1,
});

/**
 * A password left out keeps the one that is there, and so does `disabled`; a node without a password cannot connect.
 * Another key than before rotates. One that was removed comes back with its numbers, and needs a new password.
 * @throws API_NODE_KEY
 */
export async function upsertNode(
  store: Store,
  body: NodeBody,
  clock: Clock = systemClock,
  by: Author = systemAuthor(clock.now()),
): Promise<void> {
  const key = nodePublicKey(body.publicKey);
  const fields = {
    name: body.name ? JSON.stringify(body.name) : null,
    public_key: key.pem,
    removed_at: null,
    ...(body.disabled === undefined ? {} : { disabled: body.disabled ? 1 : 0 }),
    ...(body.password === undefined ? {} : { password_hash: await hashPassword(body.password) }),
  };
  await store.exclusive(async (trx) => {
    const before = await nodeById(trx, body.id);
    await takeNodeKey(trx, body.id, key, clock.now());
    await writeNode(trx, body.id, fields);
    await raiseNodeAccessVersion(trx);
    const known = before && before.removed_at === null ? before : null;
    const changes = changedFields(known && asLogged(known), {
      ...asLogged({ disabled: 0, ...known, ...fields }),
      // A new password changes, whatever it was.
      ...(body.password === undefined ? {} : { password: 'new' }),
    });
    if (known && changes.length === 0) return;
    await appendAudit(trx, by, [
      { action: known ? 'change' : 'create', thing: 'node', id: body.id, data: { changes } },
    ]);
  });
}

/** Unregisters a node. Its events, cases, key and number stay; its password goes. @throws API_NOT_FOUND */
export async function removeNode(store: Store, id: string, now: number, by: Author = systemAuthor(now)): Promise<void> {
  await store.transaction(async (trx) => {
    if (!(await markNodeRemoved(trx, id, timestamp(now)))) throw new AppError('API_NOT_FOUND', `node ${id}`);
    await raiseNodeAccessVersion(trx);
    await appendAudit(trx, by, [{ action: 'delete', thing: 'node', id }]);
  });
}

/** Every registered node with its last status, what is missing of it and what was refused. */
export async function listNodes(store: Store): Promise<NodeView[]> {
  const [nodes, gaps, refusals, forks] = await Promise.all([
    registeredNodes(store.db),
    allGaps(store.db),
    countQuarantine(store.db),
    forksOfNodes(store.db, SHOWN_FORKS),
  ]);
  const refusalsOf = (id: string) => refusals.filter(({ node }) => node === id);
  const forksOf = (id: string) => forks.find(({ node }) => node === id);
  return nodes.map((node) => ({
    id: node.id,
    name: parsed<Bilingual>(node.name),
    publicKey: node.public_key,
    disabled: node.disabled === 1,
    status: asSeen(parsed<NodeStatus>(node.status)),
    lastSeq: node.last_seq,
    missing: gaps.filter((gap) => gap.node === node.id).map((gap) => [gap.from_seq, gap.to_seq] as [number, number]),
    quarantined: refusalsOf(node.id).reduce((sum, { messages }) => sum + messages, 0),
    refusals: refusalsOf(node.id).map(({ code, messages, times, last_at }) => ({
      code,
      messages,
      times,
      lastAt: last_at,
    })),
    forks: forksOf(node.id)?.forks ?? 0,
    latestForks: (forksOf(node.id)?.latest ?? []).map((fork) => ({ ...fork, kind: fork.kind as ChainFork['kind'] })),
    lastEventAt: node.last_event_at,
  }));
}
