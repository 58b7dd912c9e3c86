/** What came in and what operators made of it. Pure. */
import { CAMERA_SOURCE } from '../../../contracts/api/case-source.ts';
import type {
  OperatorLoad,
  PrecisionRow,
  ReceivedFigures,
  ReviewFigures,
} from '../../../contracts/api/report-figures.ts';
import { groupBy, quantile, shareOf, tally } from './arithmetic.ts';
import type { CameraFact, CaseFact, MonthFacts, ReportPeriod } from './facts.ts';
import { within } from './period.ts';

/** Whether a camera saw it: of what was only reported, no verdict judges a machine. */
const isFind = ({ fact }: StandingDecision) => fact.camera !== '';

/** An operator's decision that still stands. */
export type StandingDecision = {
  readonly fact: CaseFact;
  readonly verdict: 'confirmed' | 'rejected';
  readonly actor: string;
  readonly seconds: number;
  readonly reason: string | null;
};

/** Incidents opened in the month: neither what turned out to be another case, nor proposals that nobody confirmed. */
export function receivedIn(period: ReportPeriod, cases: readonly CaseFact[]): CaseFact[] {
  return cases.filter(
    ({ openedAt, state, proposal, confirmedAt }) =>
      within(period, openedAt) && state !== 'merged' && !(proposal && confirmedAt === null),
  );
}

/** Decisions of the month that still stand; those about proposals judge no machine and are left out. */
export function decisionsIn(period: ReportPeriod, cases: readonly CaseFact[]): StandingDecision[] {
  return cases.flatMap((fact): StandingDecision[] => {
    if (fact.proposal) return [];
    const confirms = within(period, fact.confirmedAt);
    const rejects = fact.state === 'rejected' && fact.confirmedAt === null && within(period, fact.closedAt);
    if (!confirms && !rejects) return [];
    const at = (confirms ? fact.confirmedAt : fact.closedAt) as number;
    const action = confirms ? 'confirm' : 'reject';
    const step = fact.trail.findLast((one) => one.action === action && one.at <= at);
    return [
      {
        fact,
        verdict: confirms ? 'confirmed' : 'rejected',
        actor: step?.actor ?? '',
        seconds: Math.max(0, at - fact.openedAt) / 1000,
        reason: rejects ? (step?.reason ?? null) : null,
      },
    ];
  });
}

/** Received by what the bulletin asks for. */
export function receivedFigures(
  received: readonly CaseFact[],
  facts: MonthFacts,
  kinds: readonly string[],
): ReceivedFigures {
  const cameras = new Map(facts.cameras.map((camera) => [camera.id, camera]));
  const of = (fact: CaseFact): CameraFact | undefined => cameras.get(fact.camera);
  const near = received.flatMap((fact) => of(fact)?.sensitive.get(fact.zone) ?? []);
  const withReasons = received.flatMap((fact) =>
    (fact.reasons.length === 0 ? [null] : fact.reasons).map((reason) => ({ kind: fact.kind, reason })),
  );
  const byReason = [...groupBy(withReasons, ({ kind }) => kind)].flatMap(([kind, own]) =>
    tally(own, ({ reason }) => reason).map(({ key, count }) => ({ kind, reason: key, count })),
  );
  return {
    total: received.length,
    byKind: tally(received, ({ kind }) => kind, kinds),
    byReason: byReason.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.count - a.count),
    byDistrict: tally(received, (fact) => of(fact)?.district ?? fact.district),
    byStreet: tally(received, (fact) => of(fact)?.street ?? null),
    bySource: tally(received, ({ source }) => source, [CAMERA_SOURCE]),
    videoShare: shareOf(received.filter(({ source }) => source === CAMERA_SOURCE).length, received.length),
    bySensitivePlace: tally(near, (place) => place),
    outsidePermit: received.filter(({ permit }) => permit !== null).length,
    proposals: facts.reports.proposed,
    recurrences: received.filter(({ recurrence }) => recurrence).length,
  };
}

/** Precision, reasons and how long review took. */
export function reviewFigures(decisions: readonly StandingDecision[], facts: MonthFacts): ReviewFigures {
  const { period, cases, reports } = facts;
  const rejected = decisions.filter(({ verdict }) => verdict === 'rejected');
  const finds = decisions.filter(isFind);
  const seconds = decisions.map((decision) => decision.seconds);
  const endedAs = (state: string) =>
    cases.filter((fact) => fact.state === state && !fact.proposal && within(period, fact.closedAt)).length;
  return {
    reported: reports.opened + reports.joined,
    joined: reports.joined,
    merged: cases.filter(({ state, openedAt, proposal }) => state === 'merged' && !proposal && within(period, openedAt))
      .length,
    suppressedByPermit: null,
    confirmed: decisions.length - rejected.length,
    rejected: rejected.length,
    rejectedByReason: tally(rejected, ({ reason }) => reason),
    precision: shareOf(finds.filter(({ verdict }) => verdict === 'confirmed').length, finds.length),
    decided: decisions.length,
    medianSeconds: quantile(seconds, 0.5),
    p95Seconds: quantile(seconds, 0.95),
    expired: endedAs('expired'),
    voided: endedAs('voided'),
  };
}

/** Precision of each camera with each kind of rule on it; the worst first, among those the one with most decisions. */
export function precisionRows(decisions: readonly StandingDecision[]): PrecisionRow[] {
  return [...groupBy(decisions.filter(isFind), ({ fact }) => `${fact.camera} ${fact.kind}`).values()]
    .map((own) => {
      const { camera, kind } = (own[0] as StandingDecision).fact;
      return {
        camera,
        kind,
        precision: shareOf(own.filter(({ verdict }) => verdict === 'confirmed').length, own.length),
      };
    })
    .sort(
      (a, b) =>
        (a.precision.value ?? 1) - (b.precision.value ?? 1) ||
        b.precision.of - a.precision.of ||
        a.camera.localeCompare(b.camera, 'en') ||
        a.kind.localeCompare(b.kind, 'en'),
    );
}

/** What each operator decided in the month, whether or not it still stands, and how long their cases had waited. */
export function operatorLoads(decisions: readonly StandingDecision[], facts: MonthFacts): OperatorLoad[] {
  const waited = groupBy(decisions, ({ actor }) => actor);
  return [...groupBy(facts.decisions, ({ actor }) => actor)]
    .map(([operator, own]) => {
      const count = (action: string) => own.find((one) => one.action === action)?.count ?? 0;
      const seconds = (waited.get(operator) ?? []).map((decision) => decision.seconds);
      return {
        operator,
        confirmed: count('confirm'),
        rejected: count('reject'),
        fieldChecks: count('field-check'),
        undone: count('undo'),
        medianSeconds: quantile(seconds, 0.5),
      };
    })
    .sort((a, b) => b.confirmed + b.rejected - a.confirmed - a.rejected || a.operator.localeCompare(b.operator, 'en'));
}
