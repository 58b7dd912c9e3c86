/** The refused messages of a node's outbox from beside it: its process may be running. */
import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { AppError } from '../../platform/app-error.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { createRefusedRows, type RefusedRow } from './refused-rows.ts';
import { OUTBOX_VERSION } from './schema.ts';
import { outboxFault } from './sqlite-fault.ts';

function check(file: string, version: unknown): void {
  if (version === OUTBOX_VERSION) return;
  throw new AppError('EDGE_OUTBOX', `${file}: version ${String(version)}, this program reads ${OUTBOX_VERSION}`);
}

function withFile<T>(file: string, open: () => Sqlite.Database, work: (db: Sqlite.Database) => T): T {
  try {
    if (!existsSync(file)) throw new AppError('EDGE_OUTBOX', `${file}: no such file`);
    const db = open();
    try {
      // Never brought up to date from here: a process of another version may be at work in it.
      check(file, db.pragma('user_version', { simple: true }));
      return work(db);
    } finally {
      db.close();
    }
  } catch (cause) {
    throw outboxFault(cause);
  }
}

/** @throws EDGE_OUTBOX when there is no such file or another version made it */
export function listRefused(file: string): RefusedRow[] {
  return withFile(
    file,
    () => new Sqlite(file, { readonly: true }),
    (db) => createRefusedRows(db).refusedRows(),
  );
}

/** The newest state saved under a name, JSON, or null. @throws EDGE_OUTBOX as `listRefused` */
export function readState(file: string, name: string): string | null {
  return withFile(
    file,
    () => new Sqlite(file, { readonly: true }),
    (db) => (db.prepare('SELECT json FROM states WHERE name = ?').pluck().get(name) as string | undefined) ?? null,
  );
}

/** Replaces a state; no process may be at work in the folder. @throws EDGE_OUTBOX as `listRefused` */
export function replaceState(file: string, name: string, json: string, now: number): void {
  withFile(
    file,
    () => openSqlite(file),
    (db) => db.prepare('UPDATE states SET json = ?, saved_at = ? WHERE name = ?').run(json, now, name),
  );
}

/** A running node sends them within the second, one that is started later with its first connection. @returns how many */
export function askToResend(file: string): number {
  return withFile(
    file,
    () => openSqlite(file),
    (db) => {
      const rows = createRefusedRows(db);
      rows.resendRefused();
      return rows.refusedCount();
    },
  );
}
