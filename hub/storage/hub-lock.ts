/** One hub a SQLite file: the lock goes with the process, however that ends. PostgreSQL orders several hubs by itself. */
import { resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { sleep } from '../../platform/sleep.ts';
import { isLocked, openSqlite } from '../../platform/sqlite.ts';

/** A hub that is just ending lets go within this time. */
const PATIENCE_MS = 3000;
const PAUSE_MS = 50;

/** @returns how to let go. @throws HUB_DATABASE_IN_USE when another hub has it */
export async function lockDatabase(url: string): Promise<() => void> {
  const path = url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : ':memory:';
  if (path === ':memory:') return () => {};
  // A file of its own: tools that look into the database itself (`--create-admin`, a backup) are not kept out.
  const lock = openSqlite(`${resolve(path)}.lock`, { busyMs: 0 });
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      break;
    } catch (cause) {
      if (isLocked(cause) && performance.now() < end) {
        await sleep(PAUSE_MS);
        continue;
      }
      lock.close();
      throw isLocked(cause)
        ? new AppError('HUB_DATABASE_IN_USE', path, { cause })
        : new AppError('HUB_DATABASE', `${path}.lock`, { cause });
    }
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}
