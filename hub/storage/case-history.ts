/** Queries on `case_history`: rows are added and never changed. */
import type { Selectable } from 'kysely';
import { type BulkInsert, insertRows } from './bulk.ts';
import type { CaseHistoryTable } from './schema.ts';
import type { Db, Store } from './store.ts';

export type HistoryRow = Selectable<CaseHistoryTable>;

const insert: BulkInsert<'case_history'> = {
  table: 'case_history',
  columns: ['case_id', 'n', 'at', 'actor', 'action', 'from_state', 'to_state', 'note', 'data', 'prev_hash', 'hash'],
};

export function addHistory(db: Db, dialect: Store['dialect'], rows: readonly HistoryRow[]): Promise<void> {
  return insertRows(db, dialect, insert, rows);
}

export function historyOf(db: Db, caseId: string): Promise<HistoryRow[]> {
  return db.selectFrom('case_history').selectAll().where('case_id', '=', caseId).orderBy('n').execute();
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
