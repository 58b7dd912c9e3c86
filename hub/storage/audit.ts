/** Queries on `audit` and `audit_head`: entries are added and never changed. */
import { type Expression, type Selectable, type SqlBool, SqliteAdapter, sql } from 'kysely';
import type { AuditQuery } from '../../contracts/api/audit.ts';
import type { Db, Trx } from './store.ts';
import type { AuditHeadTable, AuditTable } from './tables/audit.ts';

export type AuditRow = Selectable<AuditTable>;
export type AuditHead = Pick<Selectable<AuditHeadTable>, 'n' | 'hash'>;

/** Rows of one statement: parameters are counted. */
const AT_ONCE = 200;

/** The end of the log; on PostgreSQL it stays ours until the transaction ends, so that two entries never get one number. */
export function lockAuditHead(trx: Trx): Promise<AuditHead> {
  const query = trx.selectFrom('audit_head').select(['n', 'hash']).where('id', '=', 1);
  const alone = trx.getExecutor().adapter instanceof SqliteAdapter ? query : query.forUpdate();
  return alone.executeTakeFirstOrThrow();
}

/** The end of the log as it is now. */
export function auditHead(db: Db): Promise<AuditHead> {
  return db.selectFrom('audit_head').select(['n', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow();
}

/** Adds entries, which go on from the head that `lockAuditHead` gave, and moves it to the last of them. */
export async function addAudit(trx: Trx, rows: readonly AuditRow[]): Promise<void> {
  for (let done = 0; done < rows.length; done += AT_ONCE) {
    await trx
      .insertInto('audit')
      .values(rows.slice(done, done + AT_ONCE))
      .execute();
  }
  const last = rows.at(-1);
  if (last) await trx.updateTable('audit_head').set({ n: last.n, hash: last.hash }).where('id', '=', 1).execute();
}

/** Lines about a case: of itself, of its files, of its notices. */
function aboutCase(caseId: string): Expression<SqlBool> {
  return sql<SqlBool>`(thing = 'case' and thing_id = ${caseId}
    or thing = 'evidence' and thing_id in (
      select sha256 from event_evidence where event_id in (select id from events where case_id = ${caseId})
      union select sha256 from case_photos where case_id = ${caseId})
    or thing = 'notice' and thing_id in (select id from notices where case_id = ${caseId}))`;
}

/** Entries that fit the query, the latest first. @param limit rows at most @param caseId only those about this case */
export function auditPage(db: Db, query: AuditQuery, limit: number, caseId?: string): Promise<AuditRow[]> {
  let rows = db.selectFrom('audit').selectAll();
  if (query.actor !== undefined) rows = rows.where('actor', '=', query.actor);
  if (query.action !== undefined) rows = rows.where('action', '=', query.action);
  if (query.thing !== undefined) rows = rows.where('thing', '=', query.thing);
  if (query.id !== undefined) rows = rows.where('thing_id', '=', query.id);
  if (query.from !== undefined) rows = rows.where('at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('at', '<', query.to);
  if (caseId !== undefined) rows = rows.where(aboutCase(caseId));
  if (query.before !== undefined) rows = rows.where('n', '<', query.before);
  return rows.orderBy('n', 'desc').limit(limit).execute();
}

/** Entries behind number `n`, in their order. */
export function auditAfter(db: Db, n: number, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('n', '>', n).orderBy('n').limit(limit).execute();
}
