/** Queries on `nodes` and `seq_gaps`. */
import type { Selectable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import { takeNumbers } from './counters.ts';
import type { Db, Store } from './store.ts';
import type { NodesTable, SeqGapsTable } from './tables/nodes.ts';

export type GapRow = Selectable<SeqGapsTable>;

export type NodeRow = Selectable<NodesTable>;

/** Registers a node, or changes these fields of one that is. */
export async function writeNode(
  db: Db,
  id: string,
  fields: Pick<NodeRow, 'name' | 'public_key' | 'removed_at'> & Partial<NodeRow>,
): Promise<void> {
  await db
    .insertInto('nodes')
    .values({ id, last_seq: 0, ...fields })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(fields))
    .execute();
}

/** The node is registered no more; its row stays, without a password. @returns false when it was not registered */
export async function markNodeRemoved(db: Db, id: string, at: string): Promise<boolean> {
  const result = await db
    .updateTable('nodes')
    .set({ removed_at: at, password_hash: null, disabled: 0 })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Every node that was not removed, by id. */
export function registeredNodes(db: Db): Promise<NodeRow[]> {
  return db.selectFrom('nodes').selectAll().where('removed_at', 'is', null).orderBy('id').execute();
}

/** One node, removed or not. */
export function nodeById(db: Db, id: string): Promise<NodeRow | undefined> {
  return db.selectFrom('nodes').selectAll().where('id', '=', id).executeTakeFirst();
}

export type NodeAccessRow = Selectable<
  Pick<NodesTable, 'id' | 'public_key' | 'password_hash' | 'disabled' | 'removed_at'>
>;

/** All nodes, the removed ones too, or the one of that name. */
export function nodeAccess(db: Db, id?: string): Promise<NodeAccessRow[]> {
  const query = db.selectFrom('nodes').select(['id', 'public_key', 'password_hash', 'disabled', 'removed_at']);
  return (id === undefined ? query : query.where('id', '=', id)).execute();
}

const ACCESS_VERSION = 'node-access';

/** Rises with each change of a node's credentials or state, so that every hub on this database notices. */
export async function nodeAccessVersion(db: Db): Promise<number> {
  const row = await db.selectFrom('counters').select('value').where('name', '=', ACCESS_VERSION).executeTakeFirst();
  return row?.value ?? 0;
}

/** To be called with each such change, in its transaction. */
export async function raiseNodeAccessVersion(db: Db): Promise<void> {
  await takeNumbers(db, ACCESS_VERSION, 1);
}

/** The node's highest `seq` so far; 0 before the first. */
export async function lastSeq(db: Db, id: string): Promise<number> {
  const row = await db.selectFrom('nodes').select('last_seq').where('id', '=', id).executeTakeFirst();
  return row?.last_seq ?? 0;
}

/** @param at when it was received, RFC 3339 */
export async function advanceNode(db: Db, id: string, seq: number, at: string): Promise<void> {
  await db.updateTable('nodes').set({ last_seq: seq, last_event_at: at }).where('id', '=', id).execute();
}

/** The stored status, JSON; null before the first, undefined when no such node is registered. */
export async function nodeStatus(db: Db, id: string): Promise<string | null | undefined> {
  const row = await db.selectFrom('nodes').select('status').where('id', '=', id).executeTakeFirst();
  return row?.status;
}

/** When the newest event of any node was stored, ms; null before the first. */
export async function latestEventAt({ db }: Store): Promise<number | null> {
  const row = await db
    .selectFrom('nodes')
    .select((eb) => eb.fn.max('last_event_at').as('at'))
    .executeTakeFirst();
  return row?.at ? Date.parse(row.at) : null;
}

/** @returns false when no such node is registered */
export async function writeNodeReport(
  db: Db,
  id: string,
  report: { readonly status: string } | { readonly health: string },
): Promise<boolean> {
  const result = await db.updateTable('nodes').set(report).where('id', '=', id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Every gap of every node, by number. */
export function allGaps(db: Db): Promise<GapRow[]> {
  return db.selectFrom('seq_gaps').selectAll().orderBy('from_seq').execute();
}

/** Gaps of a node that touch [from, to]. */
export function gapsWithin(db: Db, node: string, from: number, to: number): Promise<GapRow[]> {
  return db
    .selectFrom('seq_gaps')
    .selectAll()
    .where('node', '=', node)
    .where('from_seq', '<=', to)
    .where('to_seq', '>=', from)
    .execute();
}

const gaps: BulkInsert<'seq_gaps'> = { table: 'seq_gaps', columns: ['node', 'from_seq', 'to_seq'] };

/** Writes what is left of these gaps of one node. */
export async function replaceGaps(
  db: Db,
  dialect: Store['dialect'],
  before: readonly GapRow[],
  after: readonly GapRow[],
): Promise<void> {
  for (const gap of before) {
    await db.deleteFrom('seq_gaps').where('node', '=', gap.node).where('from_seq', '=', gap.from_seq).execute();
  }
  await insertRows(db, dialect, gaps, after);
}
