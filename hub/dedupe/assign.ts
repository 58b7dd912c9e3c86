/** One sighting into the cases that exist: join, merge what it connects, or open another. */
import { type DedupeSettings, gapMs, onSameSpot, type Sighting } from './sighting.ts';

export type CaseFacts = {
  readonly id: string;
  /**
   * `undecided` = nobody has confirmed it; `open` = confirmed and not closed; `over` = closed, rejected, voided or
   * expired at `closedAt`.
   */
  readonly phase: 'undecided' | 'open' | 'over';
  /** ms since the epoch; the earliest start of its events. */
  readonly startedAt: number;
  readonly closedAt: number | null;
  /** Handled and closed, so that a return to the spot is a recurrence. */
  readonly handled: boolean;
  /** Somebody is at work on it: it survives a merge. */
  readonly touched: boolean;
};

export type Neighbour = { readonly sighting: Sighting; readonly caseId: string };

export type Assignment = {
  /** null = open another case */
  readonly caseId: string | null;
  /** Unreviewed cases that turn out to be the same incident. */
  readonly absorbs: readonly string[];
  readonly recurrenceOf: string | null;
};

/** The case that stays when several turn out to be one: confirmed before worked on before earliest. */
function compareSurvivors(a: CaseFacts, b: CaseFacts): number {
  const rank = (facts: CaseFacts) => (facts.phase === 'open' ? 0 : facts.touched ? 1 : 2);
  return rank(a) - rank(b) || a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
}

function takes(facts: CaseFacts, neighbour: Sighting, sighting: Sighting, settings: DedupeSettings): boolean {
  if (facts.phase === 'open') return true;
  if (facts.phase === 'undecided') return gapMs(neighbour, sighting) <= settings.joinMs;
  // What began before the case was closed belongs to it, however late the message comes.
  const from = facts.startedAt - settings.joinMs;
  return facts.closedAt !== null && sighting.startedAt <= facts.closedAt && sighting.until >= from;
}

function recurrence(spot: readonly CaseFacts[], startedAt: number, settings: DedupeSettings): string | null {
  const recent = spot
    .filter((facts) => facts.phase === 'over' && facts.handled && facts.closedAt !== null)
    .filter((facts) => {
      const since = startedAt - (facts.closedAt ?? 0);
      return since > 0 && since <= settings.recurrenceMs;
    })
    .sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || (a.id < b.id ? -1 : 1));
  return recent[0]?.id ?? null;
}

/**
 * @param current the case that holds this event already (an earlier revision came), else null
 * @param neighbours every other known sighting of the same camera, zone and kind
 */
export function assign(
  sighting: Sighting,
  current: CaseFacts | null,
  neighbours: readonly Neighbour[],
  cases: ReadonlyMap<string, CaseFacts>,
  settings: DedupeSettings,
): Assignment {
  const spot = new Map<string, CaseFacts>();
  const taking = new Map<string, CaseFacts>();
  for (const neighbour of neighbours) {
    const facts = cases.get(neighbour.caseId);
    if (!facts || neighbour.sighting.id === sighting.id || !onSameSpot(neighbour.sighting, sighting)) continue;
    spot.set(facts.id, facts);
    if (takes(facts, neighbour.sighting, sighting, settings)) taking.set(facts.id, facts);
  }
  if (current?.phase === 'over') return { caseId: current.id, absorbs: [], recurrenceOf: null };
  if (!current) {
    const over = [...taking.values()]
      .filter((facts) => facts.phase === 'over')
      .sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0) || (a.id < b.id ? -1 : 1));
    if (over[0]) return { caseId: over[0].id, absorbs: [], recurrenceOf: null };
  } else taking.set(current.id, current);
  const alive = [...taking.values()].filter((facts) => facts.phase !== 'over').sort(compareSurvivors);
  // A confirmed case keeps its events even when another confirmed one lies on the spot: persons decide about both.
  const survivor = current?.phase === 'open' ? current : alive[0];
  if (!survivor) {
    return { caseId: null, absorbs: [], recurrenceOf: recurrence([...spot.values()], sighting.startedAt, settings) };
  }
  const absorbs = alive.filter((facts) => facts.phase === 'undecided' && facts.id !== survivor.id);
  return { caseId: survivor.id, absorbs: absorbs.map((facts) => facts.id), recurrenceOf: null };
}
