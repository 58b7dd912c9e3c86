/** One process a data folder: two would break the chain. The lock goes with the process, however that ends. */
import { join } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { outboxFault } from './sqlite-fault.ts';

/** Holds the folder until the returned function is called. @throws EDGE_OUTBOX when another process holds it. */
export function lockFolder(folder: string): () => void {
  try {
    const db = openSqlite(join(folder, 'lock.db'));
    try {
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      throw error;
    }
    return () => {
      db.exec('ROLLBACK');
      db.close();
    };
  } catch (cause) {
    const busy = (cause as { code?: unknown }).code === 'SQLITE_BUSY';
    throw busy ? new AppError('EDGE_OUTBOX', `another process works in ${folder}`, { cause }) : outboxFault(cause);
  }
}
