/** Queries on `quarantine`: what came in and could not be accepted, with one reason each, each node in its own share. */
import type { Insertable } from 'kysely';
import { sha256Hex } from '../../platform/canonical.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { QuarantineTable } from './tables/events.ts';

export type RefusalRow = Omit<Insertable<QuarantineTable>, 'id' | 'pool' | 'settled_at'>;

/** Share of one node, and of all unregistered senders together: no node's junk takes another's. */
export const QUARANTINE_ROWS = 2_000;
const QUARANTINE_BYTES = 32 * 1024 * 1024;
/** A full share is cut down to this part, so that not every message cuts again. */
const CUT_TO = 0.9;

/** SHA-256 of no payload: what was refused before it was a message, or without keeping it. */
const OF_NOTHING = sha256Hex('');

const insert: BulkInsert<'quarantine'> = {
  table: 'quarantine',
  columns: [
    'node',
    'code',
    'reason',
    'payload',
    'bytes',
    'received_at',
    'hash',
    'event_id',
    'pool',
    'grade',
    'kept',
    'times',
    'last_at',
  ],
  onConflict: { key: ['node', 'code', 'hash'], update: ['reason', 'last_at'], add: ['times'] },
};

/** The same refusals as one row each: a statement may write a row once only. */
function together(rows: readonly RefusalRow[]): RefusalRow[] {
  const byKey = new Map<string, RefusalRow>();
  for (const row of rows) {
    const key = `${row.node}\n${row.code}\n${row.hash}`;
    const known = byKey.get(key);
    byKey.set(key, known ? { ...known, times: known.times + row.times, last_at: row.last_at } : row);
  }
  return [...byKey.values()];
}

/** Keeps what was refused, or counts it once more where it is there; then cuts each share that is full. */
export async function addQuarantine(db: Db, dialect: Store['dialect'], rows: readonly RefusalRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = [...new Set(rows.map((row) => row.node))];
  const known = await db
    .selectFrom('nodes')
    .select('id')
    .where(oneOf(db, 'id', names))
    .execute();
  const registered = new Set(known.map((row) => row.id));
  const owned = together(rows).map((row) => ({ ...row, pool: registered.has(row.node) ? row.node : '' }));
  await insertRows(db, dialect, insert, owned);
  for (const pool of new Set(owned.map((row) => row.pool))) await cutPool(db, pool);
}

/** Brings one share back within its bounds: what is settled goes first, then junk, then what is oldest. */
async function cutPool(db: Db, pool: string): Promise<void> {
  const used = await db
    .selectFrom('quarantine')
    .select((eb) => [eb.fn.countAll<number>().as('messages'), eb.fn.sum<number>('kept').as('bytes')])
    .where('pool', '=', pool)
    .executeTakeFirst();
  const messages = Number(used?.messages ?? 0);
  if (messages <= QUARANTINE_ROWS && Number(used?.bytes ?? 0) <= QUARANTINE_BYTES) return;
  const best = await db
    .selectFrom('quarantine')
    .select(['id', 'kept'])
    .where('pool', '=', pool)
    .orderBy((eb) => eb.case().when('settled_at', 'is', null).then(0).else(1).end())
    .orderBy('grade')
    .orderBy('id', 'desc')
    .execute();
  let bytes = 0;
  const keep = best.findIndex(({ kept }, i) => {
    bytes += kept;
    return i >= QUARANTINE_ROWS * CUT_TO || bytes > QUARANTINE_BYTES * CUT_TO;
  });
  const going = keep < 0 ? [] : best.slice(keep).map((row) => row.id);
  await db
    .deleteFrom('quarantine')
    .where(oneOf(db, 'id', going))
    .execute();
}

/** Every share, for those that another process filled. */
export async function cutQuarantine(db: Db): Promise<void> {
  const pools = await db.selectFrom('quarantine').select('pool').distinct().execute();
  for (const { pool } of pools) await cutPool(db, pool);
}

export type StoredAfterAll = { readonly node: string; readonly hash: string; readonly eventId: string };

/**
 * Refusals whose cause is fixed: the very message was stored, or, after a clash of numbers, its event under others.
 * The latter only for what the node itself signed: a forged message stays to be seen.
 */
export async function settleQuarantine(db: Db, stored: readonly StoredAfterAll[], at: string): Promise<void> {
  const hashes = stored.map(({ hash }) => hash);
  const events = stored.map(({ eventId }) => eventId);
  const nodes = [...new Set(stored.map(({ node }) => node))];
  // Three look-ups by index in one statement: it runs with every batch, and nearly always finds nothing.
  const found = db
    .selectFrom('quarantine')
    .select('id')
    .where(oneOf(db, 'hash', hashes))
    .unionAll(
      db
        .selectFrom('quarantine')
        .select('id')
        .where(oneOf(db, 'event_id', events))
        .where('code', '=', 'ING_CONFLICT'),
    )
    .unionAll(
      // A report of a node that nobody had registered yet: the next one is taken.
      db
        .selectFrom('quarantine')
        .select('id')
        .where(oneOf(db, 'node', nodes))
        .where('code', '=', 'ING_UNKNOWN_NODE')
        .where('hash', '=', OF_NOTHING),
    );
  await db
    .updateTable('quarantine')
    .set({ settled_at: at })
    .where('id', 'in', found)
    .where('settled_at', 'is', null)
    .execute();
}

/** Newest first. */
export function listQuarantine(db: Db, limit: number) {
  return db
    .selectFrom('quarantine')
    .select(['id', 'node', 'code', 'reason', 'bytes', 'received_at'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Registered nodes that may still hold what was refused: it read as an event, and was not stored since. */
export async function nodesWithRefusals(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('quarantine')
    .select('pool')
    .distinct()
    .where('pool', '<>', '')
    .where('grade', '<', 2)
    .where('settled_at', 'is', null)
    .execute();
  return rows.map((row) => row.pool);
}

/** What is not settled, by node and code. */
export async function countQuarantine(db: Db) {
  const rows = await db
    .selectFrom('quarantine')
    .select((eb) => [
      'node',
      'code',
      eb.fn.countAll<number>().as('messages'),
      eb.fn.sum<number>('times').as('times'),
      eb.fn.max('last_at').as('last_at'),
    ])
    .where('settled_at', 'is', null)
    .groupBy(['node', 'code'])
    .orderBy('node')
    .orderBy('code')
    .execute();
  return rows.map((row) => ({ ...row, messages: Number(row.messages), times: Number(row.times) }));
}
