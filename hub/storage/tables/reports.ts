/** Monthly bulletins as they were signed: rows are added and never changed. */

export type MonthlyReportsTable = {
  month: string;
  /** 1 for the first of a month; a correction is a new one beside it. */
  version: number;
  /** Place among all that was ever signed. */
  n: number;
  /** MonthlyReport as JSON, frozen. */
  body: string;
  /** SHA-256 of `body`. */
  body_hash: string;
  /** SHA-256 of the figures: what the supervisor saw. */
  digest: string;
  signed_by: string;
  /** Display name of then. */
  signed_name: string;
  signed_at: string;
  note: string | null;
  prev_hash: string;
  hash: string;
};
