/** Queries on `messages`: every accepted message once, by node and sequence number. */
import type { Selectable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { MessagesTable } from './tables/events.ts';

export type MessageRow = Selectable<MessagesTable>;
export type MessageKey = Pick<MessageRow, 'node' | 'seq' | 'hash' | 'prev' | 'event_id' | 'rev'>;

const insert: BulkInsert<'messages'> = {
  table: 'messages',
  columns: ['node', 'seq', 'event_id', 'rev', 'hash', 'prev', 'received_at', 'body'],
};

/** A message whose (node, seq) is there already fails: the caller has sorted those out. */
export function addMessages(db: Db, dialect: Store['dialect'], rows: readonly MessageRow[]): Promise<void> {
  return insertRows(db, dialect, insert, rows);
}

/** Messages of a node under these numbers, without their bodies. */
export async function messagesBySeq(db: Db, node: string, seqs: readonly number[]): Promise<MessageKey[]> {
  return db
    .selectFrom('messages')
    .select(['node', 'seq', 'hash', 'prev', 'event_id', 'rev'])
    .where('node', '=', node)
    .where(oneOf(db, 'seq', seqs))
    .execute();
}

/** Messages of every revision of these events, without their bodies. */
export async function messagesOfEvents(db: Db, events: readonly string[]): Promise<MessageKey[]> {
  return db
    .selectFrom('messages')
    .select(['node', 'seq', 'hash', 'prev', 'event_id', 'rev'])
    .where(oneOf(db, 'event_id', events))
    .execute();
}

/** The message as its node signed it, JSON; null where the hub has none. */
export async function messageBody(db: Db, node: string, seq: number): Promise<string | null> {
  const row = await db
    .selectFrom('messages')
    .select('body')
    .where('node', '=', node)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.body ?? null;
}

/** Number and hash of the last message of a node, or null before its first. */
export async function headOf(db: Db, node: string): Promise<{ seq: number; hash: string } | null> {
  const row = await db
    .selectFrom('messages')
    .select(['seq', 'hash'])
    .where('node', '=', node)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Messages of a case's events, in the order in which their node sent them: what an export must carry. */
export function messagesOfCase(db: Db, caseId: string): Promise<MessageRow[]> {
  return db
    .selectFrom('messages')
    .innerJoin('events', 'events.id', 'messages.event_id')
    .selectAll('messages')
    .where('events.case_id', '=', caseId)
    .orderBy('messages.node')
    .orderBy('messages.seq')
    .execute();
}

/** More than this between two messages of one case is not carried in an export. */
const MAX_LINKS = 20_000;

/** Hashes of a node's messages in [from, to]: enough to walk its chain. */
export function linksBetween(
  db: Db,
  node: string,
  from: number,
  to: number,
): Promise<{ node: string; seq: number; prev: string; hash: string }[]> {
  return db
    .selectFrom('messages')
    .select(['node', 'seq', 'prev', 'hash'])
    .where('node', '=', node)
    .where('seq', '>=', from)
    .where('seq', '<=', to)
    .orderBy('seq')
    .limit(MAX_LINKS)
    .execute();
}

/** Messages accepted, each once. */
export async function countMessages({ db }: Store): Promise<number> {
  const row = await db
    .selectFrom('messages')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
