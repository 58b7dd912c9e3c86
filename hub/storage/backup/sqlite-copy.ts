/** A SQLite database copied page by page while its hub writes on. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Advance, DatabasePart } from './part.ts';

const FILE = 'database.sqlite';
/** 4 MB at 4 KiB: others get their turn between. */
const PAGES_AT_ONCE = 1024;

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Tables with their rows; of full-text tables the table itself, not what SQLite keeps behind it. */
function countRows(db: Sqlite.Database): Map<string, number> {
  const tables = db
    .prepare<[], string>(`select name from pragma_table_list where schema = 'main' and type = 'table' order by name`)
    .pluck()
    .all();
  const count = (name: string) =>
    db
      .prepare<[], number>(`select count(*) from ${quote(name)}`)
      .pluck()
      .get() ?? 0;
  return new Map(tables.filter((name) => !name.startsWith('sqlite_')).map((name) => [name, count(name)]));
}

/**
 * By SQLite's online backup. Its source holds a read transaction, so that it stands still for the copy: without one
 * every commit of the hub would begin the copy anew.
 *
 * @param source open, with a read transaction
 */
export async function copySqlite(source: Sqlite.Database, folder: string, advance: Advance): Promise<DatabasePart[]> {
  const path = join(folder, FILE);
  await source.backup(path, {
    progress({ totalPages, remainingPages }) {
      advance(totalPages - remainingPages, totalPages);
      return PAGES_AT_ONCE;
    },
  });
  const copy = new Sqlite(path);
  try {
    // One file instead of three that belong together.
    copy.pragma('journal_mode = DELETE');
    const faults = copy.pragma('integrity_check(1)', { simple: true });
    if (faults !== 'ok') throw new Error(`the copy is damaged, and so is what it was made of: ${String(faults)}`);
    const rows = [...countRows(copy).values()].reduce((sum, count) => sum + count, 0);
    return [{ path: FILE, table: null, rows }];
  } finally {
    copy.close();
  }
}
