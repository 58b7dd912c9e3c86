/** In which ways a zone can be cluttered, and how far each is on its way from quiet to event and back. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { RuleContext } from '../../domain/rule.ts';
import type { StandingBike } from './standing.ts';

/** One way in which a zone can be cluttered: its bikes, and what is too many of them. */
export type Criterion = {
  /** Names the criterion in the state and in keys: the reason, and the bay or area. */
  readonly id: string;
  readonly reason: Detail<'bike-clutter'>['reason'];
  readonly place: string | null;
  /** From this count on it is too many, for so long. */
  readonly threshold: number;
  readonly holdMs: number;
  /** Below this count it is over. */
  readonly low: number;
};

/** The criteria of a zone, in a fixed order. */
export function criteriaOf({ zone, params }: RuleContext<'bike-clutter'>): Criterion[] {
  const { endShare } = params;
  const outside: Criterion = {
    id: 'outside-bay',
    reason: 'outside-bay',
    place: null,
    threshold: params.minCount,
    holdMs: params.holdSeconds * 1000,
    low: endShare * params.minCount,
  };
  const sensitive = (zone.sensitive ?? []).map(
    ({ id }): Criterion => ({
      id: `sensitive-surface-${id}`,
      reason: 'sensitive-surface',
      place: id,
      threshold: params.sensitiveCount,
      holdMs: params.sensitiveHoldSeconds * 1000,
      low: endShare * params.sensitiveCount,
    }),
  );
  const bays = (zone.bays ?? []).map(({ id, capacity }): Criterion => {
    // "More than 120 %": a bay that is exactly so full is not overfull.
    const most = Math.floor(params.bayOverfill * capacity + 1e-9);
    return {
      id: `bay-overfull-${id}`,
      reason: 'bay-overfull',
      place: id,
      threshold: most + 1,
      holdMs: params.bayHoldSeconds * 1000,
      low: endShare * params.bayOverfill * capacity,
    };
  });
  return [outside, ...sensitive, ...bays];
}

/** What a criterion's bikes are now: `value` is their count without flicker. */
export type Level = {
  readonly criterion: Criterion;
  readonly value: number;
  readonly bikes: readonly StandingBike[];
};

/** Saved with the rule's state. */
export type CriterionState = {
  /** At or above the threshold since, ms, and how much of that was watched. */
  readonly aboveSince: number | null;
  readonly aboveMs: number;
  /** Time below the threshold within the hold; and below the lower one, which ends an event. */
  readonly dipMs: number;
  readonly belowMs: number;
  readonly belowSince: number | null;
  readonly fired: {
    readonly key: string;
    readonly startedAt: number;
    readonly saidAt: number;
    /** Greatest count, greatest and last count that was reported. */
    readonly worst: number;
    readonly saidWorst: number;
    readonly saidCount: number;
  } | null;
  /** [seconds since the start, count] */
  readonly series: readonly (readonly [number, number])[];
};
/** Nothing is held and no event is open. */
export const quiet: CriterionState = {
  aboveSince: null,
  aboveMs: 0,
  dipMs: 0,
  belowMs: 0,
  belowSince: null,
  fired: null,
  series: [],
};
