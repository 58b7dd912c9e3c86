/**
 * Events against a clip's truth: what was found, missed and false, and how late. An event matches when kind and zone
 * agree and its start lies within [`from`, `to` + 2 s]; each truth takes one event at most, the rest are false alarms.
 */
import type { ViolationEvent } from '../contracts/event.ts';
import { type ViolationKind, violationKinds } from '../contracts/violations/index.ts';
import type { Truth, TruthViolation } from './truth.ts';

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
export type SeenEvent = Pick<ViolationEvent, 'id' | 'kind' | 'zone' | 'startedAt' | 'at'>;

/** Seconds of the clip: when an event began, and when it was first told. */
type Sighting = {
  readonly id: string;
  readonly kind: ViolationKind;
  readonly zone: string;
  readonly start: number;
  readonly reported: number;
};

/** Revisions of one event are one sighting, told when the first of them was. */
function sightingsOf(events: readonly SeenEvent[], startAtMs: number): Sighting[] {
  const byId = new Map<string, Sighting>();
  for (const { id, kind, zone, startedAt, at } of events) {
    const start = (Date.parse(startedAt) - startAtMs) / 1000;
    const reported = Math.min((Date.parse(at) - startAtMs) / 1000, byId.get(id)?.reported ?? Number.POSITIVE_INFINITY);
    byId.set(id, { id, kind, zone, start, reported });
  }
  return [...byId.values()].sort((a, b) => a.start - b.start || a.id.localeCompare(b.id));
}

function scoreKind(truths: readonly TruthViolation[], sightings: readonly Sighting[]): KindScore {
  const open = new Set(truths);
  const delays: number[] = [];
  for (const { zone, start, reported } of sightings) {
    // By start, each takes the truth that ends first: so the most that can be matched are matched.
    const [match] = [...open]
      .filter((truth) => truth.zone === zone && start >= truth.from && start <= truth.to + LATE_START)
      .sort((a, b) => a.to - b.to || a.from - b.from);
    if (!match) continue;
    open.delete(match);
    delays.push(reported - match.dueAt);
  }
  return { truth: truths.length, detected: delays.length, falseAlarms: sightings.length - delays.length, delays };
}

/**
 * Scores one clip's events by kind; any revisions in any order, but delays need each event's first.
 * @param startAtMs instant of the clip's first frame, ms since the epoch
 */
export function scoreEvents(
  truth: Pick<Truth, 'violations'>,
  events: readonly SeenEvent[],
  startAtMs: number,
): EventScore {
  const sightings = sightingsOf(events, startAtMs);
  return Object.fromEntries(
    violationKinds.map((kind) => [
      kind,
      scoreKind(
        truth.violations.filter((violation) => violation.kind === kind),
        sightings.filter((sighting) => sighting.kind === kind),
      ),
    ]),
  ) as Record<ViolationKind, KindScore>;
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
