/** Muck trucks: one event a gate pass, with its findings as a list. */
import type { Finding, Observation, Rule, RuleContext, SlotUpdate, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { viewTimeOf } from '../view-time.ts';
import { findingOf, findingsOf, observationOf, type Pass, type PassFinding } from './finding.ts';
import { isBeyondReturn, leavePassage } from './gate-line.ts';
import { clipPass, dropAll, keepBest } from './pictures.ts';
import { followGround, type Ground, isOpen, noGround, type SpillWatch } from './spill.ts';
import {
  hasLeft,
  isLost,
  isSettled,
  matchTrucks,
  openTruck,
  seeTruck,
  splitPass,
  type Truck,
  trucksOf,
} from './truck.ts';
import {
  EARLY_FRAMES,
  EARLY_MAJORITY,
  MAX_HOLD_MS,
  MAX_STEP_MS,
  MAX_STEP_PACES,
  MIN_UPDATE_MS,
  PACE_GAIN,
} from './tuning.ts';
import { decide } from './votes.ts';

type Context = RuleContext<'muck-truck'>;
export type MuckTruckState = {
  readonly at: number | null;
  readonly watched: boolean;
  /** Usual time between two scenes, ms; 0 = not known yet. */
  readonly paceMs: number;
  readonly nextTruck: number;
  readonly trucks: readonly Truck[];
  readonly ground: Ground;
};

/** What is known of this pass by now; `left`: no better view of it will come. */
function passOf(truck: Truck, watch: SpillWatch | undefined, left: boolean, context: Context): Pass {
  const frames = context.params.minBedFrames;
  const decision = left ? decide(truck.votes, frames) : decide(truck.votes, frames + EARLY_FRAMES, EARLY_MAJORITY);
  return { truck, decision, watch };
}

/** Whether to wait for a clearer view of the bed before the first report. */
function isPremature({ truck, decision }: Pass, found: readonly PassFinding[], left: boolean, at: number): boolean {
  if (left || found.includes('uncovered')) return false;
  const known = !decision.muck || (decision.load !== 'unknown' && decision.cover !== 'unknown');
  return !known && at - (truck.passage.crossed?.at ?? at) < MAX_HOLD_MS;
}

function withAll(fired: readonly string[], found: readonly PassFinding[]): PassFinding[] {
  return [...new Set([...(fired as readonly PassFinding[]), ...found])];
}

type EvaluatedTruck = {
  readonly truck: Truck | null;
  readonly findings: readonly Finding<'muck-truck'>[];
  readonly slots: readonly SlotUpdate[];
  readonly observation: Observation<'muck-truck'> | null;
};

/** The start of a pass that is decided, or an update with what is new; null when there is neither. */
function report(pass: Pass, left: boolean, at: number, context: Context) {
  const { truck } = pass;
  const { fired } = truck;
  const found = findingsOf(pass, context);
  if (!fired) {
    if (found.length === 0 || isPremature(pass, found, left, at)) return null;
    const finding = findingOf('start', pass, found, at, context);
    return { finding, fired: { key: finding.key, findings: found, updatedAt: null, plate: truck.plate } };
  }
  const all = withAll(fired.findings, found);
  const tooSoon = fired.updatedAt !== null && at - fired.updatedAt < MIN_UPDATE_MS;
  if (all.length === fired.findings.length || tooSoon) return null;
  const finding = findingOf('update', pass, all, at, context);
  return { finding, fired: { ...fired, findings: all, updatedAt: at, plate: Math.max(fired.plate, truck.plate) } };
}

function evaluate(seen: Truck, watch: SpillWatch | undefined, scene: Scene, context: Context): EvaluatedTruck {
  const left = seen.closed || hasLeft(seen, context) || isLost(seen, scene.at, context);
  const gone = left && !seen.closed;
  const truck = gone ? { ...seen, passage: leavePassage(seen.passage, context, scene.aspect) } : seen;
  const pass = passOf(truck, watch, left, context);
  const decided = truck.fired !== null || left || isSettled(truck);
  const reported = decided ? report(pass, left, scene.at, context) : null;
  const findings = reported ? [reported.finding] : [];
  const waiting =
    watch !== undefined && truck.passage.crossed?.direction === 'outbound' && isOpen(watch, scene.at, context);
  const over = (truck.closed || isLost(truck, scene.at, context)) && !waiting;
  // Not before nothing can undo it: a truck that comes straight back has made no pass.
  const passed = over || (isSettled(truck) && (left || isBeyondReturn(truck.passage)));
  const observation = passed ? observationOf(truck, context) : null;
  const next = { ...truck, ...(reported && { fired: reported.fired }), ...(observation && { counted: true }) };
  if (!over) return { truck: next, findings, slots: [], observation };
  if (!next.fired) return { truck: null, findings, slots: dropAll(next, context), observation };
  const last = { ...pass, truck: next };
  const all = withAll(next.fired.findings, findingsOf(last, context));
  return {
    truck: null,
    findings: [...findings, findingOf('end', last, all, scene.at, context)],
    slots: dropAll(next, context),
    observation,
  };
}

/** Each truck with its sight of this scene, and the trucks that are new. */
function follow(state: MuckTruckState, scene: Scene, context: Context, certain: boolean) {
  const { at, aspect } = scene;
  const ms = at - (state.at ?? at);
  const tracks = trucksOf(scene.tracks, context.params.minScore);
  const { matched, fresh } = matchTrucks(state.trucks, tracks, at, aspect, ms);
  const slots: SlotUpdate[] = [];
  let nextTruck = state.nextTruck;
  const trucks = state.trucks.flatMap((truck): readonly Truck[] => {
    const track = matched.get(truck);
    if (!track) return [certain ? { ...truck, awayMs: truck.awayMs + ms } : truck];
    // All the time since its last sight was watched: away for all but this step.
    const watched = certain && at - truck.seenAt <= truck.awayMs + ms;
    const seen = seeTruck(truck, track, at, context, { certain: watched, aspect });
    const parts = splitPass(truck, seen, nextTruck);
    const last = parts[parts.length - 1] as Truck;
    if (last.id === nextTruck) nextTruck++;
    const best = keepBest(last, track, context);
    slots.push(...best.slots, ...clipPass(last, context));
    return [...parts.slice(0, -1), best.truck];
  });
  for (const track of fresh) {
    const best = keepBest(openTruck(nextTruck++, track, at, context, aspect), track, context);
    slots.push(...best.slots);
    trucks.push(best.truck);
  }
  return { trucks, nextTruck, slots };
}

const paceOf = (before: number, ms: number) => (before === 0 ? ms : before + PACE_GAIN * (ms - before));

function step(state: MuckTruckState, scene: Scene, context: Context): Step<'muck-truck', MuckTruckState> {
  const { watched, elapsed: ms, certain: sure } = viewTimeOf(state, scene);
  if (!watched) return { state: { ...state, at: scene.at, watched }, findings: [], slots: [], observations: [] };
  const usual = state.paceMs === 0 || ms <= Math.max(MAX_STEP_MS, MAX_STEP_PACES * state.paceMs);
  const certain = sure && usual;
  const { trucks, nextTruck, slots } = follow(state, scene, context, certain);
  const ground = followGround(state.ground, trucks, scene, context, certain ? ms : 0);
  const watchOf = (truck: Truck) => ground.watches.find((watch) => watch.truck === truck.id);
  const evaluated = trucks.map((truck) => evaluate(truck, watchOf(truck), scene, context));
  return {
    state: {
      at: scene.at,
      watched,
      paceMs: certain ? paceOf(state.paceMs, ms) : state.paceMs,
      nextTruck,
      trucks: evaluated.flatMap(({ truck }) => (truck ? [truck] : [])),
      ground,
    },
    findings: evaluated.flatMap(({ findings }) => findings),
    slots: [...slots, ...evaluated.flatMap((j) => j.slots)],
    observations: evaluated.flatMap(({ observation }) => observation ?? []),
  };
}

export const muckTruck: Rule<'muck-truck', MuckTruckState> = {
  kind: 'muck-truck',
  version: '1.2.2',
  // A truck passes in seconds, and at 5 frames a second an inference that waits longer costs the next one.
  urgency: { startWithinMs: 150, revisitMs: 1000 },
  groundBusyWith: ['muck_truck', 'truck'],
  init: () => ({ at: null, watched: true, paceMs: 0, nextTruck: 1, trucks: [], ground: noGround }),
  step,
  isIdle: ({ trucks, ground }) => trucks.length === 0 && ground.watches.length === 0,
};
