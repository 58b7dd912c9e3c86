/** Shared-bike clutter: parked bikes counted by foot point, with a hold and hysteresis for each matter of a zone. */
import type { Rule, RuleContext, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { isNewMinute, lookOf } from '../looks.ts';
import { countBikes, mattersOf } from './count.ts';
import { rememberBikes, type StandingBike, waitUnknown } from './standing.ts';
import { judge, quiet, type Watch } from './watch.ts';

type Context = RuleContext<'bike-clutter'>;

export type BikeClutterState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly bikes: readonly StandingBike[];
  /** [ms, count of each matter] of late, for the median. */
  readonly recent: readonly (readonly [number, readonly number[]])[];
  /** By matter. */
  readonly watches: Readonly<Record<string, Watch>>;
  /** When bikes were last counted for an observation, ms; missing before the first and in states of before 0.5. */
  readonly observedAt?: number | undefined;
};

/** Window of the median that takes flicker out of the counts. */
const MEDIAN_MS = 3000;

/** The lower one of two in the middle: what is not sure yet does not count yet. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function step(state: BikeClutterState, scene: Scene, context: Context): Step<'bike-clutter', BikeClutterState> {
  const { watched, elapsed, certain } = lookOf(state, scene);
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
  const watches: Record<string, Watch> = {};
  const judged = mattersOf(context).map((matter, i) => {
    const value = median(recent.map(([, of]) => of[i] ?? 0));
    const before = state.watches[matter.id] ?? quiet;
    const result = judge(before, { matter, value, bikes: count.of[i] ?? [] }, count, dt, scene, context);
    watches[matter.id] = result.watch;
    return result;
  });
  const observes = isNewMinute(state.observedAt, at);
  const observed = { bikes: count.total, outsideBays: count.outside.length };
  return {
    state: { at, watched, bikes, recent, watches, observedAt: observes ? at : state.observedAt },
    findings: judged.flatMap(({ findings }) => findings),
    slots: judged.flatMap(({ slots }) => slots),
    observations: observes ? [{ kind: 'bike-clutter', at, observed }] : [],
  };
}

export const bikeClutter: Rule<'bike-clutter', BikeClutterState> = {
  kind: 'bike-clutter',
  version: '1.1.0',
  // Works in minutes; what lies between two looks up to 15 s apart still counts as seen (looks.ts).
  urgency: { startWithinMs: 2000, revisitMs: 10_000 },
  init: () => ({ at: null, watched: true, bikes: [], recent: [], watches: {} }),
  step,
  isIdle: ({ watches }) =>
    Object.values(watches).every(({ aboveSince, fired }) => aboveSince === null && fired === null),
};
