/** Cases with their trails, and the notices that came of them. */
import type { Generated } from 'kysely';

export type CasesTable = {
  id: string;
  number: string;
  kind: string;
  state: string;
  version: number;
  node: string;
  /** Empty, as node and zone are, while no camera has seen it. */
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
  /** The unit that it was dispatched to last: its id, or a name typed before there were units. */
  unit: string | null;
  /** CaseExtension as JSON: the last one asked for while this unit handles it. */
  extension: string | null;
  /** CaseAppeal as JSON: the last one. */
  appeal: string | null;
  /** Level reached before or after the limit. */
  escalation: number;
  /** CaseClosure as JSON. */
  closure: string | null;
  /** What it was opened by: a camera's event, or a report and through which door. */
  source: string;
  /** Six digits, of a case that a report opened; those of cameras lie where their camera does. */
  district: string | null;
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
  /** Its kind; with `+before` or `+limit` for a reminder by it. */
  channel: string;
  /** `queued`, then `delivered`, `refused` for good, `failed` after too many attempts, `given-up` by a person. */
  state: string;
  /** Rises with each claim: who claimed with another number has lost it. */
  attempts: number;
  /** When it is tried next, or given up by whoever holds it; null once it is settled. */
  next_at: string | null;
  settled_at: string | null;
  /** Why it was refused, or not delivered the last time. */
  reason: string | null;
  /** Whom it was sent to, as people may read it; null where nothing was sent. */
  sent_to: string | null;
  /** What the receiving side answered. */
  receipt: string | null;
  /** Who has given it up, or had it tried again. */
  settled_by: string | null;
};

/** The correction order of a notice: a draft until people have approved it. */
export type CorrectionOrdersTable = {
  notice_id: string;
  /** `draft`, `approved`, `served` or `cancelled`. */
  state: string;
  version: number;
  /** What people fill in, JSON. */
  fields: string;
  created_by: string;
  created_at: string;
  edited_by: string;
  edited_at: string;
  approved_by: string | null;
  approved_at: string | null;
  /** How, when and to whom, JSON. */
  served: string | null;
};
