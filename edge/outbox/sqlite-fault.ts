/** Says what SQLite or the file system meant in the catalogue's words. */
import { AppError } from '../../platform/app-error.ts';
import { isLocked } from '../../platform/sqlite.ts';

const FULL = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);

/** EDGE_DISK_FULL without room and EDGE_OUTBOX_BUSY on another's lock (both worth trying again), else EDGE_OUTBOX. */
export function outboxFault(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (isLocked(cause)) return new AppError('EDGE_OUTBOX_BUSY', detail, { cause });
  return new AppError(typeof code === 'string' && FULL.has(code) ? 'EDGE_DISK_FULL' : 'EDGE_OUTBOX', detail, { cause });
}
