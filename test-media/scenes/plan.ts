// Turns a kind and a seed into the plan of a clip: which story, what weather, who comes when.
import type { SceneKind, SceneSpec, StoryName, StoryOptions, TruckPass, Weather } from './types.ts';

export const sceneKinds: readonly SceneKind[] = ['road-stall', 'bike-clutter', 'muck-truck', 'none'];

/** A stream of numbers in 0..1 for the plan alone; the page has its own generator for everything drawn. */
export function numbers(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick<T>(next: () => number, list: readonly [T, ...T[]]): T {
  return list[Math.floor(next() * list.length)] ?? list[0];
}

export function anyWeather(next: () => number): Weather {
  const light = pick(next, ['day', 'day', 'overcast', 'overcast', 'dusk', 'night'] as const);
  return { light, rain: next() < 0.15, fog: next() < 0.1 };
}

function truckPass(next: () => number, at: number, wanted: Partial<TruckPass> = {}): TruckPass {
  const load = pick(next, ['loaded', 'loaded', 'empty'] as const);
  const cover = load === 'empty' ? 'uncovered' : pick(next, ['covered', 'uncovered'] as const);
  return {
    at,
    direction: pick(next, ['outbound', 'inbound'] as const),
    way: next() < 0.5 ? 1 : -1,
    load,
    cover,
    ...wanted,
  };
}

const violating = { direction: 'outbound', load: 'loaded', cover: 'uncovered' } as const;
const lawful = { direction: 'outbound', load: 'loaded', cover: 'covered' } as const;
const entering = { direction: 'inbound', load: 'empty', cover: 'uncovered' } as const;

function gatePasses(next: () => number, bad: boolean): TruckPass[] {
  const first = next() < 0.5 ? lawful : entering;
  if (!bad) return [truckPass(next, 9, lawful), truckPass(next, 27, entering), truckPass(next, 45, lawful)];
  if (next() < 0.5) return [truckPass(next, 9, first), truckPass(next, 27, { ...violating, spill: true })];
  return [truckPass(next, 9, entering), truckPass(next, 26, lawful), truckPass(next, 43, violating)];
}

/** The plan of one clip of a kind; `none` is any of the three worlds with nothing wrong in it. */
export function planClip(kind: SceneKind, seed: number, duration = 60, world?: StoryName): SceneSpec {
  const next = numbers(seed);
  const options: StoryOptions = { duration, weather: anyWeather(next) };
  const worlds = { 'road-stall': 'street', 'bike-clutter': 'bike', 'muck-truck': 'gate' } as const;
  const story = world ?? (kind === 'none' ? pick(next, ['street', 'bike', 'gate'] as const) : worlds[kind]);
  const bad = kind !== 'none';
  if (story === 'street') options.stalls = bad ? pick(next, [1, 2] as const) : 0;
  if (story === 'bike')
    Object.assign(
      options,
      bad ? { left: 9 + Math.floor(next() * 3), tidied: next() < 0.5 } : { left: 3, tidied: false },
    );
  if (story === 'gate') options.passes = gatePasses(next, bad);
  return { story, seed, options };
}

/** One frame for training: half fully random moments, half moments out of clip-like stories, or gate passes alone. */
export function planFrame(seed: number, focus?: string): { spec: SceneSpec; t: number } {
  const next = numbers(seed);
  const draw = focus === 'gate' ? 1 : next();
  if (draw < 0.5) return { spec: { story: 'still', seed }, t: 3 * next() };
  const options: StoryOptions = { duration: 60, weather: anyWeather(next) };
  if (draw < 0.66)
    return {
      spec: { story: 'street', seed, options: { ...options, stalls: pick(next, [0, 1, 2, 2] as const) } },
      t: 60 * next(),
    };
  if (draw < 0.8)
    return {
      spec: { story: 'bike', seed, options: { ...options, left: Math.floor(12 * next()), tidied: false } },
      t: 60 * next(),
    };
  const pass = truckPass(next, 6);
  if (pass.load === 'loaded' && next() < 0.2) pass.cover = 'partly';
  pass.spill = pass.direction === 'outbound' && next() < 0.4;
  return { spec: { story: 'gate', seed, options: { ...options, passes: [pass] } }, t: 5 + 6.5 * next() };
}
