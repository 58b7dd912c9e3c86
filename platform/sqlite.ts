/** Opens SQLite the one way both sides use it: WAL, durable commits, waiting instead of failing on a lock. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

export type SqliteFile = Sqlite.Database;

export type SqliteOptions = {
  /** `FULL` is durable against power loss at each commit; `NORMAL` may lose the last commits, never the file. */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** How long one statement may wait for another process's lock; the event loop stands still meanwhile. */
  readonly busyMs?: number;
};

/** At the start nothing else goes on yet: another process may be just about to let go. */
const OPENING_MS = 5000;

/** Opens or makes a file (mode 0600, WAL). @param options `busyMs`: how long another's lock is waited for, ms */
export function openSqlite(
  path: string,
  { synchronous = 'FULL', busyMs = OPENING_MS }: SqliteOptions = {},
): SqliteFile {
  if (path !== ':memory:') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // For this user alone, whatever the umask; SQLite gives its other files the rights of this one.
    closeSync(openSync(path, 'a', 0o600));
  }
  const db = new Sqlite(path, { timeout: OPENING_MS });
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma('foreign_keys = ON');
  db.pragma(`busy_timeout = ${busyMs}`);
  return db;
}

/** Another process holds the lock: nothing happened, and the same statement may go a moment later. */
export function isLocked(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return /^SQLITE_(BUSY|LOCKED)/.test(code);
}
