/** The audit log and its end. */

/** Rows are added and never changed: each carries the hash of the one before. */
export type AuditTable = {
  n: number;
  at: string;
  actor: string;
  address: string | null;
  action: string;
  thing: string;
  thing_id: string;
  /** JSON */
  data: string;
  prev_hash: string;
  hash: string;
};

/** One row: number and hash of the last entry, so that a log cut at its end shows. */
export type AuditHeadTable = { id: number; n: number; hash: string };
