/** Queries of the examination: what the database says of itself, pages of what is chained, rows that belong to nothing. */
import { sql } from 'kysely';
import type { HistoryRow } from './case-history.ts';
import type { MessageRow } from './messages.ts';
import type { SignedReportRow } from './monthly-reports.ts';
import { oneOf } from './one-of.ts';
import type { Database } from './schema.ts';
import type { Db } from './store.ts';

const MAX_FAULTS = 20;

/** SQLite's own check of every page and index; empty when all is well. */
async function sqliteFaults(db: Db): Promise<string[]> {
  const whole = await sql<{
    integrity_check: string;
  }>`select * from pragma_integrity_check`.execute(db);
  const keys = await sql<{ table: string; rowid: number }>`select * from pragma_foreign_key_check`.execute(db);
  return [
    ...whole.rows
      .slice(0, MAX_FAULTS)
      .map((row) => row.integrity_check)
      .filter((line) => line !== 'ok'),
    ...keys.rows.slice(0, MAX_FAULTS).map(({ table, rowid }) => `row ${rowid} of ${table} refers to nothing`),
  ];
}

/** What PostgreSQL has noticed, and its indexes read against their tables where its extension for that is there. */
async function postgresFaults(db: Db): Promise<string[]> {
  const invalid = await sql<{ name: string }>`select i.indexrelid::regclass::text as name from pg_index i
    join pg_class c on c.oid = i.indexrelid where c.relnamespace = current_schema()::regnamespace
    and not (i.indisvalid and i.indisready)`.execute(db);
  const sums = await sql<{ n: number }>`select coalesce(checksum_failures, 0) as n from pg_stat_database
    where datname = current_database()`.execute(db);
  const failures = Number(sums.rows[0]?.n ?? 0);
  return [
    ...invalid.rows.map(({ name }) => `index ${name} is not valid: \`reindex index ${name}\``),
    ...(failures > 0 ? [`${failures} pages did not have their checksum when they were read`] : []),
    ...(await amcheckFaults(db)),
  ];
}

async function amcheckFaults(db: Db): Promise<string[]> {
  const there = await sql`select 1 from pg_extension where extname = 'amcheck'`.execute(db);
  if (there.rows.length === 0) return [];
  const indexes = await sql<{ name: string }>`select c.oid::regclass::text as name from pg_class c
    join pg_am a on a.oid = c.relam and a.amname = 'btree'
    where c.relkind = 'i' and c.relnamespace = current_schema()::regnamespace`.execute(db);
  const faults: string[] = [];
  for (const { name } of indexes.rows) {
    // In a savepoint: what fails must not end the transaction that the examination reads in.
    await sql`savepoint amcheck`.execute(db);
    try {
      await sql`select bt_index_check(${name}::regclass, true)`.execute(db);
      await sql`release savepoint amcheck`.execute(db);
    } catch (error) {
      await sql`rollback to savepoint amcheck`.execute(db);
      faults.push(`index ${name}: ${(error as Error).message}`);
    }
  }
  return faults;
}

/** What the database finds wrong with itself, one line each. */
export function databaseFaults(db: Db, dialect: 'sqlite' | 'postgres'): Promise<string[]> {
  return dialect === 'sqlite' ? sqliteFaults(db) : postgresFaults(db);
}

