/** Rows of `cases` by the thousand, without the events they would have come from. */
import { GENESIS } from '../../contracts/event.ts';
import type { CaseRow } from '../../hub/storage/cases.ts';

/** @param n its number, its id and its place among all */
export function caseRow(n: number, differs: Partial<CaseRow> = {}): CaseRow {
  const at = differs.opened_at ?? '2026-11-20T00:00:00.000Z';
  return {
    id: `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`,
    number: `350500${at.slice(0, 10).replaceAll('-', '')}${String(n).padStart(5, '0')}`,
    kind: 'road-stall',
    state: 'pending-review',
    version: 1,
    node: 'node-a',
    camera: 'cam-1',
    zone: 'z1',
    lon: null,
    lat: null,
    started_at: at,
    ended_at: null,
    opened_at: at,
    last_seen_at: at,
    sightings: 1,
    score: 0.9,
    detail: '{}',
    place: null,
    claimed_by: null,
    claimed_at: null,
    claim_until: null,
    due_at: null,
    site: null,
    recurrence_of: null,
    merged_into: null,
    thumbnail: null,
    outcome: null,
    rework: 0,
    confirmed_at: null,
    closed_at: null,
    history_length: 0,
    history_head: GENESIS,
    pinned: 0,
    plate: null,
    unit: null,
    extension: null,
    appeal: null,
    escalation: 0,
    closure: null,
    source: 'video_ai',
    district: null,
    ...differs,
  };
}
