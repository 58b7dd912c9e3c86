/** Edge nodes: what is registered of each, its keys and its place in the sequence of messages. */
import type { Generated } from 'kysely';

export type NodesTable = {
  id: string;
  /** Bilingual as JSON, or null. */
  name: string | null;
  public_key: string;
  password_hash: string | null;
  last_seq: number;
  /** NodeStatus as JSON, or null. */
  status: string | null;
  health: string | null;
  last_event_at: string | null;
  /** 1: known, and nothing is taken from it. */
  disabled: Generated<number>;
  /** Set: unregistered; what it sent, its number and its key stay. */
  removed_at: string | null;
};

/** One row each time that a key became a node's current one; a row is ended and never removed. */
export type NodeKeysTable = {
  node: string;
  /** Rises by one for each key of the node. */
  n: number;
  /** SHA-256 of the SPKI, DER. */
  fingerprint: string;
  /** PEM in the one form of platform/public-key.ts. */
  public_key: string;
  /** Null for a key from before the hub kept their lives. */
  registered_at: string | null;
  rotated_at: string | null;
  revoked_at: string | null;
  /** Why it was revoked. */
  reason: string | null;
};

/** One row: the public root of every hub on this database, PEM. */
export type TrustRootTable = { id: number; public_key: string; made_at: string };

/** Missing `seq` of a node, inclusive; rows shrink and go as messages arrive late. */
export type SeqGapsTable = { node: string; from_seq: number; to_seq: number };
