/**
 * Events against a clip's truth: what was found, missed and false, and how late. An event matches when kind and zone
 * agree and its start lies within [`from`, `to` + 2 s]; each truth takes one event at most, the rest are false alarms.
 */

import type { ViolationEvent } from '../../contracts/event.ts';
import { isProposal } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violationKinds } from '../../contracts/violations/index.ts';
import type { Truth, TruthViolation } from '../truth/truth.ts';

/** An event may start this long after the violation's end in the world, s (interfaces, "Files"). */
const LATE_START = 2;

export type KindScore = {
  readonly truth: number;
  readonly detected: number;
  readonly falseAlarms: number;
  /** From due to reported for each that was found, s; negative when it was reported early. */
  readonly delays: readonly number[];
};
export type EventScore = Readonly<Record<ViolationKind, KindScore>>;
export type SeenEvent = Pick<ViolationEvent, 'id' | 'kind' | 'zone' | 'startedAt' | 'at'> & {
  readonly rev?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
};

/** Seconds of the clip: when an event began, and when it was first reported. */
export type ReportedEvent = {
  readonly id: string;
  readonly kind: ViolationKind;
  readonly zone: string;
  readonly start: number;
  readonly reported: number;
  /** As the last revision says. */
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Proposals tell of no violation. Revisions of one event are one event, reported when the first of them was. */
function reportedEventsOf(events: readonly SeenEvent[], startAtMs: number): ReportedEvent[] {
  const byId = new Map<string, ReportedEvent & { readonly rev: number }>();
  for (const { id, kind, zone, startedAt, at, rev = 1, detail = {} } of events) {
    if (isProposal(detail)) continue;
    const before = byId.get(id);
    const start = (Date.parse(startedAt) - startAtMs) / 1000;
    const reported = Math.min((Date.parse(at) - startAtMs) / 1000, before?.reported ?? Number.POSITIVE_INFINITY);
    const last = before && before.rev > rev ? { rev: before.rev, detail: before.detail } : { rev, detail };
    byId.set(id, { id, kind, zone, start, reported, ...last });
  }
  return [...byId.values()].sort((a, b) => a.start - b.start || a.id.localeCompare(b.id));
}

/** What became of one violation of the truth, or of one event: a pair of both, a miss, or a false alarm. */
export type MatchOutcome =
  | {
      readonly verdict: 'found';
      readonly kind: ViolationKind;
      readonly truth: TruthViolation;
      readonly seen: ReportedEvent;
      readonly delay: number;
    }
  | { readonly verdict: 'missed'; readonly kind: ViolationKind; readonly truth: TruthViolation }
  | { readonly verdict: 'false'; readonly kind: ViolationKind; readonly seen: ReportedEvent };

function matchKind(
  kind: ViolationKind,
  truths: readonly TruthViolation[],
  reportedEvents: readonly ReportedEvent[],
): readonly MatchOutcome[] {
  const open = new Set(truths);
  const outcomes = reportedEvents.map((seen): MatchOutcome => {
    // By start, each takes the truth that ends first: so the most that can be matched are matched.
    const [truth] = [...open]
      .filter(({ zone, from, to }) => zone === seen.zone && seen.start >= from && seen.start <= to + LATE_START)
      .sort((a, b) => a.to - b.to || a.from - b.from);
    if (!truth) return { verdict: 'false', kind, seen };
    open.delete(truth);
    const delay = Math.round(1000 * (seen.reported - truth.dueAt)) / 1000;
    return { verdict: 'found', kind, truth, seen, delay };
  });
  return [...outcomes, ...[...open].map((truth): MatchOutcome => ({ verdict: 'missed', kind, truth }))];
}

/**
 * Pairs one clip's events with its truth; any revisions in any order, but delays need each event's first.
 * @param startAtMs instant of the clip's first frame, ms since the epoch
 */
export function matchEvents(
  truth: Pick<Truth, 'violations'>,
  events: readonly SeenEvent[],
  startAtMs: number,
): MatchOutcome[] {
  const reportedEvents = reportedEventsOf(events, startAtMs);
  return violationKinds.flatMap((kind) =>
    matchKind(
      kind,
      truth.violations.filter((violation) => violation.kind === kind),
      reportedEvents.filter((event) => event.kind === kind),
    ),
  );
}

/** Counts outcomes by kind. */
export function scoreOutcomes(outcomes: readonly MatchOutcome[]): EventScore {
  const scoreOf = (kind: ViolationKind): KindScore => {
    const own = outcomes.filter((outcome) => outcome.kind === kind);
    const delays = own.flatMap((outcome) => (outcome.verdict === 'found' ? [outcome.delay] : []));
    const falseAlarms = own.filter(({ verdict }) => verdict === 'false').length;
    return { truth: own.length - falseAlarms, detected: delays.length, falseAlarms, delays };
  };
  return Object.fromEntries(violationKinds.map((kind) => [kind, scoreOf(kind)])) as Record<ViolationKind, KindScore>;
}

/** Scores one clip's events by kind, as `matchEvents` pairs them. */
export function scoreEvents(
  truth: Pick<Truth, 'violations'>,
  events: readonly SeenEvent[],
  startAtMs: number,
): EventScore {
  return scoreOutcomes(matchEvents(truth, events, startAtMs));
}

/** Sums the scores of several clips. */
export function addScores(scores: readonly EventScore[]): EventScore {
  const sum = (kind: ViolationKind, figure: 'truth' | 'detected' | 'falseAlarms') =>
    scores.reduce((total, score) => total + score[kind][figure], 0);
  return Object.fromEntries(
    violationKinds.map((kind): [ViolationKind, KindScore] => [
      kind,
      {
        truth: sum(kind, 'truth'),
        detected: sum(kind, 'detected'),
        falseAlarms: sum(kind, 'falseAlarms'),
        delays: scores.flatMap((score) => score[kind].delays),
      },
    ]),
  ) as Record<ViolationKind, KindScore>;
}
