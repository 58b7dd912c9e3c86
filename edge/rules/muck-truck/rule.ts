/** Muck trucks: one event a gate pass, with its findings as a list. */
import type { Point } from '../../../contracts/geometry.ts';
import type { Detail } from '../../../contracts/violations/index.ts';
import type { Finding, Keep, Rule, RuleSetting, Step, StillWish } from '../../domain/rule.ts';
import type { GroundSample, Scene } from '../../domain/scene.ts';
import { changedCells, isClear, patchOutline } from './spill.ts';
import { bedQuality, DECIDE_MS, matchTrucks, openTruck, seeTruck, splitPass, type Truck, trucksOf } from './truck.ts';
import { decide } from './votes.ts';

type Setting = RuleSetting<'muck-truck'>;
type Found = Detail<'muck-truck'>['findings'][number];
type Spill = {
  readonly truck: number;
  /** Ground before the pass; last time that the truck was near; when new material was first and last seen. */
  readonly before: GroundSample;
  readonly behindAt: number;
  readonly newSince: number | null;
  readonly polygon: readonly Point[] | null;
  readonly beforeAt: number;
};
export type MuckTruckState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly nextTruck: number;
  readonly trucks: readonly Truck[];
  readonly ground: { readonly at: number; readonly sample: GroundSample } | null;
  readonly spills: readonly Spill[];
};

const CERTAIN_MS = 15_000;
/** Better pictures only: each costs an encoding. */
const BETTER = 1.15;
/** Waiting for a spill beyond what it must persist. */
const SPILL_SLACK_MS = 20_000;

const slotOf = (setting: Setting, truck: Truck, what: string) => `${setting.zone.id}-truck-${truck.id}-${what}`;
const round = (value: number, digits: number) => Number(value.toFixed(digits));

function findingsOf(truck: Truck, spill: Spill | undefined, setting: Setting): Found[] {
  const { load, cover } = decide(truck.votes, setting.params.minBedFrames);
  const found: Found[] = [];
  if (truck.crossed?.direction !== 'outbound') return found;
  if (load === 'loaded' && cover === 'uncovered') found.push('uncovered');
  if (spill?.polygon) found.push('spill');
  if (setting.zone.washBox && truck.muck && truck.washMs < setting.params.washSeconds * 1000) found.push('unwashed');
  return found;
}

function stillsOf(phase: 'start' | 'update' | 'end', truck: Truck, spill: Spill | undefined, setting: Setting) {
  const stills: StillWish[] = [];
  if (phase === 'start') {
    if (truck.approach > 0) stills.push({ role: 'approach', from: 'slot', slot: slotOf(setting, truck, 'approach') });
    if (truck.bed > 0) stills.push({ role: 'bed', from: 'slot', slot: slotOf(setting, truck, 'bed') });
    stills.push({ role: 'during', from: 'frame' });
  }
  if (spill?.polygon && phase !== 'end') {
    stills.push(
      { role: 'ground-before', from: 'history', before: spill.beforeAt },
      { role: 'ground-after', from: 'frame' },
    );
  }
  if (phase === 'end' && !spill?.polygon) stills.push({ role: 'after', from: 'frame' });
  return stills;
}

function findingOf(
  phase: 'start' | 'update' | 'end',
  truck: Truck,
  found: readonly Found[],
  spill: Spill | undefined,
  scene: Scene,
  setting: Setting,
): Finding<'muck-truck'> {
  const crossed = truck.crossed ?? { at: truck.firstAt, direction: 'outbound' as const };
  const { load, cover } = decide(truck.votes, setting.params.minBedFrames);
  const box = truck.box.map((v) => round(Math.min(2, Math.max(-1, v)), 5)) as [number, number, number, number];
  return {
    kind: 'muck-truck',
    phase,
    key: truck.fired?.key ?? `${crossed.at}-${Math.round(truck.foot[0] * 1000)}`,
    startedAt: crossed.at,
    at: scene.at,
    endedAt: phase === 'end' ? Math.max(crossed.at, truck.seenAt) : null,
    score: round(truck.score, 4),
    objects: [{ track: truck.track, class: truck.muck ? 'muck_truck' : 'truck', score: truck.score, box }],
    detail: {
      direction: crossed.direction,
      load,
      cover,
      spill: spill?.polygon ? { areaM2: null, polygon: spill.polygon.map(([x, y]) => [x, y]) } : null,
      washSeconds: setting.zone.washBox ? round(truck.washMs / 1000, 1) : null,
      plate: null,
      permit: null,
      findings: [...found],
      site: setting.zone.site ?? null,
      bedFrames: truck.votes.length,
    },
    stills: stillsOf(phase, truck, spill, setting),
  };
}

/** Follows the ground behind the trucks that have crossed. */
function watchGround(spills: readonly Spill[], scene: Scene, setting: Setting): Spill[] {
  const { ground } = setting.zone;
  const sample = scene.ground?.[setting.zone.id];
  if (!ground || !sample || !isClear(ground, scene.tracks)) return [...spills];
  return spills.map((spill) => {
    if (spill.polygon) return spill;
    const outline = patchOutline(changedCells(spill.before, sample), sample, ground);
    if (!outline) return { ...spill, newSince: null };
    const newSince = spill.newSince ?? scene.at;
    const behind = newSince - spill.behindAt <= setting.params.spillBehindSeconds * 1000;
    const persisted = scene.at - newSince >= setting.params.spillPersistSeconds * 1000;
    return { ...spill, newSince, polygon: behind && persisted ? outline : null };
  });
}

