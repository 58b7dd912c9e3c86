/** An event of what a citizen has reported already: it joins that case, which from then on is its camera's too. */
import type { ViolationEvent } from '../../contracts/event.ts';
import { isProposal } from '../../contracts/violations/detail.ts';
import { placedCase } from '../cases/placed-case.ts';
import { matchReport } from '../dedupe/report.ts';
import type { Sighting } from '../dedupe/sighting.ts';
import { membersOf, type PlanDraft, recordStep } from './plan-draft.ts';
import { newCaseRow } from './rows.ts';

/**
 * @param sighting all that is known of the event
 * @returns id of the case, or null where nothing that was reported agrees with it
 */
export function adoptReported(draft: PlanDraft, event: ViolationEvent, sighting: Sighting): string | null {
  const { state, settings, now } = draft;
  if (state.reported.size === 0 || isProposal(event.detail)) return null;
  const seen = newCaseRow(event, state.cameras.get(event.camera), settings, now);
  if (seen.lon === null || seen.lat === null) return null;
  const waiting = [...state.reported].flatMap((id) => {
    const row = state.cases.get(id);
    return row?.kind === event.kind && row.closed_at === null && row.pinned === 0 ? [row] : [];
  });
  const candidates = waiting.flatMap((row) => placedCase(row) ?? []);
  const { kind, startedAt, until } = sighting;
  const place = { kind, startedAt, until, location: { lon: seen.lon, lat: seen.lat } };
  const match = matchReport(place, candidates, settings.reportJoin);
  const row = match && state.cases.get(match.caseId);
  if (!row) return null;
  const { node, camera, zone, lon, lat, site } = seen;
  state.cases.set(row.id, { ...row, node, camera, zone, lon, lat, site: site ?? row.site });
  state.reported.delete(row.id);
  const { metres, minutes } = match;
  recordStep(draft, row.id, 'sighting', { event: event.id, metres, minutes });
  membersOf(draft, row.id).add(event.id);
  return row.id;
}
