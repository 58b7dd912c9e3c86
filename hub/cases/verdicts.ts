/** What operators decided, line by line: each decided case with what they had been shown. */
import { type CaseState, type RejectReason, rejectReasons } from '../../contracts/api/case.ts';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { Verdict, VerdictEnd, VerdictHeader, VerdictQuery } from '../../contracts/verdicts.ts';
import { AppError } from '../../platform/app-error.ts';
import { timestamp } from '../../platform/clock.ts';
import { isRealDay } from '../../platform/real-day.ts';
import { pageOfCases } from '../storage/case-lists/pages.ts';
import type { CaseRow } from '../storage/cases.ts';
import type { Confinement } from '../storage/reach.ts';
import type { Db } from '../storage/store.ts';
import { type DecisionRow, decisionsOf, type FirstReport, firstReportsOf } from '../storage/verdicts.ts';
import { confirmed } from './lifecycle/transitions.ts';

/** A case that was confirmed and voided was neither; one that expired nobody has looked at. */
const DECIDED: readonly CaseState[] = [...confirmed, 'closed', 'rejected'];
const PAGE = 200;

function reasonOf({ action, data }: DecisionRow): RejectReason | null {
  if (action !== 'reject') return null;
  const { reason } = JSON.parse(data) as { reason?: unknown };
  return rejectReasons.find((known) => known === reason) ?? null;
}

function verdictOf(row: CaseRow, decision: DecisionRow, { event, first }: FirstReport): Verdict {
  const latest = JSON.parse(event.body) as ViolationEvent;
  const shown = first === null ? latest : (JSON.parse(first) as ViolationEvent);
  const rejected = row.state === 'rejected';
  return {
    ...{ type: 'verdict', case: row.id, number: row.number, node: row.node, camera: row.camera, zone: row.zone },
    kind: shown.kind,
    verdict: rejected ? 'rejected' : 'confirmed',
    reason: rejected ? reasonOf(decision) : null,
    decidedAt: decision.at,
    startedAt: shown.startedAt,
    sightings: row.sightings,
    model: shown.model,
    score: shown.score,
    objects: shown.objects,
    stills: latest.evidence
      .filter(({ mime }) => mime === 'image/jpeg')
      .map(({ role, sha256, at, width, height }) => ({ role, sha256, at, width, height })),
  };
}

function checkDays(query: VerdictQuery): void {
  for (const path of ['from', 'to'] as const) {
    const at = query[path];
    if (at === undefined || isRealDay(at.slice(0, 10))) continue;
    throw new AppError('API_VALIDATION', path, { faults: [{ path, message: 'no day of the calendar' }] });
  }
}

/**
 * Lines of an export, oldest case first, a page of them in memory at a time.
 * @param exported who asks, when (ms since the epoch), and what they are confined to @throws API_VALIDATION for a day that there is not
 */
export function readVerdicts(
  db: Db,
  query: VerdictQuery,
  exported: { readonly by: string; readonly at: number; readonly reach?: Confinement },
): AsyncGenerator<VerdictHeader | Verdict | VerdictEnd> {
  checkDays(query);
  const now = timestamp(exported.at);
  return (async function* () {
    const { camera = null, from = null, to = null } = query;
    yield {
      ...{ type: 'header', format: 'kerbwatch-verdicts', v: 1, exportedAt: now, exportedBy: exported.by },
      ...{ camera, from, to },
    } as const;
    let verdicts = 0;
    let after: { openedAt: string; id: string } | null = null;
    for (;;) {
      const filters = { ...query, state: DECIDED.join(','), now, reach: exported.reach ?? null };
      const found: CaseRow[] = await pageOfCases(db, filters, { after, newestFirst: false, limit: PAGE });
      const rows = found.slice(0, PAGE);
      const ids = rows.map(({ id }) => id);
      const [decisions, reports] = [await decisionsOf(db, ids), await firstReportsOf(db, ids)];
      for (const row of rows) {
        const [decision, report] = [decisions.get(row.id), reports.get(row.id)];
        if (!decision || !report) continue;
        verdicts += 1;
        yield verdictOf(row, decision, report);
      }
      const last = rows.at(-1);
      if (found.length <= PAGE || !last) break;
      after = { openedAt: last.opened_at, id: last.id };
    }
    yield { type: 'end', verdicts } as const;
  })();
}
