/** What a case says of its events: the same whatever the order in which they came. */

export type EventFacts = {
  readonly id: string;
  readonly startedAt: string;
  readonly at: string;
  readonly endedAt: string | null;
  readonly score: number;
  readonly thumbnail: string | null;
};

export type CaseSummaryFacts = {
  readonly startedAt: string;
  /** null while one of the events goes on */
  readonly endedAt: string | null;
  readonly lastSeenAt: string;
  readonly sightings: number;
  readonly score: number;
  readonly thumbnail: string | null;
  /** The event whose detail the case shows. */
  readonly latest: string;
};

const EARLIEST_FIRST = (a: EventFacts, b: EventFacts) =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** @param events the highest revision of each event of the case; at least one */
export function summarise(events: readonly EventFacts[]): CaseSummaryFacts {
  const ordered = [...events].sort(EARLIEST_FIRST);
  const latest = ordered.at(-1);
  if (!latest) throw new RangeError('a case has at least one event');
  const starts = ordered.map((event) => event.startedAt).sort();
  const ends = ordered.map((event) => event.endedAt);
  return {
    startedAt: starts[0] ?? latest.startedAt,
    endedAt: ends.includes(null) ? null : (ends.sort().at(-1) ?? null),
    lastSeenAt: latest.at,
    sightings: ordered.length,
    score: ordered.reduce((most, event) => Math.max(most, event.score), 0),
    thumbnail: ordered.findLast((event) => event.thumbnail !== null)?.thumbnail ?? null,
    latest: latest.id,
  };
}
