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

/** What every connection is told first. */
export function sqlitePragmas({ synchronous = 'FULL', busyMs = OPENING_MS }: SqliteOptions = {}): string[] {
  return [
    'journal_mode = WAL',
    `synchronous = ${synchronous}`,
    'foreign_keys = ON',
    // Last: opening itself may wait for as long as the connection was made to.
    `busy_timeout = ${busyMs}`,
  ];
}

/** Makes the file where there is none, for this user alone, whatever the umask; SQLite gives its other files the rights of this one. */
export function makeSqliteFile(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

/** Opens or makes a file (mode 0600, WAL). @param options `busyMs`: how long another's lock is waited for, ms */
export function openSqlite(path: string, options: SqliteOptions = {}): SqliteFile {
  makeSqliteFile(path);
  const db = new Sqlite(path, { timeout: OPENING_MS });
  for (const pragma of sqlitePragmas(options)) db.pragma(pragma);
  return db;
}

/** Another process holds the lock: nothing happened, and the same statement may go a moment later. */
export function isLocked(error: unknown): boolean {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return /^SQLITE_(BUSY|LOCKED)/.test(code);
}
