/** What people register, those people themselves, and numbers given out once. */

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
  owner: string | null;
  source: string | null;
  /** The sharing agreement as JSON. */
  agreement: string | null;
};

/** `body` is the API's SiteBody / PermitBody as JSON. */
export type SitesTable = { id: string; body: string };

export type PermitsTable = { id: string; site: string; body: string };

/** `body` is the API's CarrierBody / StallPointBody as JSON. */
export type CarriersTable = { id: string; body: string };

export type StallPointsTable = { id: string; body: string };

export type UsersTable = {
  name: string;
  display_name: string;
  role: string;
  password_hash: string;
  disabled: number;
  /** The handling unit of a user with the role `unit`. */
  unit: string | null;
  /** UserScope as JSON; null: the whole city. */
  scope: string | null;
  /** Who vouches for a user that logs in elsewhere (OpenID Connect), and her name there; null for a local one. */
  issuer: string | null;
  subject: string | null;
};

/** `id` is the SHA-256 of the cookie's value: a stolen table opens no session. */
export type SessionsTable = { id: string; user_name: string; csrf: string; created_at: string; expires_at: string };

/** Numbers given out once, e.g. the cases of a day. */
export type CountersTable = { name: string; value: number };
