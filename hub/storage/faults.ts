/** What a failed query says of the database itself: away for now, without room, or neither. */
import { isLocked } from '../../platform/sqlite.ts';

const NETWORK = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH'.split(' '),
);
/** Words of the drivers where they give no code. */
const LOST =
  /connection terminated|not queryable|timeout exceeded when trying to connect|did not answer in time|connection is not open/i;

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '');
}

/** The server or the file cannot be reached now; the same question may be answered a moment later. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  const code = codeOf(error);
  // SQLSTATE 08: connection; 53: out of connections or memory; 57P: shut down, starting, or ended by an administrator.
  if (NETWORK.has(code) || isLocked(error) || /^(08|53)[0-9A-Z]{3}$|^57P0[0-9]$/.test(code)) return true;
  return error instanceof Error && LOST.test(error.message);
}

/** No room on a disk: the database's or that of the evidence. */
export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL', '53100'].includes(codeOf(error));
}
