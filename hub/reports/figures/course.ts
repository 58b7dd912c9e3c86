/** One case from dispatch to its end, as its trail tells it up to the month's end. Pure. */
import type { CaseFact, ReportDeadlines, TrailStep } from './facts.ts';

/** What a step says when it moves a deadline on; the state may stay. */
const DEFERS: ReadonlySet<string> = new Set(['extension', 'extend', 'defer']);
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
  /** When the handling limit ends: counted from the last dispatch before the first feedback. */
  readonly dueAt: number | null;
  readonly closeDueAt: number | null;
  /** The first feedback. */
  readonly handledAt: number | null;
  readonly feedbacks: readonly number[];
  readonly returns: readonly number[];
  /** Inspections that failed, and ends that were taken back. */
  readonly reworks: readonly number[];
  readonly deferred: boolean;
  /** When it was closed, where it still was when the month ended. */
  readonly closedAt: number | null;
  readonly stateThen: string;
  readonly outstanding: boolean;
};

const timesOf = (trail: readonly TrailStep[], which: (step: TrailStep) => boolean): number[] =>
  trail.filter(which).map(({ at }) => at);

const isRework = ({ action, from, to }: TrailStep) =>
  (from === 'inspecting' && (to === 'handling' || to === 'rework')) || (action === 'reopen' && from === 'closed');

/** Follows the trail of one case. */
export function followCase(fact: CaseFact, deadlines: ReportDeadlines): CaseCourse {
  const { trail } = fact;
  const dispatches = timesOf(trail, ({ to, from }) => to === 'dispatched' && from !== 'dispatched');
  const feedbacks = timesOf(trail, ({ to, from }) => to === 'feedback' && from !== 'feedback');
  const handledAt = feedbacks[0] ?? null;
  const since = dispatches.filter((at) => handledAt === null || at <= handledAt).at(-1) ?? null;
  const dueAt = since === null ? null : deadlines.handling(fact, since);
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
    deferred: trail.some(({ action }) => DEFERS.has(action)),
    closedAt: stateThen === 'closed' ? (timesOf(trail, ({ to }) => to === 'closed').at(-1) ?? null) : null,
    stateThen,
    outstanding: fact.confirmedAt !== null && !DONE.has(stateThen),
  };
}
