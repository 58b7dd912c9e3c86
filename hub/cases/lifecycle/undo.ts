/** Taking one's own last decision back, for a short while and as long as nobody has built on it. Pure. */
import type { CaseState } from '../../../contracts/api/case.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { localClock } from './working-time.ts';

/** The last entry of the trail that moved the case. */
export type LastMove = {
  readonly action: string;
  readonly actor: string;
  /** ms since the epoch */
  readonly at: number;
  readonly from: CaseState;
  readonly to: CaseState;
};

export type UndoFacts = {
  readonly state: CaseState;
  readonly lastMove: LastMove | null;
  /** ms since the epoch */
  readonly now: number;
  readonly undoMs: number;
  readonly utcOffsetMinutes: number;
};

const decisions: readonly string[] = ['confirm', 'reject', 'field-check'];

/** Until when this person may take the last decision back, ms since the epoch; null where they may not. */
export function undoUntil(facts: UndoFacts, name: string): number | null {
  const { state, lastMove, undoMs, now } = facts;
  if (lastMove === null || lastMove.actor !== name || lastMove.to !== state) return null;
  if (!decisions.includes(lastMove.action)) return null;
  const until = lastMove.at + undoMs;
  // A clock that was set back gives nobody more time than there ever was.
  return now < until && until - now <= undoMs ? until : null;
}

/** Why not, as people read it; null where it is possible. */
export function undoObjection(facts: UndoFacts, name: string): Bilingual | null {
  if (undoUntil(facts, name) !== null) return null;
  const { lastMove, utcOffsetMinutes } = facts;
  if (lastMove === null || lastMove.to !== facts.state)
    return { en: 'there is no decision to take back', zh: '没有可撤销的决定' };
  if (lastMove.actor !== name)
    return { en: `the last step is ${lastMove.actor}’s`, zh: `最近一步由 ${lastMove.actor} 办理` };
  if (!decisions.includes(lastMove.action))
    return { en: 'the last step was no decision of the review', zh: '最近一步不是审核决定' };
  const until = localClock(lastMove.at + facts.undoMs, utcOffsetMinutes);
  return {
    en: `it could be taken back until ${until}; a supervisor can reopen a rejected case, a second supervisor can void a confirmed one`,
    zh: `只能在 ${until} 前撤销；已驳回的请值班长重新打开，已确认的请另一位值班长作废`,
  };
}
