/** The figures of a month from its facts. Pure: the same facts give the same figures. */
import type { Headline, MonthFigures, RatedCount } from '../../../contracts/api/report-figures.ts';
import { groupBy, mean, shareOf } from './arithmetic.ts';
import { type CaseCourse, followCase } from './course.ts';
import type { CaseFact, FigureSettings, MonthFacts, ReportDeadlines } from './facts.ts';
import { handlingFigures } from './handling.ts';
import { daysOf, localDate, within } from './period.ts';
import {
  cameraFigures,
  coverageFigures,
  districtAssessments,
  hotSpots,
  recurrencePlaces,
  weekHours,
} from './places.ts';
import { decisionsIn, operatorLoads, precisionRows, receivedFigures, receivedIn, reviewFigures } from './review.ts';
import { carrierFigures, noticeFigures, siteFigures } from './sites.ts';

const outcomes = ['service', 'management', 'enforcement'] as const;

function outcomeShares(courses: readonly CaseCourse[], facts: MonthFacts) {
  const closed = courses.filter(({ closedAt }) => within(facts.period, closedAt));
  const share = (outcome: string): RatedCount =>
    shareOf(closed.filter(({ fact }) => fact.outcome === outcome).length, closed.length);
  const [service, management, enforcement] = outcomes.map(share) as [RatedCount, RatedCount, RatedCount];
  return { service, management, enforcement };
}

function dayFigures(received: readonly CaseFact[], courses: readonly CaseCourse[], { period }: MonthFacts) {
  const rows = new Map(daysOf(period).map((day) => [day, { day, received: 0, filed: 0, handled: 0, closed: 0 }]));
  const count = (at: number | null, what: 'received' | 'filed' | 'handled' | 'closed') => {
    const row = within(period, at) ? rows.get(localDate(at, period.utcOffsetMinutes)) : undefined;
    if (row) row[what] += 1;
  };
  for (const { openedAt } of received) count(openedAt, 'received');
  for (const { fact, feedbacks, closedAt } of courses) {
    count(fact.confirmedAt, 'filed');
    count(feedbacks.find((at) => within(period, at)) ?? null, 'handled');
    count(closedAt, 'closed');
  }
  return [...rows.values()];
}

/** Time from the start to the end of what ended in the month; passes are over at once and say nothing. */
function clearingFigures(received: readonly CaseFact[], lasting: readonly string[], { period }: MonthFacts) {
  const kinds = groupBy(
    received.filter(({ endedAt }) => within(period, endedAt)),
    ({ kind }) => kind,
  );
  return lasting.map((kind) => {
    const own = kinds.get(kind) ?? [];
    const spans = own.map(({ startedAt, endedAt }) => ((endedAt ?? startedAt) - startedAt) / 1000);
    return { kind, cases: own.length, meanSeconds: mean(spans) };
  });
}

export type KindFacts = {
  readonly kinds: readonly string[];
  /** Kinds whose cases last: everything but single passes. */
  readonly lasting: readonly string[];
};

type Parts = { readonly facts: MonthFacts; readonly deadlines: ReportDeadlines; readonly settings: FigureSettings };

/** What is the same for the headline and for all the rest. */
function basis({ facts, deadlines, settings }: Parts) {
  const received = receivedIn(facts.period, facts.cases);
  const decisions = decisionsIn(facts.period, facts.cases);
  const courses = facts.cases
    .filter(({ confirmedAt }) => confirmedAt !== null && confirmedAt < facts.period.to)
    .map((fact) => followCase(fact, deadlines));
  const review = reviewFigures(decisions, facts);
  const handling = handlingFigures(courses, received.length, facts.period, settings);
  const headline: Headline = {
    received: received.length,
    confirmed: review.confirmed,
    precision: review.precision,
    filed: handling.filed,
    filingRate: handling.filingRate,
    handled: handling.handled,
    handlingRate: handling.handlingRate,
    onTimeRate: handling.onTimeRate,
    reworkRate: handling.reworkRate,
    outstanding: handling.outstanding,
    closed: handling.closed,
    medianSeconds: review.medianSeconds,
  };
  return { received, decisions, courses, review, handling, headline };
}

/** The first page alone, for a comparison. */
export function headlineOf(parts: Parts): Headline {
  return basis(parts).headline;
}

/**
 * Everything that the bulletin says in figures.
 *
 * @param previous the month before, signed or as known now
 * @param now ms since the epoch, for what is overdue
 */
export function monthFigures(
  parts: Parts,
  { kinds, lasting }: KindFacts,
  previous: MonthFigures['previous'],
  now: number,
): MonthFigures {
  const { facts, settings } = parts;
  const { received, decisions, courses, review, handling, headline } = basis(parts);
  return {
    headline,
    previous,
    received: receivedFigures(received, facts, kinds),
    review,
    handling,
    outcomes: outcomeShares(courses, facts),
    days: dayFigures(received, courses, facts),
    weekHours: weekHours(received, facts.period),
    hotSpots: hotSpots(received, facts.period),
    recurrencePlaces: recurrencePlaces(received),
    clearing: clearingFigures(received, lasting, facts),
    counted: facts.counted.map((one) => ({ ...one, statistics: [...one.statistics] })),
    sites: siteFigures(received, facts, now),
    carriers: carrierFigures(received, facts),
    notices: noticeFigures(facts.notices, now),
    coverage: coverageFigures(facts),
    cameras: cameraFigures(received, facts),
    precision: precisionRows(decisions),
    operators: operatorLoads(decisions, facts),
    districts: districtAssessments(received, courses, facts, settings),
  };
}