/** Whole messages of a node, in their order, behind number `after`. */
export function messagesAfter(db: Db, node: string, after: number, limit: number): Promise<MessageRow[]> {
  return db
    .selectFrom('messages')
    .selectAll()
    .where('node', '=', node)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** Every node that is or was registered, with its highest number. */
export function nodesWithNumbers(db: Db): Promise<{ id: string; last_seq: number }[]> {
  return db.selectFrom('nodes').select(['id', 'last_seq']).orderBy('id').execute();
}

/** Numbers at which a node's chain is known to go on otherwise. */
export async function forkedNumbers(db: Db, node: string): Promise<Set<number>> {
  const rows = await db.selectFrom('forks').select('seq').where('node', '=', node).execute();
  return new Set(rows.map(({ seq }) => seq));
}

/** How many numbers of a node are counted as missing. */
export async function missingNumbers(db: Db, node: string): Promise<number> {
  const rows = await db.selectFrom('seq_gaps').select(['from_seq', 'to_seq']).where('node', '=', node).execute();
  return rows.reduce((sum, { from_seq, to_seq }) => sum + to_seq - from_seq + 1, 0);
}

export type TrailEnd = { id: string; number: string; history_length: number; history_head: string };

/** Cases with the ends of their trails, by id, behind `after`. */
export function trailEndsAfter(db: Db, after: string, limit: number): Promise<TrailEnd[]> {
  return db
    .selectFrom('cases')
    .select(['id', 'number', 'history_length', 'history_head'])
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** The trails of these cases, each in its order. */
export function trailsOf(db: Db, cases: readonly string[]): Promise<HistoryRow[]> {
  return db
    .selectFrom('case_history')
    .selectAll()
    .where(oneOf(db, 'case_id', cases))
    .orderBy('case_id')
    .orderBy('n')
    .execute();
}

/** Signed bulletins in the order of signing, behind number `after`. */
export function signedReportsAfter(db: Db, after: number, limit: number): Promise<SignedReportRow[]> {
  return db.selectFrom('monthly_reports').selectAll().where('n', '>', after).orderBy('n').limit(limit).execute();
}

/** Numbers of notices. */
export function noticeNumbers(db: Db): Promise<{ number: string }[]> {
  return db.selectFrom('notices').select('number').execute();
}

/** Every series of numbers with the last that was given out. */
export function counterValues(db: Db): Promise<{ name: string; value: number }[]> {
  return db.selectFrom('counters').selectAll().execute();
}

type Table = keyof Database & string;
type Link = readonly [table: Table, column: string, of: Table, key: string, or?: Table];

/** What refers to what, where it must be there. */
const links: readonly Link[] = [
  ['messages', 'event_id', 'events', 'id'],
  ['messages', 'node', 'nodes', 'id'],
  ['events', 'case_id', 'cases', 'id'],
  ['event_evidence', 'event_id', 'events', 'id'],
  ['event_evidence', 'sha256', 'evidence', 'sha256'],
  ['case_history', 'case_id', 'cases', 'id'],
  ['cases', 'merged_into', 'cases', 'id'],
  ['case_photos', 'case_id', 'cases', 'id'],
  ['case_photos', 'sha256', 'evidence', 'sha256'],
  ['notices', 'case_id', 'cases', 'id'],
  ['notice_replies', 'notice_id', 'notices', 'id'],
  ['notice_deliveries', 'notice_id', 'notices', 'id', 'merged_notices'],
  ['notices', 'merged_id', 'merged_notices', 'id'],
  ['citizen_reports', 'case_id', 'cases', 'id'],
  ['case_links', 'a', 'cases', 'id'],
  ['case_links', 'b', 'cases', 'id'],
  ['webhook_deliveries', 'case_id', 'cases', 'id'],
  ['correction_orders', 'notice_id', 'notices', 'id'],
  ['node_keys', 'node', 'nodes', 'id'],
  ['seq_gaps', 'node', 'nodes', 'id'],
];

export type Orphans = {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly example: string;
};

/** Rows that refer to what is not there, by table and column. */
export async function orphanRows(db: Db): Promise<Orphans[]> {
  const found: Orphans[] = [];
  for (const [table, column, of, key, or = of] of links) {
    const value = sql.ref(`t.${column}`);
    const there = (target: Table) =>
      sql`exists (select 1 from ${sql.table(target)} as o where ${sql.ref(`o.${key}`)} = ${value})`;
    const { rows } = await sql<{ rows: number; example: string }>`
      select count(*) as rows, min(${value}) as example from ${sql.table(table)} as t where ${value} is not null
      and not (${there(of)} or ${there(or)})`.execute(db);
    const [row] = rows;
    if (row && Number(row.rows) > 0) found.push({ table, column, rows: Number(row.rows), example: row.example });
  }
  return found;
}
