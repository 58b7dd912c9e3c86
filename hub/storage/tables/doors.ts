/** What comes in from others, and what goes out to them: reports, keys, webhooks. */

/** A citizen's report as another system handed it in; whom to call stands apart. */
export type CitizenReportsTable = {
  id: string;
  /** The case that it opened or joined; where that was merged, it is read with the other one. */
  case_id: string;
  key_id: string;
  /** Purpose of the key: hotline, wechat, app, other. */
  source: string;
  /** Number at the source, so that a repetition is known. */
  ticket: string | null;
  kind: string;
  at: string;
  received_at: string;
  lon: number | null;
  lat: number | null;
  address: string | null;
  text: string | null;
};

/** Personal data: `body` is the API's ReportContact as JSON, removed at `until`. */
export type ReportContactsTable = { report_id: string; body: string; until: string };

/** `hash` is the SHA-256 of the key: a stolen table opens nothing. */
export type ApiKeysTable = {
  id: string;
  name: string;
  purpose: string;
  hash: string;
  per_minute: number;
  created_at: string;
  created_by: string;
  revoked_at: string | null;
  revoked_by: string | null;
  last_used_at: string | null;
};

export type WebhooksTable = {
  id: string;
  name: string;
  url: string;
  /** Names of events, JSON. */
  events: string;
  enabled: number;
  /** Under the root's seal. */
  secret_sealed: string;
  created_at: string;
  created_by: string;
};

/** One entry of a case's trail on its way to one webhook. */
export type WebhookDeliveriesTable = {
  id: string;
  webhook_id: string;
  case_id: string;
  n: number;
  event: string;
  /** When the case changed. */
  at: string;
  /** `queued`, `delivered`, `failed` (a dead letter) or `given-up`. */
  state: string;
  attempts: number;
  next_at: string | null;
  settled_at: string | null;
  reason: string | null;
};
