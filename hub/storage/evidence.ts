/** Queries on `evidence`, `event_evidence` and `evidence_access`. */
import type { Selectable } from 'kysely';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { EventEvidenceTable, EvidenceTable } from './schema.ts';
import type { Db, Store } from './store.ts';

export type EvidenceRow = Selectable<EvidenceTable>;
export type EventEvidenceRow = Selectable<EventEvidenceTable>;

const files: BulkInsert<'evidence'> = {
  table: 'evidence',
  columns: ['sha256', 'mime', 'bytes', 'width', 'height', 'node', 'received', 'stored_at', 'removed_at'],
  onConflict: { key: ['sha256'], update: false },
};
const uses: BulkInsert<'event_evidence'> = {
  table: 'event_evidence',
  columns: ['event_id', 'sha256', 'role', 'at'],
  onConflict: { key: ['event_id', 'sha256', 'role'], update: false },
};

/** Files that events name; one that is known already stays as it is. */
export async function announceEvidence(
  db: Db,
  dialect: Store['dialect'],
  rows: { readonly files: readonly EvidenceRow[]; readonly uses: readonly EventEvidenceRow[] },
): Promise<void> {
  await insertRows(db, dialect, files, rows.files);
  await insertRows(db, dialect, uses, rows.uses);
}

export function evidenceByHash(db: Db, sha256: string): Promise<EvidenceRow | undefined> {
  return db.selectFrom('evidence').selectAll().where('sha256', '=', sha256).executeTakeFirst();
}

export type EventFile = EvidenceRef & { readonly event: string; readonly stored: boolean };

/** What these events have named in all their revisions, as the camera saw it: a revision brings only what is new. */
export async function filesOfEvents(db: Db, events: readonly string[]): Promise<EventFile[]> {
  if (events.length === 0) return [];
  const rows = await db
    .selectFrom('event_evidence')
    .innerJoin('evidence', 'evidence.sha256', 'event_evidence.sha256')
    .selectAll('evidence')
    .select(['event_evidence.event_id', 'event_evidence.role', 'event_evidence.at'])
    .where('event_evidence.event_id', 'in', events)
    .orderBy('event_evidence.at')
    .orderBy('event_evidence.role')
    .execute();
  return rows.map(({ event_id, role, sha256, mime, bytes, at, width, height, stored_at, removed_at }) => ({
    ...({ role, sha256, mime, bytes, at, width, height } as EvidenceRef),
    event: event_id,
    stored: stored_at !== null && removed_at === null,
  }));
}

export async function storedHashes(db: Db, hashes: readonly string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await db
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', 'in', hashes)
    .where('stored_at', 'is not', null)
    .where('removed_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.sha256));
}

export type EvidenceState = Pick<EvidenceRow, 'sha256' | 'bytes' | 'stored_at' | 'removed_at'>;

export async function evidenceStates(db: Db, hashes: readonly string[]): Promise<EvidenceState[]> {
  return db
    .selectFrom('evidence')
    .select(['sha256', 'bytes', 'stored_at', 'removed_at'])
    .where(oneOf(db, 'sha256', hashes))
    .execute();
}

export async function markReceived(db: Db, sha256: string, received: number, storedAt: string | null): Promise<void> {
  await db
    .updateTable('evidence')
    .set(storedAt === null ? { received } : { received, stored_at: storedAt, removed_at: null })
    .where('sha256', '=', sha256)
    .execute();
}

export async function markRemoved(db: Db, sha256: string, at: string): Promise<void> {
  await db
    .updateTable('evidence')
    .set({ stored_at: null, removed_at: at, received: 0 })
    .where('sha256', '=', sha256)
    .execute();
}

export async function logAccess(db: Db, sha256: string, actor: string, at: string): Promise<void> {
  await db.insertInto('evidence_access').values({ sha256, actor, at }).execute();
}

/** Stored files that only events of never-confirmed cases name, all of them received before `before`. */
export function unconfirmedFiles(db: Db, before: string, limit: number): Promise<{ sha256: string }[]> {
  return (
    db
      .selectFrom('evidence')
      .select('evidence.sha256')
      .where('evidence.stored_at', '<', before)
      // What came from people (a manager's photo) belongs to a notice, and so to a confirmed case.
      .where('evidence.node', '!=', '')
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('event_evidence')
              .innerJoin('events', 'events.id', 'event_evidence.event_id')
              .innerJoin('cases', 'cases.id', 'events.case_id')
              .select('cases.id')
              .whereRef('event_evidence.sha256', '=', 'evidence.sha256')
              .where((or) => or.or([or('cases.confirmed_at', 'is not', null), or('events.received_at', '>=', before)])),
          ),
        ),
      )
      .limit(limit)
      .execute()
  );
}
