/** Evidence files as rows: what is still to upload, and what may go when room is needed. */
import type { SqliteFile } from '../../platform/sqlite.ts';

export type PendingEvidence = {
  readonly sha256: string;
  readonly bytes: number;
  readonly mime: string;
  /** Relative to the evidence folder. */
  readonly path: string;
  readonly uploadedBytes: number;
};

/** `maxBytes`: most that evidence may take. `deliveredBefore`: delivered files older than this go in any case. */
export type Retention = { readonly maxBytes: number; readonly deliveredBefore: number };

type PrunableRow = { sha256: string; path: string; bytes: number; delivered_at: number };

/** On an open outbox file; throws what SQLite throws. */
export function createEvidenceRows(db: SqliteFile) {
  const pendingRows = db.prepare<[number], PendingEvidence>(
    `SELECT sha256, bytes, mime, path, uploaded_bytes AS uploadedBytes FROM evidence
     WHERE delivered_at IS NULL AND known = 1 ORDER BY added_at, sha256 LIMIT ?`,
  );
  const progress = db.prepare<[number, string]>('UPDATE evidence SET uploaded_bytes = ? WHERE sha256 = ?');
  const deliver = db.prepare<[number, string]>(
    'UPDATE evidence SET uploaded_bytes = bytes, delivered_at = ? WHERE sha256 = ?',
  );
  const again = db.prepare<[string]>('UPDATE evidence SET uploaded_bytes = 0, delivered_at = NULL WHERE sha256 = ?');
  const undelivered = db.prepare<[], number>('SELECT COUNT(*) FROM evidence WHERE delivered_at IS NULL').pluck();
  const total = db.prepare<[], number>('SELECT COALESCE(SUM(bytes), 0) FROM evidence').pluck();
  // Only what the hub has, of events that are over and whose last revision the hub has: oldest first.
  const prunable = db.prepare<[number], PrunableRow>(
    `SELECT sha256, path, bytes, delivered_at FROM evidence e
     WHERE delivered_at IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM evidence_refs r JOIN heads h ON h.id = r.event_id
       WHERE r.sha256 = e.sha256 AND (h.ended = 0 OR h.acked_rev < h.rev))
     ORDER BY delivered_at, sha256 LIMIT ?`,
  );
  const forget = db.prepare<[string]>('DELETE FROM evidence WHERE sha256 = ?');
  const forgetHeads = db.prepare<[number]>(
    `DELETE FROM heads WHERE ended = 1 AND acked_rev >= rev AND at < ?
     AND NOT EXISTS (SELECT 1 FROM evidence_refs r WHERE r.event_id = heads.id)
     AND NOT EXISTS (SELECT 1 FROM refused r WHERE r.id = heads.id)`,
  );
  const pathOf = db.prepare<[string], string>('SELECT path FROM evidence WHERE sha256 = ?').pluck();
  const has = db.prepare<[string], number>('SELECT 1 FROM evidence WHERE path = ?').pluck();

  return {
    /** Files that the hub waits for: known to it through a stored event, not yet delivered; oldest first. */
    evidencePending: (limit: number): PendingEvidence[] => pendingRows.all(limit),
    evidenceProgress: (sha256: string, uploadedBytes: number): void => void progress.run(uploadedBytes, sha256),
    evidenceDelivered: (sha256: string, now: number): void => void deliver.run(now, sha256),
    /** The hub has lost files: those that are still here are to be delivered again. Returns which. */
    evidenceWanted: db.transaction((hashes: readonly string[]): string[] =>
      hashes.filter((sha256) => again.run(sha256).changes > 0),
    ),
    /** Everything not delivered yet, whether the hub waits for it already or not. */
    undeliveredCount: (): number => undelivered.get() ?? 0,
    diskBytes: (): number => total.get() ?? 0,
    /** Where a file lies, relative to the evidence folder; null when it is not kept any more. */
    evidencePath: (sha256: string): string | null => pathOf.get(sha256) ?? null,
    holdsFile: (path: string): boolean => has.get(path) === 1,
    /** Files that may go now under the policy, oldest first. Delete the file, then `forgetEvidence`. */
    prunable(policy: Retention, needBytes = 0): { sha256: string; path: string }[] {
      let over = (total.get() ?? 0) + needBytes - policy.maxBytes;
      const going: { sha256: string; path: string }[] = [];
      for (const row of prunable.all(1000)) {
        if (row.delivered_at >= policy.deliveredBefore && over <= 0) break;
        going.push({ sha256: row.sha256, path: row.path });
        over -= row.bytes;
      }
      return going;
    },
    forgetEvidence: (sha256: string): void => void forget.run(sha256),
    /** Forgets the revisions of events that are over, acknowledged, without files and older than `before`. */
    forgetHeads: (before: number): number => forgetHeads.run(before).changes,
  };
}
