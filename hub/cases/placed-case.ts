/** A case's row as reports and events are held against it. */
import type { CaseState } from '../../contracts/api/case.ts';
import type { CaseFacts } from '../dedupe/assign.ts';
import type { PlacedCase } from '../dedupe/report.ts';
import type { CaseRow } from '../storage/cases.ts';
import { confirmed, undecided } from './lifecycle/transitions.ts';

/** Whether people have decided about a case, or are done with it. */
export function phaseOf(state: CaseState): CaseFacts['phase'] {
  return undecided.includes(state) ? 'undecided' : confirmed.includes(state) ? 'open' : 'over';
}

/** Null for a case whose place nobody knows. */
export function placedCase(row: CaseRow): PlacedCase | null {
  if (row.lon === null || row.lat === null) return null;
  const state = row.state as CaseState;
  return {
    id: row.id,
    phase: phaseOf(state),
    startedAt: Date.parse(row.started_at),
    until: Date.parse(row.last_seen_at),
    closedAt: row.closed_at === null ? null : Date.parse(row.closed_at),
    handled: state === 'closed',
    location: { lon: row.lon, lat: row.lat },
  };
}
