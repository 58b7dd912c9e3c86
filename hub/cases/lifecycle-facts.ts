/** What a decision about a case rests on, read together with it. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { CaseAppeal, CaseExtension } from '../../contracts/api/case-round.ts';
import { actorsOf, type HistoryRow, lastAction, lastMoveOf } from '../storage/case-history.ts';
import { photosOfCase } from '../storage/case-photos.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Db } from '../storage/store.ts';
import { claimOf } from './lifecycle/claim.ts';
import type { LifecycleFacts } from './lifecycle/facts.ts';
import type { LastMove } from './lifecycle/undo.ts';
import type { CaseSettings } from './settings.ts';

/** Actions that ended a case, for taking the end back. */
const ENDS = ['reject', 'expired', 'close', 'void', 'merge', 'link-merge', 'merged'];

function toLastMove(entry: HistoryRow | undefined): LastMove | null {
  if (!entry || entry.from_state === null) return null;
  const { action, actor } = entry;
  const [from, to] = [entry.from_state as CaseState, entry.to_state as CaseState];
  return { action, actor, at: Date.parse(entry.at), from, to };
}

/** Reads them in the transaction that decides. @param now ms since the epoch */
export async function readLifecycleFacts(
  db: Db,
  row: CaseRow,
  settings: CaseSettings,
  now: number,
): Promise<LifecycleFacts> {
  const claim = claimOf(row, now);
  const confirmation = await lastAction(db, row.id, ['confirm']);
  const photos = await photosOfCase(db, row.id);
  const end = await lastAction(db, row.id, ENDS);
  return {
    state: row.state as CaseState,
    claimedBy: claim?.by ?? null,
    claimedUntil: claim?.until ?? null,
    sightings: row.sightings,
    rework: row.rework,
    confirmedBy: confirmation?.actor ?? null,
    handlers: await actorsOf(db, row.id, ['handle', 'feedback']),
    unit: row.unit,
    extension: row.extension === null ? null : (JSON.parse(row.extension) as CaseExtension),
    appeal: row.appeal === null ? null : (JSON.parse(row.appeal) as CaseAppeal),
    photos: photos.filter(({ unit, round }) => unit === row.unit && round === row.rework).length,
    dueAt: row.due_at === null ? null : Date.parse(row.due_at),
    stateBefore: (end?.from_state ?? null) as CaseState | null,
    lastMove: toLastMove(await lastMoveOf(db, row.id)),
    now,
    undoMs: settings.undoMs,
    utcOffsetMinutes: settings.calendar.utcOffsetMinutes,
  };
}
