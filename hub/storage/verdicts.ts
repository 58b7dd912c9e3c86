/** Queries for what operators decided, many cases at a time: the decision of each, and what they had been shown. */
import type { HistoryRow } from './case-history.ts';
import type { EventRow } from './events.ts';
import { oneOf } from './one-of.ts';
import type { Db } from './store.ts';

export type DecisionRow = Pick<HistoryRow, 'case_id' | 'action' | 'at' | 'data'>;

/** The last entry of each of these cases that decided it; a case without one is left out. */
export async function decisionsOf(db: Db, cases: readonly string[]): Promise<Map<string, DecisionRow>> {
  const rows = await db
    .selectFrom('case_history')
    .select(['case_id', 'action', 'at', 'data'])
    .where(oneOf(db, 'case_id', cases))
    .where('action', 'in', ['confirm', 'reject', 'reopen'])
    .orderBy('n')
    .execute();
  return new Map(rows.map((row) => [row.case_id, row]));
}

export type FirstReport = {
  /** The first event of the case, in its highest revision. */
  readonly event: Pick<EventRow, 'id' | 'case_id' | 'body'>;
  /** Its first revision, JSON; null where the hub has none. */
  readonly first: string | null;
};

/** By case: the event that began first, as it is and as it was first reported. */
export async function firstReportsOf(db: Db, cases: readonly string[]): Promise<Map<string, FirstReport>> {
  const facts = await db
    .selectFrom('events')
    .select(['id', 'case_id'])
    .where(oneOf(db, 'case_id', cases))
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  const firstOf = new Map<string, string>();
  for (const { id, case_id } of facts) if (!firstOf.has(case_id)) firstOf.set(case_id, id);
  const ids = [...firstOf.values()];
  const events = await db
    .selectFrom('events')
    .select(['id', 'case_id', 'body'])
    .where(oneOf(db, 'id', ids))
    .execute();
  const messages = await db
    .selectFrom('messages')
    .select(['event_id', 'body'])
    .where(oneOf(db, 'event_id', ids))
    .where('rev', '=', 1)
    .execute();
  const reported = new Map(messages.map(({ event_id, body }) => [event_id, body]));
  return new Map(events.map((event) => [event.case_id, { event, first: reported.get(event.id) ?? null }]));
}
