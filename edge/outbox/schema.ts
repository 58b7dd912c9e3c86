/** The outbox's tables. Times are milliseconds since the epoch; the file's version stands in `user_version`. */
import { AppError } from '../../platform/app-error.ts';
import type { SqliteFile } from '../../platform/sqlite.ts';

const FIRST = `
-- node, chain (hash of the last message) and last_seq.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
-- Messages that the hub has not acknowledged yet: the only reason for a row to leave is the hub's own ack.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL, appended_at INTEGER NOT NULL
) STRICT;
-- Messages that the hub refused, with its reason: kept, and sent again now and then.
CREATE TABLE refused (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL,
  reason TEXT NOT NULL, refused_at INTEGER NOT NULL
) STRICT;
-- Each event's latest revision, and the latest one that the hub has.
CREATE TABLE heads (
  id TEXT PRIMARY KEY, rev INTEGER NOT NULL, ended INTEGER NOT NULL, acked_rev INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Files on disk. known: the hub has an event that names it, so it will take the upload.
CREATE TABLE evidence (
  sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, mime TEXT NOT NULL, path TEXT NOT NULL,
  known INTEGER NOT NULL, uploaded_bytes INTEGER NOT NULL, delivered_at INTEGER, added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_undelivered ON evidence (added_at) WHERE delivered_at IS NULL;
-- Which revision of which event names a file.
CREATE TABLE evidence_refs (
  sha256 TEXT NOT NULL REFERENCES evidence (sha256) ON DELETE CASCADE, event_id TEXT NOT NULL, rev INTEGER NOT NULL,
  PRIMARY KEY (sha256, event_id, rev)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_refs_event ON evidence_refs (event_id, rev);
-- What the rules and the tracker remember, saved in the same transaction as the findings it led to.
CREATE TABLE states (name TEXT PRIMARY KEY, json TEXT NOT NULL, saved_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

const REFUSED_GO_AGAIN = `
-- born: the number under which the content was first appended; it stays when the message is numbered anew.
ALTER TABLE events ADD COLUMN born INTEGER NOT NULL DEFAULT 0;
ALTER TABLE events ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
UPDATE events SET born = seq;
ALTER TABLE refused ADD COLUMN born INTEGER NOT NULL DEFAULT 0;
ALTER TABLE refused ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE refused ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;
ALTER TABLE refused ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;
-- When it is sent again; refused_at is the first refusal, last_at the latest.
ALTER TABLE refused ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0;
UPDATE refused SET born = seq, last_at = refused_at,
  code = CASE WHEN instr(reason, ':') > 1 THEN substr(reason, 1, instr(reason, ':') - 1) ELSE '' END;
-- born: of the event's latest content. raised: highest revision that content got because the hub had its own.
-- body: the latest content after its ack, while an earlier one is still in this file.
ALTER TABLE heads ADD COLUMN born INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN raised INTEGER NOT NULL DEFAULT 0;
ALTER TABLE heads ADD COLUMN body TEXT;
UPDATE heads SET born = CASE
  WHEN acked_rev >= rev THEN (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_seq')
  ELSE COALESCE((SELECT MAX(seq) FROM (
    SELECT seq FROM events WHERE id = heads.id UNION ALL SELECT seq FROM refused WHERE id = heads.id)), 0) END;
CREATE INDEX events_id ON events (id);
CREATE INDEX refused_id ON refused (id);
CREATE INDEX refused_due ON refused (next_at, seq);
`;

const OBSERVATION_HOURS = `
-- What rules counted, by camera time's hour. rev rises with each change and with the clock, so that a file restored from
-- an older copy goes on above what the hub has; acked_rev: the one that the hub has stored.
CREATE TABLE observation_hours (
  n INTEGER PRIMARY KEY, camera TEXT NOT NULL, zone TEXT NOT NULL, kind TEXT NOT NULL, hour INTEGER NOT NULL,
  watched_ms INTEGER NOT NULL, statistics TEXT NOT NULL, rev INTEGER NOT NULL, acked_rev INTEGER NOT NULL,
  changed_at INTEGER NOT NULL, UNIQUE (camera, zone, kind, hour)
) STRICT;
CREATE INDEX observation_hours_pending ON observation_hours (n) WHERE rev > acked_rev;
`;

/** Each brings the file from the version of its place to the next. */
const STEPS = [FIRST, REFUSED_GO_AGAIN, OBSERVATION_HOURS] as const;
export const OUTBOX_VERSION = STEPS.length;

/** Creates the tables in a new file; refuses a file of a newer version or of another node. */
export function prepareTables(db: SqliteFile, node: string, genesis: string): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > OUTBOX_VERSION) throw new AppError('EDGE_OUTBOX', `its version ${version} is newer than this program`);
  db.transaction(() => {
    for (const [step, statements] of STEPS.entries()) {
      if (step < version) continue;
      db.exec(statements);
      if (step === 0) {
        const put = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
        put.run('node', node);
        put.run('chain', genesis);
        put.run('last_seq', '0');
      }
    }
    if (version < OUTBOX_VERSION) db.pragma(`user_version = ${OUTBOX_VERSION}`);
  }).immediate();
  const owner = db.prepare(`SELECT value FROM meta WHERE key = 'node'`).pluck().get();
  if (owner !== node) throw new AppError('EDGE_OUTBOX', `it belongs to node ${String(owner)}, not to ${node}`);
}
