/** What nodes sent: every message, the events they make up, what they counted, and what was refused. */
import type { Generated } from 'kysely';

/** Every accepted message once: (node, seq) is the key; keeps the chain for verification. */
export type MessagesTable = {
  node: string;
  seq: number;
  event_id: string;
  rev: number;
  /** SHA-256 of the message's RFC 8785 form with its signature: the next message's `chain.prev`. */
  hash: string;
  prev: string;
  received_at: string;
  /** The message itself, JSON. */
  body: string;
};

/** The highest revision of each event. */
export type EventsTable = {
  id: string;
  rev: number;
  seq: number;
  node: string;
  camera: string;
  zone: string;
  kind: string;
  phase: string;
  started_at: string;
  at: string;
  ended_at: string | null;
  score: number;
  /** ViolationEvent as JSON. */
  body: string;
  case_id: string;
  received_at: string;
  /** Boxes where any revision saw it, rounded, JSON: what joins events to a case. */
  places: string;
  /** Latest instant that any revision speaks of. */
  until: string;
  /** sha256 of the still that shows it best, or null. */
  thumbnail: string | null;
};

export type QuarantineTable = {
  id: Generated<number>;
  node: string;
  code: string;
  reason: string;
  /** Base64: the whole payload of what reads as an event, the first 4 KiB of anything else. */
  payload: string;
  bytes: number;
  received_at: string;
  /** SHA-256 of the payload: with node and code the key, so that a repetition is counted and not kept anew. */
  hash: string;
  /** Id of the event where it could be read, else empty. */
  event_id: string;
  /** Whose share it counts in: the registered node's, or '' = that of all unregistered senders together. */
  pool: string;
  /** 0 = signed by the node, 1 = reads as an event, 2 = junk: what goes first when the share is full. */
  grade: number;
  /** Bytes of `payload`. */
  kept: number;
  times: number;
  last_at: string;
  /** When the same event was stored after all, or null. */
  settled_at: string | null;
};

/** Where a node's chain does not go on from what the hub has of it. Rows never go: a fork is never hidden. */
export type ForksTable = {
  node: string;
  seq: number;
  kind: string;
  expected: string;
  got: string;
  at: string;
  /** The message of the other branch, whole, where it is not among `messages`. */
  body: string | null;
};

/** What a node counted in one zone in one hour, in the newest form that it sent. */
export type ObservationHoursTable = {
  /** Start of the hour. */
  hour: string;
  node: string;
  camera: string;
  zone: string;
  kind: string;
  rev: number;
  watched_seconds: number;
  /** Values by the names of the kind's statistics, JSON. */
  statistics: string;
};
