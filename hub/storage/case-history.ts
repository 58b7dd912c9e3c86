/** Queries on `case_history`: rows are added and never changed. */
import type { Selectable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import type { Db, Store } from './store.ts';
import type { CaseHistoryTable } from './tables/cases.ts';
import { queueWebhooks } from './webhook-deliveries.ts';

export type HistoryRow = Selectable<CaseHistoryTable>;

const insert: BulkInsert<'case_history'> = {
  table: 'case_history',
  columns: ['case_id', 'n', 'at', 'actor', 'action', 'from_state', 'to_state', 'note', 'data', 'prev_hash', 'hash'],
};

/**
 * Adds entries of any number of cases, and queues them for whoever is told of cases; the cases' own rows are written
 * with their new ends elsewhere.
 */
export async function addHistory(db: Db, dialect: Store['dialect'], rows: readonly HistoryRow[]): Promise<void> {
  await insertRows(db, dialect, insert, rows);
  await queueWebhooks(db, rows);
}

/** Adds an entry and moves the end of the case's trail to it; nothing else of the case changes, its version neither. */
export async function appendHistory(db: Db, entry: HistoryRow): Promise<void> {
  await db.insertInto('case_history').values(entry).execute();
  await db
    .updateTable('cases')
    .set({ history_length: entry.n, history_head: entry.hash })
    .where('id', '=', entry.case_id)
    .execute();
}

/** The whole trail of a case, oldest first. */
export function historyOf(db: Db, caseId: string): Promise<HistoryRow[]> {
  return db.selectFrom('case_history').selectAll().where('case_id', '=', caseId).orderBy('n').execute();
}

/** The last entry that moved the case from one state to another. */
export function lastMoveOf(db: Db, caseId: string): Promise<HistoryRow | undefined> {
  return db
    .selectFrom('case_history')
    .selectAll()
    .where('case_id', '=', caseId)
    .whereRef('from_state', '!=', 'to_state')
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** When the case last came into a state. */
export async function enteredAt(db: Db, caseId: string, state: string): Promise<string | null> {
  const row = await db
    .selectFrom('case_history')
    .select('at')
    .where('case_id', '=', caseId)
    .where('to_state', '=', state)
    // Taking a decision back begins nothing anew.
    .where('action', '!=', 'undo')
    .where((eb) => eb.or([eb('from_state', 'is', null), eb('from_state', '!=', state)]))
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.at ?? null;
}

/** The last time one of these actions was taken. */
export function lastAction(db: Db, caseId: string, actions: readonly string[]): Promise<HistoryRow | undefined> {
  return db
    .selectFrom('case_history')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('action', 'in', actions)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Everybody who ever took one of these actions. */
export async function actorsOf(db: Db, caseId: string, actions: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('case_history')
    .select('actor')
    .distinct()
    .where('case_id', '=', caseId)
    .where('action', 'in', actions)
    .execute();
  return rows.map(({ actor }) => actor);
}

/** One entry of a trail, or undefined. */
export function historyEntry(db: Db, caseId: string, n: number): Promise<HistoryRow | undefined> {
  return db.selectFrom('case_history').selectAll().where('case_id', '=', caseId).where('n', '=', n).executeTakeFirst();
}
