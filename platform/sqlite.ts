/** Opens SQLite the one way both sides use it: WAL, durable commits, waiting instead of failing on a lock. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

export type SqliteFile = Sqlite.Database;

/** `FULL` is durable against power loss at each commit; `NORMAL` may lose the last commits, never the file. */
export function openSqlite(path: string, options: { synchronous?: 'FULL' | 'NORMAL' } = {}): SqliteFile {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // For this user alone, whatever the umask; SQLite gives its other files the rights of this one.
    closeSync(openSync(path, 'a', 0o600));
  }
  const db = new Sqlite(path);
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${options.synchronous ?? 'FULL'}`);
  db.pragma('foreign_keys = ON');
  db.pragma('busy_timeout = 5000');
  return db;
}