/** Which pictures of this truck are worth keeping now. */
function keepBest(truck: Truck, quality: number, setting: Setting): { truck: Truck; keeps: Keep[] } {
  const keeps: Keep[] = [];
  let next = truck;
  const size = Math.sqrt(Math.max(0, truck.box[2] * truck.box[3]));
  if (!truck.crossed && size > truck.approach * BETTER * BETTER) {
    next = { ...next, approach: size };
    keeps.push({ slot: slotOf(setting, truck, 'approach') });
  }
  if (quality > truck.bed * BETTER) {
    next = { ...next, bed: quality };
    keeps.push({ slot: slotOf(setting, truck, 'bed') });
  }
  return { truck: next, keeps };
}

function judge(truck: Truck, spill: Spill | undefined, scene: Scene, setting: Setting) {
  const lost = scene.at - truck.seenAt > setting.params.lostSeconds * 1000;
  const waitMs = (setting.params.spillBehindSeconds + setting.params.spillPersistSeconds) * 1000 + SPILL_SLACK_MS;
  const waiting = spill !== undefined && !spill.polygon && scene.at - spill.behindAt < waitMs;
  const found = findingsOf(truck, spill, setting);
  const decided = truck.crossed !== null && (lost || scene.at - truck.crossed.at >= DECIDE_MS);
  const findings: Finding<'muck-truck'>[] = [];
  let next: Truck | null = truck;
  const say = (phase: 'start' | 'update' | 'end', of: Truck) => {
    const finding = findingOf(phase, of, found, spill, scene, setting);
    findings.push(finding);
    return { ...of, fired: { key: finding.key, findings: found } };
  };
  // A truck that turned round after its event has no findings any more; the event keeps what it said.
  if (decided && found.length > 0 && !truck.fired) next = say('start', truck);
  else if (truck.fired && found.length > truck.fired.findings.length) next = say('update', truck);
  const over = lost && !waiting;
  const keeps: Keep[] = [];
  if (over) {
    if (next?.fired) {
      const last = (found.length > 0 ? found : next.fired.findings) as readonly Found[];
      findings.push(findingOf('end', next, last, spill, scene, setting));
    }
    keeps.push(...['approach', 'bed'].map((what) => ({ drop: slotOf(setting, truck, what) })));
    next = null;
  }
  return { truck: next, findings, keeps };
}

function follow(state: MuckTruckState, scene: Scene, setting: Setting, certain: boolean) {
  const tracks = trucksOf(scene.tracks, setting.params.minScore);
  const { matched, fresh } = matchTrucks(
    state.trucks,
    tracks,
    scene.at,
    scene.aspect,
    scene.at - (state.at ?? scene.at),
  );
  const keeps: Keep[] = [];
  let nextTruck = state.nextTruck;
  const trucks = state.trucks.flatMap((truck): readonly Truck[] => {
    const track = matched.get(truck);
    if (!track) return [truck];
    const parts = splitPass(truck, seeTruck(truck, track, scene.at, certain, setting), nextTruck);
    const last = parts[parts.length - 1] as Truck;
    if (last.id === nextTruck) nextTruck++;
    const best = keepBest(last, bedQuality(track), setting);
    keeps.push(...best.keeps);
    return [...parts.slice(0, -1), best.truck];
  });
  for (const track of fresh) trucks.push(openTruck(nextTruck++, track, scene.at));
  return { trucks, nextTruck, keeps };
}

/** Ground before any truck came near, and a watch for each that has crossed outbound. */
function groundOf(state: MuckTruckState, trucks: readonly Truck[], scene: Scene, setting: Setting) {
  const sample = scene.ground?.[setting.zone.id];
  const { ground } = setting.zone;
  const quiet = trucks.length === 0 && sample && ground && isClear(ground, scene.tracks);
  const before = quiet ? { at: scene.at, sample } : state.ground;
  const known = state.spills
    .filter((spill) => trucks.some((truck) => truck.id === spill.truck))
    .map((spill) => {
      const truck = trucks.find(({ id }) => id === spill.truck);
      return truck && spill.newSince === null ? { ...spill, behindAt: truck.seenAt } : spill;
    });
  const fresh = trucks.flatMap((truck): Spill[] => {
    if (!before || truck.crossed?.direction !== 'outbound' || known.some((spill) => spill.truck === truck.id))
      return [];
    const { sample: old, at: beforeAt } = before;
    return [{ truck: truck.id, before: old, beforeAt, behindAt: truck.seenAt, newSince: null, polygon: null }];
  });
  return { before, spills: watchGround([...known, ...fresh], scene, setting) };
}

function step(state: MuckTruckState, scene: Scene, setting: Setting): Step<'muck-truck', MuckTruckState> {
  const watched = scene.view === 'watched';
  const gap = state.at === null ? 0 : scene.at - state.at;
  if (!watched) return { state: { ...state, at: scene.at, watched }, findings: [], keeps: [] };
  const certain = state.watched && gap <= CERTAIN_MS;
  const { trucks, nextTruck, keeps } = follow(state, scene, setting, certain);
  const { before, spills } = groundOf(state, trucks, scene, setting);
  const judged = trucks.map((truck) =>
    judge(
      truck,
      spills.find((spill) => spill.truck === truck.id),
      scene,
      setting,
    ),
  );
  return {
    state: {
      at: scene.at,
      watched,
      nextTruck,
      trucks: judged.flatMap(({ truck }) => (truck ? [truck] : [])),
      ground: before,
      spills,
    },
    findings: judged.flatMap(({ findings }) => findings),
    keeps: [...keeps, ...judged.flatMap((j) => j.keeps)],
  };
}

export const muckTruck: Rule<'muck-truck', MuckTruckState> = {
  kind: 'muck-truck',
  version: '1.0.0',
  init: () => ({ at: null, watched: true, nextTruck: 1, trucks: [], ground: null, spills: [] }),
  step,
};
