/**
 * The hub's tables, for the query layer. The same on SQLite and PostgreSQL: text for instants (RFC 3339 UTC sorts)
 * and for JSON, integers for booleans.
 */
import type { Generated } from 'kysely';

export type Database = {
  nodes: NodesTable;
  node_keys: NodeKeysTable;
  trust_root: TrustRootTable;
  seq_gaps: SeqGapsTable;
  messages: MessagesTable;
  events: EventsTable;
  quarantine: QuarantineTable;
  forks: ForksTable;
  cases: CasesTable;
  case_history: CaseHistoryTable;
  evidence: EvidenceTable;
  event_evidence: EventEvidenceTable;
  evidence_access: EvidenceAccessTable;
  cameras: CamerasTable;
  sites: SitesTable;
  permits: PermitsTable;
  users: UsersTable;
  sessions: SessionsTable;
  notices: NoticesTable;
  notice_replies: NoticeRepliesTable;
  notice_deliveries: NoticeDeliveriesTable;
  counters: CountersTable;
  observation_hours: ObservationHoursTable;
};

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
  /** Whose share of the room it takes: the registered node's, or '' = that of all strangers together. */
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

export type CasesTable = {
  id: string;
  number: string;
  kind: string;
  state: string;
  version: number;
  node: string;
  camera: string;
  zone: string;
  lon: number | null;
  lat: number | null;
  started_at: string;
  ended_at: string | null;
  opened_at: string;
  last_seen_at: string;
  sightings: number;
  score: number;
  /** Detail of the latest event, JSON. */
  detail: string;
  /** Union box of the place where it was seen last, JSON [x,y,w,h] or null; used to join sightings. */
  place: string | null;
  claimed_by: string | null;
  claimed_at: string | null;
  /** When the claim ends unless it is renewed. */
  claim_until: string | null;
  due_at: string | null;
  site: string | null;
  recurrence_of: string | null;
  merged_into: string | null;
  thumbnail: string | null;
  outcome: string | null;
  rework: number;
  /** When an operator first confirmed it; its evidence is kept from then on. */
  confirmed_at: string | null;
  /** When it was closed, rejected, voided or expired; events that start later open another case. */
  closed_at: string | null;
  /** Length of its history and hash of the last entry: what the next entry goes on from. */
  history_length: number;
  history_head: string;
  /** 1 once a person has split or unmerged it: the hub does not merge it by itself again. */
  pinned: number;
  /** As typed at the confirmation. */
  plate: string | null;
  /** The unit that it was dispatched to last. */
  unit: string | null;
  /** Number, camera, zone, site and plates as they are searched; made from the row whenever it is written. */
  search: Generated<string>;
};

export type CaseHistoryTable = {
  case_id: string;
  n: number;
  at: string;
  actor: string;
  action: string;
  from_state: string | null;
  to_state: string;
  note: string | null;
  /** JSON */
  data: string;
  prev_hash: string;
  hash: string;
};

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

export type CamerasTable = {
  id: string;
  node: string;
  name: string;
  kind: string;
  lon: number | null;
  lat: number | null;
  district: string | null;
  grid: string | null;
  site: string | null;
  /** ZoneConfig[] as JSON. */
  zones: string;
};

/** `body` is the API's SiteBody / PermitBody as JSON. */
export type SitesTable = { id: string; body: string };
export type PermitsTable = { id: string; site: string; body: string };

export type UsersTable = {
  name: string;
  display_name: string;
  role: string;
  password_hash: string;
  disabled: number;
};

/** `id` is the SHA-256 of the cookie's value: a stolen table opens no session. */
export type SessionsTable = { id: string; user_name: string; csrf: string; created_at: string; expires_at: string };

export type NoticesTable = {
  id: string;
  number: string;
  case_id: string;
  site: string;
  state: string;
  created_at: string;
  /** From when it may be handed over; until then the confirmation may be taken back. */
  ready_at: string | null;
  sent_at: string | null;
  acknowledged_at: string | null;
  correct_by: string;
  /** SHA-256 of the link's token; whoever holds the token is the site's manager until it expires. */
  token: string;
  /** The token under the hub's seal, to show the link again; null for one of an earlier version, which `token` holds. */
  token_sealed: string | null;
  token_expires_at: string;
  /** When a supervisor closed the link. */
  revoked_at: string | null;
  /** What the document says, JSON: frozen when it was sent. */
  body: string;
};

export type NoticeRepliesTable = {
  id: Generated<number>;
  notice_id: string;
  at: string;
  kind: string;
  name: string;
  text: string | null;
  photo: string | null;
  /** sha256 of every photo as JSON; null in what came before there were several. */
  photos: string | null;
};

/** A notice on its way by one channel. */
export type NoticeDeliveriesTable = {
  notice_id: string;
  channel: string;
  /** `queued`, then `delivered`, `refused` for good, or `failed` after too many attempts. */
  state: string;
  /** Rises with each claim: who claimed with another number has lost it. */
  attempts: number;
  /** When it is tried next, or given up by whoever holds it; null once it is settled. */
  next_at: string | null;
  settled_at: string | null;
  /** Why it was refused, or not delivered the last time. */
  reason: string | null;
};

/** Numbers given out once, e.g. the cases of a day. */
export type CountersTable = { name: string; value: number };

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
