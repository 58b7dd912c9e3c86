/** From filing to closing: rates with the denominators of the city's bulletins. Pure. */
import type { HandlingFigures } from '../../../contracts/api/report-figures.ts';
import { shareOf, tally } from './arithmetic.ts';
import type { CaseCourse } from './course.ts';
import type { FigureSettings, ReportPeriod } from './facts.ts';
import { within } from './period.ts';

/**
 * Figures of some cases.
 *
 * 立案率 = filed / received; 处置率 = handled / due; 按期处置率 = handled in time / due; 结案率 = closed / due to close
 * (domain brief §2). `due` are limits that ended in the month, so that a rate of a month never exceeds 1.
 *
 * @param received incidents of the month, for the filing rate
 */
export function handlingFigures(
  courses: readonly CaseCourse[],
  received: number,
  period: ReportPeriod,
  settings: FigureSettings,
): HandlingFigures {
  const inMonth = (at: number | null) => within(period, at);
  const some = (times: readonly number[]) => times.some(inMonth);
  // A limit that has not ended yet is nobody's lateness.
  const ended = (at: number | null) => within(period, at) && at <= period.until;
  const filed = courses.filter(({ fact }) => inMonth(fact.confirmedAt)).length;
  const dispatched = courses.filter(({ dispatchedAt }) => inMonth(dispatchedAt)).length;
  const handled = courses.filter(({ feedbacks }) => some(feedbacks)).length;
  const reworked = courses.filter(({ reworks }) => some(reworks)).length;
  const closed = courses.filter(({ closedAt }) => inMonth(closedAt)).length;
  const counts = (course: CaseCourse) =>
    course.stateThen !== 'voided' && course.stateThen !== 'merged' && !course.appealed;
  const allDue = courses.filter((course) => counts(course) && ended(course.dueAt));
  const due = settings.deferredLeave ? allDue.filter(({ deferred }) => !deferred) : allDue;
  const toClose = courses.filter(
    (course) => counts(course) && ended(course.closeDueAt) && !(settings.deferredLeave && course.deferred),
  );
  const late = ({ handledAt, dueAt }: CaseCourse) => handledAt === null || dueAt === null || handledAt > dueAt;
  const outstanding = courses.filter((course) => course.outstanding);
  const reworkOf = { handled, dispatched, closed }[settings.reworkOf];
  return {
    filed,
    filingRate: shareOf(filed, received),
    dispatched,
    returned: courses.filter(({ returns }) => some(returns)).length,
    due: due.length,
    handlingRate: shareOf(due.filter(({ handledAt }) => handledAt !== null).length, due.length),
    onTimeRate: shareOf(due.filter((course) => !late(course)).length, due.length),
    handled,
    reworked,
    reworkRate: shareOf(reworked, reworkOf),
    deferred: allDue.filter(({ deferred }) => deferred).length,
    appealed: courses.filter(({ appealed }) => appealed).length,
    outstanding: outstanding.length,
    outstandingByState: tally(outstanding, ({ stateThen }) => stateThen),
    closed,
    closingDue: toClose.length,
    closingRate: shareOf(toClose.filter(({ closedAt }) => closedAt !== null).length, toClose.length),
    closedOnTimeRate: shareOf(
      toClose.filter(({ closedAt, closeDueAt }) => closedAt !== null && closeDueAt !== null && closedAt <= closeDueAt)
        .length,
      toClose.length,
    ),
  };
}
