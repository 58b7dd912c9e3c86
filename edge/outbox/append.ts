/** Findings become messages: numbered, chained, signed and saved in one transaction with the state that led to them. */
import { MAX_EVENT_BYTES, type ViolationEvent, violationEventSchemas } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { eventHash, type NodeKey, signEvent, type UnsignedEvent } from '../../platform/signing.ts';
import type { SqliteFile } from '../../platform/sqlite.ts';
import { faultsOf } from '../../platform/validate.ts';
import type { HourTally } from '../domain/hour-tally.ts';
import { createHourAdder } from './observation-hours.ts';

/** An event as the line knows it: the outbox adds version, node, revision, sequence number and chain. */
export type EventDraft = ViolationEvent extends infer E
  ? E extends ViolationEvent
    ? Omit<E, 'v' | 'node' | 'rev' | 'seq' | 'chain'>
    : never
  : never;

/** Where an evidence file lies, relative to the evidence folder; written and fsynced before `append`. */
export type EvidenceFile = { readonly sha256: string; readonly path: string };
/** `value` is JSON text. */
export type SavedState = { readonly name: string; readonly json: string };

export type Batch = {
  readonly drafts: readonly EventDraft[];
  readonly files: readonly EvidenceFile[];
  readonly states: readonly SavedState[];
  /** What was counted since the states before these. */
  readonly hours?: readonly HourTally[];
};

type Appender = (batch: Batch, now: number) => ViolationEvent[];

function checkMessage(event: ViolationEvent, body: string): void {
  const faults = faultsOf(violationEventSchemas[event.kind], event, 5);
  if (faults.length > 0) throw new AppError('EDGE_OUTBOX', `event ${event.id} does not fit the wire`, { faults });
  if (Buffer.byteLength(body) > MAX_EVENT_BYTES) {
    throw new AppError('EDGE_OUTBOX', `event ${event.id} is larger than ${MAX_EVENT_BYTES} bytes`);
  }
}

function statementsOf(db: SqliteFile) {
  return {
    meta: db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck(),
    putMeta: db.prepare<[string, string]>('UPDATE meta SET value = ? WHERE key = ?'),
    rev: db.prepare<[string], number>('SELECT rev FROM heads WHERE id = ?').pluck(),
    putHead: db.prepare<[string, number, number, number, number]>(
      `INSERT INTO heads (id, rev, ended, acked_rev, at, born) VALUES (?, ?, ?, 0, ?, ?)
       ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, ended = excluded.ended, at = excluded.at,
         born = excluded.born, body = NULL`,
    ),
    putEvent: db.prepare<[number, string, number, string, number, number]>(
      'INSERT INTO events (seq, id, rev, body, appended_at, born) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    putEvidence: db.prepare<[string, number, string, string, number]>(
      `INSERT INTO evidence (sha256, bytes, mime, path, known, uploaded_bytes, delivered_at, added_at)
       VALUES (?, ?, ?, ?, 0, 0, NULL, ?) ON CONFLICT (sha256) DO NOTHING`,
    ),
    putRef: db.prepare<[string, number, string]>(
      `INSERT INTO evidence_refs (sha256, event_id, rev) SELECT sha256, ?, ? FROM evidence WHERE sha256 = ?
       ON CONFLICT DO NOTHING`,
    ),
    putState: db.prepare<[string, string, number]>(
      `INSERT INTO states (name, json, saved_at) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET json = excluded.json, saved_at = excluded.saved_at`,
    ),
  };
}

/** Appends a batch in one transaction, and gives its messages as they were signed. */
export function createAppender(db: SqliteFile, node: string, key: NodeKey): Appender {
  const sql = statementsOf(db);
  const addHours = createHourAdder(db);

  function appendOne(draft: EventDraft, seq: number, prev: string, paths: Map<string, string>, now: number) {
    const rev = (sql.rev.get(draft.id) ?? 0) + 1;
    const event = signEvent({ ...draft, v: 1, node, rev, seq } as UnsignedEvent, prev, key);
    const body = canonicalJson(event);
    checkMessage(event, body);
    sql.putEvent.run(seq, event.id, rev, body, now, seq);
    sql.putHead.run(event.id, rev, event.phase === 'end' ? 1 : 0, now, seq);
    for (const ref of event.evidence) {
      const path = paths.get(ref.sha256);
      // An update may name a file that an earlier revision brought; the row is there then.
      if (path !== undefined) sql.putEvidence.run(ref.sha256, ref.bytes, ref.mime, path, now);
      sql.putRef.run(event.id, rev, ref.sha256);
    }
    return event;
  }

  const run = db.transaction((batch: Batch, now: number): ViolationEvent[] => {
    const paths = new Map(batch.files.map((file) => [file.sha256, file.path]));
    let seq = Number(sql.meta.get('last_seq'));
    let prev = sql.meta.get('chain') ?? '';
    const events: ViolationEvent[] = [];
    for (const draft of batch.drafts) {
      const event = appendOne(draft, ++seq, prev, paths, now);
      prev = eventHash(event);
      events.push(event);
    }
    if (events.length > 0) {
      sql.putMeta.run(String(seq), 'last_seq');
      sql.putMeta.run(prev, 'chain');
    }
    for (const state of batch.states) sql.putState.run(state.name, state.json, now);
    addHours(batch.hours ?? [], now);
    return events;
  });
  return (batch, now) => run.immediate(batch, now);
}
