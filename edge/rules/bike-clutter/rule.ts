/** Shared-bike clutter: parked bikes counted by foot point, with a hold and hysteresis for each criterion of a zone. */
import type { Rule, RuleContext, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { lowerMedian } from '../../geometry/numbers.ts';
import { isNewMinute, viewTimeOf } from '../view-time.ts';
import { countBikes } from './count.ts';
import { type CriterionState, criteriaOf, quiet } from './criterion.ts';
import { evaluate } from './evaluate.ts';
import { rememberBikes, type StandingBike, waitUnknown } from './standing.ts';
import { MEDIAN_MS } from './tuning.ts';

type Context = RuleContext<'bike-clutter'>;

export type BikeClutterState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly bikes: readonly StandingBike[];
  /** [ms, count of each criterion] of late, for the median. */
  readonly recent: readonly (readonly [number, readonly number[]])[];
  /** By criterion. */
  readonly watches: Readonly<Record<string, CriterionState>>;
  /** When bikes were last counted for an observation, ms; missing before the first and in states of before 0.5. */
  readonly observedAt?: number | undefined;
};

function step(state: BikeClutterState, scene: Scene, context: Context): Step<'bike-clutter', BikeClutterState> {
  const { watched, elapsed, certain } = viewTimeOf(state, scene);
  const at = scene.at;
  if (!watched) {
    const bikes = waitUnknown(state.bikes, elapsed);
    return { state: { ...state, at, watched, bikes }, findings: [], slots: [], observations: [] };
  }
  const dt = certain ? elapsed : 0;
  const known = certain ? state.bikes : waitUnknown(state.bikes, elapsed);
  const bikes = rememberBikes(known, scene, context.params, dt);
  const count = countBikes(bikes, context);
  const counts = count.of.map((list) => list.length);
  const recent = [...state.recent.filter(([t]) => at - t < MEDIAN_MS), [at, counts] as const];
  const watches: Record<string, CriterionState> = {};
  const evaluated = criteriaOf(context).map((criterion, i) => {
    // Of two in the middle the lower one: what is not sure yet does not count yet.
    const value = lowerMedian(recent.map(([, of]) => of[i] ?? 0));
    const before = state.watches[criterion.id] ?? quiet;
    const result = evaluate(before, { criterion, value, bikes: count.of[i] ?? [] }, count, dt, scene, context);
    watches[criterion.id] = result.state;
    return result;
  });
  const observes = isNewMinute(state.observedAt, at);
  const observed = { bikes: count.total, outsideBays: count.outside.length };
  return {
    state: { at, watched, bikes, recent, watches, observedAt: observes ? at : state.observedAt },
    findings: evaluated.flatMap(({ findings }) => findings),
    slots: evaluated.flatMap(({ slots }) => slots),
    observations: observes ? [{ kind: 'bike-clutter', at, observed }] : [],
  };
}

export const bikeClutter: Rule<'bike-clutter', BikeClutterState> = {
  kind: 'bike-clutter',
  version: '1.1.0',
  // Works in minutes; what lies between two frames up to 15 s apart still counts as seen (view-time.ts).
  urgency: { startWithinMs: 2000, revisitMs: 10_000 },
  init: () => ({ at: null, watched: true, bikes: [], recent: [], watches: {} }),
  step,
  isIdle: ({ watches }) =>
    Object.values(watches).every(({ aboveSince, fired }) => aboveSince === null && fired === null),
};
