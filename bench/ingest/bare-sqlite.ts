/** The rows that a hub wrote, written once more with nothing around them: what the disk and SQLite bear. */
import { join } from 'node:path';
import { openSqlite } from '../../platform/sqlite.ts';

const TABLES = ['messages', 'events', 'evidence', 'event_evidence', 'cases', 'case_history'] as const;

/** Events a second: prepared statements, 100 events a transaction, synchronous = FULL. */
export function throughBareSqlite(folder: string, database: string, events: number): number {
  const source = openSqlite(database);
  const target = openSqlite(join(folder, 'bare.db'), { synchronous: 'FULL' });
  const groups = TABLES.map((name) => {
    const schema = source.prepare("select sql from sqlite_master where type = 'table' and name = ?").get(name);
    target.exec((schema as { sql: string }).sql);
    const indexes = source.prepare(
      "select sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null",
    );
    for (const { sql } of indexes.all(name) as { sql: string }[]) target.exec(sql);
    const rows = source.prepare(`select * from ${name}`).raw().all() as unknown[][];
    const width = rows[0]?.length ?? 0;
    const insert = target.prepare(`insert into ${name} values (${Array(width).fill('?').join(',')})`);
    return { rows, insert };
  });
  const transactions = events / 100;
  const began = performance.now();
  for (let i = 0; i < transactions; i += 1) {
    target.transaction(() => {
      for (const { rows, insert } of groups) {
        const share = rows.length / transactions;
        for (const row of rows.slice(Math.floor(i * share), Math.floor((i + 1) * share))) insert.run(row);
      }
    })();
  }
  const rate = (events * 1000) / (performance.now() - began);
  source.close();
  target.close();
  return rate;
}
