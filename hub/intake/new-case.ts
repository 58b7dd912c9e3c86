/** The row of a case that a report opens: no camera, no picture, no score. */
import type { CaseSource } from '../../contracts/api/case-source.ts';
import { GENESIS } from '../../contracts/event.ts';
import type { Location } from '../../contracts/geometry.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { noClaim } from '../cases/lifecycle/claim.ts';
import { dueAt } from '../cases/lifecycle/deadline.ts';
import type { CaseSettings } from '../cases/settings.ts';
import type { CaseRow } from '../storage/cases.ts';

export type ReportedIncident = {
  readonly id: string;
  readonly number: string;
  readonly kind: ViolationKind;
  readonly source: CaseSource;
  readonly location: Location | null;
  readonly district: string | null;
  /** When it was seen, RFC 3339 UTC. */
  readonly at: string;
};

/** A case that waits for review. @param now ms since the epoch */
export function reportedCaseRow(
  { id, number, kind, source, location, district, at }: ReportedIncident,
  settings: CaseSettings,
  now: number,
): CaseRow {
  const due = dueAt('pending-review', kind, [], now, settings.calendar);
  return {
    ...{ id, number, kind, source, district, state: 'pending-review', version: 1, node: '', camera: '', zone: '' },
    ...{ lon: location?.lon ?? null, lat: location?.lat ?? null },
    // Nobody has said that it is over, nor that it goes on.
    ...{ started_at: at, ended_at: at, opened_at: timestamp(now), last_seen_at: at },
    ...{ sightings: 0, score: 0, detail: '{}', place: null, thumbnail: null, site: null, plate: null },
    ...noClaim,
    due_at: due === null ? null : timestamp(due),
    ...{ recurrence_of: null, merged_into: null, outcome: null, rework: 0, confirmed_at: null, closed_at: null },
    ...{ history_length: 0, history_head: GENESIS, pinned: 0 },
    ...{ unit: null, extension: null, appeal: null, escalation: 0, closure: null },
  };
}
