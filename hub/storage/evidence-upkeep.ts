/** Queries on `evidence` for its upkeep: what to check, what is lost and asked for again, what nobody needs any more. */
import type { ExpressionBuilder } from 'kysely';
import type { EvidenceFault } from './evidence.ts';
import { oneOf } from './one-of.ts';
import type { Database } from './schema.ts';
import type { Db, Store } from './store.ts';

/** @returns false when it was known already, or is not stored */
export async function markFaulty(db: Db, sha256: string, fault: EvidenceFault, at: string): Promise<boolean> {
  const result = await db
    .updateTable('evidence')
    .set({ stored_at: null, received: 0, fault, checked_at: at })
    .where('sha256', '=', sha256)
    .where('stored_at', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** @param at when the bytes were read and found right, RFC 3339 */
export async function markChecked(db: Db, hashes: readonly string[], at: string): Promise<void> {
  if (hashes.length === 0) return;
  await db
    .updateTable('evidence')
    .set({ checked_at: at })
    .where(oneOf(db, 'sha256', hashes))
    .execute();
}

/** @param at when the nodes were asked to send these again, RFC 3339 */
export async function markAsked(db: Db, hashes: readonly string[], at: string): Promise<void> {
  await db
    .updateTable('evidence')
    .set({ asked_at: at })
    .where(oneOf(db, 'sha256', hashes))
    .execute();
}

/** Stored files whose bytes were not checked since `before`, the longest unchecked first. */
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

/** Files that should be here, by their hashes; those behind `after`. */
export function storedFilesAfter(db: Db, after: string, limit: number): Promise<{ sha256: string; bytes: number }[]> {
  return db
    .selectFrom('evidence')
    .select(['sha256', 'bytes'])
    .where('sha256', '>', after)
    .where('stored_at', 'is not', null)
    .orderBy('sha256')
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

export type LongWaiting = {
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
export function filesLongWaiting(db: Db, waiting: LongWaiting, limit: number): Promise<{ sha256: string }[]> {
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

/** Files that were here and are missing or damaged now. */
export async function countFaulty({ db }: Store): Promise<number> {
  const row = await db
    .selectFrom('evidence')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('fault', 'is not', null)
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}

/** The files are gone by intent: they are not asked for again. */
export async function markRemoved(db: Db, hashes: readonly string[], at: string): Promise<void> {
  await db
    .updateTable('evidence')
    .set({ stored_at: null, removed_at: at, received: 0, fault: null, asked_at: null })
    .where(oneOf(db, 'sha256', hashes))
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

/** Whether a file must stay, or may come again. @param since RFC 3339 */
export async function isNeeded(db: Db, sha256: string, since: string): Promise<boolean> {
  const row = await db
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', '=', sha256)
    .where((eb) => needed(eb, since))
    .executeTakeFirst();
  return row !== undefined;
}

/** Every known file by its hash, here or not, behind `after`: what a look at all of them goes by, page by page. */
export async function knownFilesAfter(db: Db, after: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('evidence')
    .select('sha256')
    .where('sha256', '>', after)
    .orderBy('sha256')
    .limit(limit)
    .execute();
  return rows.map(({ sha256 }) => sha256);
}

/** Of these, files that only events of never-confirmed cases name, all received before `before`; lost ones among them. */
export async function unconfirmedAmong(db: Db, hashes: readonly string[], before: string): Promise<string[]> {
  const rows = await db
    .selectFrom('evidence')
    .select('evidence.sha256')
    .where(oneOf(db, 'evidence.sha256', hashes))
    .where((eb) => eb.or([eb('evidence.stored_at', '<', before), eb('evidence.fault', 'is not', null)]))
    .where((eb) => eb.not(needed(eb, before)))
    .execute();
  return rows.map(({ sha256 }) => sha256);
}
