/** One case from dispatch to its end, as its trail tells it up to the month's end. Pure. */
import type { CaseFact, ReportDeadlines, TrailStep } from './facts.ts';

/** Handled, or over: nothing is outstanding. A state that is not known here is one of work that goes on. */
const DONE: ReadonlySet<string> = new Set([
  'feedback',
  'inspecting',
  'closed',
  'voided',
  'merged',
  'rejected',
  'expired',
  'pending-review',
  'proposed',
  'field-check',
]);

export type CaseCourse = {
  readonly fact: CaseFact;
  /** When a unit was sent first. */
  readonly dispatchedAt: number | null;
  /** When the handling limit ends: counted from the last dispatch before the first feedback, or what was granted. */
  readonly dueAt: number | null;
  readonly closeDueAt: number | null;
  /** The first feedback. */
  readonly handledAt: number | null;
  readonly feedbacks: readonly number[];
  readonly returns: readonly number[];
  /** Inspections that failed, and ends that were taken back. */
  readonly reworks: readonly number[];
  /** It was given more time. */
  readonly deferred: boolean;
  /** An objection is open: until it is answered the case counts in no score. */
  readonly appealed: boolean;
  /** When it was closed, where it still was when the month ended. */
  readonly closedAt: number | null;
  readonly stateThen: string;
  readonly outstanding: boolean;
};

const timesOf = (trail: readonly TrailStep[], which: (step: TrailStep) => boolean): number[] =>
  trail.filter(which).map(({ at }) => at);

const isRework = ({ action, from, to }: TrailStep) =>
  (from === 'inspecting' && (to === 'handling' || to === 'rework')) || (action === 'reopen' && from === 'closed');

/** The limit that was granted last in the round that began with `since`; null where none was. */
function extendedTo(trail: readonly TrailStep[], since: number | null, handledAt: number | null): number | null {
  let asked: number | null = null;
  let granted: number | null = null;
  for (const { action, at, until } of trail) {
    if (since === null || at < since || (handledAt !== null && at > handledAt)) continue;
    if (action === 'extend') asked = until;
    if (action === 'grant-extension') granted = asked;
  }
  return granted;
}

/** Follows the trail of one case. */
export function followCase(fact: CaseFact, deadlines: ReportDeadlines): CaseCourse {
  const { trail } = fact;
  const dispatches = timesOf(trail, ({ to, from }) => to === 'dispatched' && from !== 'dispatched');
  const feedbacks = timesOf(trail, ({ to, from }) => to === 'feedback' && from !== 'feedback');
  const handledAt = feedbacks[0] ?? null;
  const since = dispatches.filter((at) => handledAt === null || at <= handledAt).at(-1) ?? null;
  const extended = extendedTo(trail, since, handledAt);
  const dueAt = extended ?? (since === null ? null : deadlines.handling(fact, since));
  const objection = trail.findLast(({ action }) => action === 'appeal' || action === 'answer-appeal');
  const stateThen = trail.at(-1)?.to ?? fact.state;
  return {
    fact,
    dispatchedAt: dispatches[0] ?? null,
    dueAt,
    closeDueAt: dueAt === null ? null : deadlines.inspection(fact, dueAt),
    handledAt,
    feedbacks,
    returns: timesOf(trail, ({ to, from }) => to === 'returned' && from !== 'returned'),
    reworks: timesOf(trail, isRework),
    deferred: extended !== null,
    appealed: objection?.action === 'appeal',
    closedAt: stateThen === 'closed' ? (timesOf(trail, ({ to }) => to === 'closed').at(-1) ?? null) : null,
    stateThen,
    outstanding: fact.confirmedAt !== null && !DONE.has(stateThen),
  };
}
