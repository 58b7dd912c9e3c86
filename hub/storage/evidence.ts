/** Queries on `evidence`, `event_evidence` and `evidence_access`. */
import type { ExpressionBuilder, Selectable } from 'kysely';
import type { ActualFile, EvidenceRef, EvidenceState } from '../../contracts/evidence.ts';
import { type BulkInsert, insertRows } from './bulk.ts';
import { oneOf } from './one-of.ts';
import type { Database, EventEvidenceTable, EvidenceTable } from './schema.ts';
import type { Db, Store } from './store.ts';

export type EvidenceRow = Selectable<EvidenceTable>;
export type EventEvidenceRow = Selectable<EventEvidenceTable>;
export type AnnouncedFile = Pick<EvidenceRow, 'sha256' | 'mime' | 'bytes' | 'width' | 'height' | 'node' | 'received'>;
export type Fault = 'missing' | 'damaged';

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

export function evidenceByHash(db: Db, sha256: string): Promise<EvidenceRow | undefined> {
  return db.selectFrom('evidence').selectAll().where('sha256', '=', sha256).executeTakeFirst();
}

type Whereabouts = Pick<EvidenceRow, 'stored_at' | 'removed_at' | 'fault'>;

function stateOf({ stored_at, removed_at, fault }: Whereabouts): EvidenceState {
  if (removed_at !== null) return 'removed';
  if (fault !== null) return fault as Fault;
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

/** @returns false when it was known already, or is not stored */
export async function markFaulty(db: Db, sha256: string, fault: Fault, at: string): Promise<boolean> {
  const result = await db
    .updateTable('evidence')
    .set({ stored_at: null, received: 0, fault, checked_at: at })
    .where('sha256', '=', sha256)
    .where('stored_at', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export async function markChecked(db: Db, hashes: readonly string[], at: string): Promise<void> {
  if (hashes.length === 0) return;
  await db
    .updateTable('evidence')
    .set({ checked_at: at })
    .where(oneOf(db, 'sha256', hashes))
    .execute();
}

export async function markAsked(db: Db, hashes: readonly string[], at: string): Promise<void> {
  await db
    .updateTable('evidence')
    .set({ asked_at: at })
    .where(oneOf(db, 'sha256', hashes))
    .execute();
}

/** Stored files whose bytes nobody has looked at since `before`, the longest first. */
export function filesToCheck(db: Db, before: string, limit: number): Promise<{ sha256: string; bytes: number }[]> {
  return db
    .selectFrom('evidence')
    .select(['sha256', 'bytes'])
    .where('checked_at', '<', before)
    .where('stored_at', 'is not', null)
    .orderBy('checked_at')
    .limit(limit)
    .execute();
}

/** Missing and damaged files whose nodes were not asked since `before`; one asked in the future was asked by a wrong clock. */
export function filesToAskFor(db: Db, before: string, now: string, limit: number): Promise<{ sha256: string }[]> {
  return db
    .selectFrom('evidence')
    .select('sha256')
    .where('fault', 'is not', null)
    .where((eb) => eb.or([eb('asked_at', 'is', null), eb('asked_at', '<', before), eb('asked_at', '>', now)]))
    .limit(limit)
    .execute();
}

export type Waiting = {
  /** Of events received between these. */
  readonly from: string;
  readonly to: string;
  /** Whose nodes were not asked since this time; one asked after `now` was asked by a wrong clock. */
  readonly askedBefore: string;
  readonly now: string;
};

/**
 * Announced files that never came, although their node had time. It may have brought them to a database that was then
 * replaced by an older copy. What was stored once has been checked, so the index of that finds them.
 */
export function filesLongWaiting(db: Db, waiting: Waiting, limit: number): Promise<{ sha256: string }[]> {
  const { from, to, askedBefore, now } = waiting;
  return db
    .selectFrom('evidence')
    .select('sha256')
    .where('checked_at', 'is', null)
    .where('stored_at', 'is', null)
    .where('removed_at', 'is', null)
    .where('fault', 'is', null)
    .where((eb) => eb.or([eb('asked_at', 'is', null), eb('asked_at', '<', askedBefore), eb('asked_at', '>', now)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('event_evidence')
          .innerJoin('events', 'events.id', 'event_evidence.event_id')
          .select('events.id')
          .whereRef('event_evidence.sha256', '=', 'evidence.sha256')
          .where('events.received_at', '>=', from)
          .where('events.received_at', '<', to),
      ),
    )
    .limit(limit)
    .execute();
}

export async function countFaulty({ db }: Store): Promise<number> {
  const row = await db
    .selectFrom('evidence')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('fault', 'is not', null)
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}

export async function markRemoved(db: Db, sha256: string, at: string): Promise<void> {
  await db
    .updateTable('evidence')
    .set({ stored_at: null, removed_at: at, received: 0, fault: null, asked_at: null })
    .where('sha256', '=', sha256)
    .execute();
}

/** A confirmed case, a person who brought it, or an event received since `since` still needs the file. */
function needed(eb: ExpressionBuilder<Database, 'evidence'>, since: string) {
  const named = eb
    .selectFrom('event_evidence')
    .innerJoin('events', 'events.id', 'event_evidence.event_id')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .select('cases.id')
    .whereRef('event_evidence.sha256', '=', 'evidence.sha256')
    .where((or) => or.or([or('cases.confirmed_at', 'is not', null), or('events.received_at', '>=', since)]));
  // What came from people (a manager's photo) belongs to a notice, and so to a confirmed case.
  return eb.or([eb('evidence.node', '=', ''), eb.exists(named)]);
}

export async function isNeeded(db: Db, sha256: string, since: string): Promise<boolean> {
  const row = await db
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', '=', sha256)
    .where((eb) => needed(eb, since))
    .executeTakeFirst();
  return row !== undefined;
}

export async function logAccess(db: Db, sha256: string, actor: string, at: string): Promise<void> {
  await db.insertInto('evidence_access').values({ sha256, actor, at }).execute();
}

/** Files that only events of never-confirmed cases name, all of them received before `before`; lost ones among them. */
export function unconfirmedFiles(db: Db, before: string, limit: number): Promise<{ sha256: string }[]> {
  return db
    .selectFrom('evidence')
    .select('evidence.sha256')
    .where((eb) => eb.or([eb('evidence.stored_at', '<', before), eb('evidence.fault', 'is not', null)]))
    .where((eb) => eb.not(needed(eb, before)))
    .limit(limit)
    .execute();
}
