/** Queries on `evidence`, `event_evidence` and `evidence_access`: what events name, what is here, who opened it. */
import type { Selectable } from 'kysely';
import type { ActualFile, EvidenceRef, EvidenceState } from '../../contracts/evidence.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Db, Store } from './store.ts';
import type { EventEvidenceTable, EvidenceTable } from './tables/evidence.ts';

export type EvidenceRow = Selectable<EvidenceTable>;
export type EventEvidenceRow = Selectable<EventEvidenceTable>;
export type AnnouncedFile = Pick<EvidenceRow, 'sha256' | 'mime' | 'bytes' | 'width' | 'height' | 'node' | 'received'>;
export type EvidenceFault = 'missing' | 'damaged';

const files: BulkInsert<'evidence'> = {
  table: 'evidence',
  columns: ['sha256', 'mime', 'bytes', 'width', 'height', 'node', 'received'],
  onConflict: { key: ['sha256'], update: false },
};
const uses: BulkInsert<'event_evidence'> = {
  table: 'event_evidence',
  columns: ['event_id', 'sha256', 'role', 'at', 'mime', 'bytes', 'width', 'height'],
  onConflict: { key: ['event_id', 'sha256', 'role'], update: false },
};

/** Files that events name; one that is known already stays as it is, and each event's own claim is kept beside it. */
export async function announceEvidence(
  db: Db,
  dialect: Store['dialect'],
  rows: { readonly files: readonly AnnouncedFile[]; readonly uses: readonly EventEvidenceRow[] },
): Promise<void> {
  await insertRows(db, dialect, files, rows.files);
  await insertRows(db, dialect, uses, rows.uses);
}

/** What is known of a file, here or not. */
export function evidenceByHash(db: Db, sha256: string): Promise<EvidenceRow | undefined> {
  return db.selectFrom('evidence').selectAll().where('sha256', '=', sha256).executeTakeFirst();
}

type Whereabouts = Pick<EvidenceRow, 'stored_at' | 'removed_at' | 'fault'>;

function stateOf({ stored_at, removed_at, fault }: Whereabouts): EvidenceState {
  if (removed_at !== null) return 'removed';
  if (fault !== null) return fault as EvidenceFault;
  return stored_at === null ? 'waiting' : 'stored';
}

export type EventFile = EvidenceRef & {
  readonly event: string;
  readonly stored: boolean;
  readonly state: EvidenceState;
  readonly actual?: ActualFile;
};

/** What these events have named in all their revisions, as the camera saw it: a revision brings only what is new. */
export async function filesOfEvents(db: Db, events: readonly string[]): Promise<EventFile[]> {
  if (events.length === 0) return [];
  const rows = await db
    .selectFrom('event_evidence as use')
    .innerJoin('evidence as file', 'file.sha256', 'use.sha256')
    .select(['use.event_id', 'use.role', 'use.at', 'use.sha256', 'use.mime', 'use.bytes', 'use.width', 'use.height'])
    .select(['file.mime as true_mime', 'file.bytes as true_bytes', 'file.width as any_width'])
    .select(['file.height as any_height', 'file.stored_at', 'file.removed_at', 'file.fault'])
    .where('use.event_id', 'in', events)
    .orderBy('use.at')
    .orderBy('use.role')
    .execute();
  return rows.map(({ event_id, role, sha256, at, ...row }) => {
    const claim = { mime: row.mime ?? row.true_mime, bytes: row.bytes ?? row.true_bytes };
    const size = { width: row.width ?? row.any_width, height: row.height ?? row.any_height };
    const truth = { mime: row.true_mime, bytes: row.true_bytes };
    const state = stateOf(row);
    const differs = state === 'stored' && (truth.mime !== claim.mime || truth.bytes !== claim.bytes);
    return {
      ...({ role, sha256, ...claim, at, ...size } as EvidenceRef),
      event: event_id,
      stored: state === 'stored',
      state,
      ...(differs ? { actual: truth } : {}),
    };
  });
}

export type HeldFile = { readonly sha256: string; readonly bytes: number; readonly state: EvidenceState };

/** Size and whereabouts of each of these files; one that is not named is not known. */
export async function filesHeld(db: Db, hashes: readonly string[]): Promise<HeldFile[]> {
  const rows = await db
    .selectFrom('evidence')
    .select(['sha256', 'bytes', 'stored_at', 'removed_at', 'fault'])
    .where(oneOf(db, 'sha256', hashes))
    .execute();
  return rows.map((row) => ({ sha256: row.sha256, bytes: row.bytes, state: stateOf(row) }));
}

/** Every file that the events of a case name. */
export async function hashesOfCase(db: Db, caseId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('event_evidence')
    .innerJoin('events', 'events.id', 'event_evidence.event_id')
    .select('event_evidence.sha256')
    .distinct()
    .where('events.case_id', '=', caseId)
    .execute();
  return rows.map((row) => row.sha256);
}

/** Those of these files that are here. */
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

/** Who has named a file in a stored event, and how large each says it is. */
export function claimsOn(db: Db, sha256: string): Promise<{ node: string; bytes: number | null }[]> {
  return db
    .selectFrom('event_evidence')
    .innerJoin('events', 'events.id', 'event_evidence.event_id')
    .select(['events.node', 'event_evidence.bytes'])
    .distinct()
    .where('event_evidence.sha256', '=', sha256)
    .execute();
}

/** Nodes that named these files, each with its own. */
export async function nodesNaming(db: Db, hashes: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('event_evidence')
    .innerJoin('events', 'events.id', 'event_evidence.event_id')
    .select(['events.node', 'event_evidence.sha256'])
    .distinct()
    .where(oneOf(db, 'event_evidence.sha256', hashes))
    .execute();
  const byNode = new Map<string, string[]>();
  for (const { node, sha256 } of rows) byNode.set(node, [...(byNode.get(node) ?? []), sha256]);
  return byNode;
}

/** The file is here, whole: what it is by its content counts from now on. */
export async function markReceived(db: Db, sha256: string, truth: ActualFile, at: string): Promise<void> {
  const { mime, bytes } = truth;
  const sound = { stored_at: at, checked_at: at, removed_at: null, fault: null, asked_at: null };
  await db
    .updateTable('evidence')
    .set({ mime, bytes, received: bytes, ...sound })
    .where('sha256', '=', sha256)
    .execute();
}

/** A file that a person brought: it is here and kept from now on, whether events had named it before or not. */
export async function keepEvidence(db: Db, file: ActualFile & { readonly sha256: string }, at: string): Promise<void> {
  const kept = { ...file, node: '', received: file.bytes, stored_at: at, checked_at: at };
  const sound = { removed_at: null, fault: null, asked_at: null };
  await db
    .insertInto('evidence')
    .values({ ...kept, ...sound, width: 0, height: 0 })
    .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ ...kept, ...sound }))
    .execute();
}

/** Who was given a file, and when (RFC 3339). */
export async function logAccess(db: Db, sha256: string, actor: string, at: string): Promise<void> {
  await db.insertInto('evidence_access').values({ sha256, actor, at }).execute();
}

/** Evidence that has arrived whole. */
export async function countEvidence({ db }: Store): Promise<{ files: number; bytes: number }> {
  const row = await db
    .selectFrom('evidence')
    .select((eb) => [eb.fn.countAll<number>().as('files'), eb.fn.sum<number>('bytes').as('bytes')])
    .where('stored_at', 'is not', null)
    .executeTakeFirst();
  return { files: Number(row?.files ?? 0), bytes: Number(row?.bytes ?? 0) };
}
