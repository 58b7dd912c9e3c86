/** Refused messages as rows: which are due for another try, and what a person at the box may see and ask. */
import type { SqliteFile } from '../../platform/sqlite.ts';

export type RefusedRow = {
  readonly seq: number;
  readonly id: string;
  readonly rev: number;
  readonly code: string;
  readonly reason: string;
  readonly tries: number;
  /** First and latest refusal, and when it goes again; ms since the epoch. */
  readonly refusedAt: number;
  readonly lastAt: number;
  readonly nextAt: number;
};

/** On an open outbox file; throws what SQLite throws. */
export function createRefusedRows(db: SqliteFile) {
  const due = db.prepare<[number, number], { seq: number; body: string }>(
    'SELECT seq, body FROM refused WHERE next_at <= ? ORDER BY seq LIMIT ?',
  );
  const askAll = db.prepare<[]>('UPDATE refused SET next_at = 0 WHERE next_at > 0');
  const count = db.prepare<[], number>('SELECT COUNT(*) FROM refused').pluck();
  const list = db.prepare<[], RefusedRow>(
    `SELECT seq, id, rev, code, reason, tries, refused_at AS refusedAt, last_at AS lastAt, next_at AS nextAt
     FROM refused ORDER BY seq`,
  );
  return {
    /** Refused messages whose time has come, in order. */
    refusedDue: (now: number, limit: number): { seq: number; body: string }[] => due.all(now, limit),
    /** Everything refused is due now. */
    resendRefused: (): void => void askAll.run(),
    refusedCount: (): number => count.get() ?? 0,
    refusedRows: (): RefusedRow[] => list.all(),
  };
}
