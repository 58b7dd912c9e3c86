/** Evidence files by content, what events say of each, and who opened it. */
import type { Generated } from 'kysely';

/** One row a content, whoever named it: `mime` and `bytes` are the first claim until the file is here, then the truth. */
export type EvidenceTable = {
  sha256: string;
  mime: string;
  bytes: number;
  width: number;
  height: number;
  /** Who named it first; empty once a person brought it, which keeps it. */
  node: string;
  /** Bytes received so far. */
  received: number;
  /** When it came; null while it is not here whole and sound. */
  stored_at: string | null;
  removed_at: string | null;
  /** When its bytes were last held against its hash. */
  checked_at: string | null;
  /** `missing` or `damaged`: it was here once. */
  fault: string | null;
  /** When its nodes were last asked to send it again. */
  asked_at: string | null;
};

/** What each event says of a file; null in rows of nobody. */
export type EventEvidenceTable = {
  event_id: string;
  sha256: string;
  role: string;
  at: string;
  mime: string | null;
  bytes: number | null;
  width: number | null;
  height: number | null;
};

export type EvidenceAccessTable = { id: Generated<number>; sha256: string; actor: string; at: string };
