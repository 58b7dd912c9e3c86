/** Turns a kind and a seed into the plan of a clip: which world, what light and weather, who comes when. */
import { type LawfulScene, lawfulScenes } from './lawful.ts';
import { numbers, pick, wholeBetween } from './numbers.ts';
import { entering, lawful, leavingEmpty, passesAt, violating, type WantedPass } from './passes.ts';
import type {
  Encoding,
  Negative,
  SceneDescription,
  SceneKind,
  SceneSpec,
  StoryOptions,
  Weather,
  World,
} from './types.ts';

export const sceneKinds: readonly SceneKind[] = ['road-stall', 'bike-clutter', 'muck-truck', 'none'];

/** Worlds of a kind; seeds that follow one another go through them in turn, so that a few clips cover them all. */
const worldsOf: Record<Exclude<SceneKind, 'none'>, readonly [World, ...World[]]> = {
  'road-stall': ['shopping-street', 'market-gate', 'school', 'heritage-apron', 'arterial'],
  'bike-clutter': ['metro-exit', 'heritage-apron', 'shopping-street', 'school', 'arterial'],
  'muck-truck': ['site-gate', 'arterial'],
};

const isDry = (light: Weather['light']) => light === 'low-sun' || light === 'infrared';
const isDark = (light: Weather['light']) => light === 'night' || light === 'infrared';

export const lights = ['day', 'night', 'overcast', 'low-sun', 'infrared', 'day', 'dusk', 'overcast'] as const;

/** `k` of 0..1 chooses the light, `w` the weather; what leaves too little to see is not drawn together. */
function weatherAt(k: number, w: number): Weather {
  const light = lights[Math.floor(k * lights.length)] ?? 'day';
  const rain = !isDry(light) && w < 0.17;
  const fog = !rain && !isDark(light) && w > 0.86;
  return { light, rain, fog, wet: rain || (w >= 0.17 && w < 0.31) };
}

/** Light and weather by chance; what leaves too little to see is not drawn together. */
export function anyWeather(next: () => number): Weather {
  return weatherAt(next(), next());
}

const share = (value: number): number => value - Math.floor(value);

/** Low-discrepancy steps: neighbours differ, and a dozen clips have seen every light. */
function weatherOf(kind: SceneKind, turn: number): Weather {
  const offset = 0.37 * sceneKinds.indexOf(kind);
  return weatherAt(share(offset + turn * 0.618034), share(offset * 1.7 + turn * 0.754878));
}

const streetExtras: readonly [Negative, ...Negative[]] = [
  'planters',
  'awnings',
  'piles',
  'parked-cars',
  'tarpaulins',
  'moving-shadows',
  'puddles',
  'leaves',
  'statues',
];

/** One or two harmless things beside what the scene is about. */
export function extras(next: () => number, from: readonly [Negative, ...Negative[]], most = 2): Negative[] {
  const names = Array.from({ length: Math.floor(next() * (most + 1)) }, () => pick(next, from));
  return [...new Set(names)];
}

function stallOptions(next: () => number, turn: number): Partial<StoryOptions> {
  const variant = turn % 6;
  const negatives = extras(next, streetExtras);
  if (variant === 1) return { stalls: 0, shopGoods: true, negatives: negatives.filter((name) => name !== 'awnings') };
  if (variant === 3) return { stalls: 2, permit: 'over', negatives };
  if (variant === 5) return { stalls: 2, roaming: 1, negatives };
  const stalls = pick(next, [1, 2, 2, 3] as const);
  return { stalls, ...(next() < 0.3 && { permit: 'closed' as const }), negatives };
}

function bikeOptions(next: () => number, world: World, turn: number): Partial<StoryOptions> {
  const negatives = extras(next, ['riders-passing', 'parked-cars', 'puddles', 'leaves', 'moving-shadows', 'planters']);
  if (world === 'heritage-apron' || world === 'school') {
    const place = world === 'school' ? 'gate' : 'heritage-apron';
    return { place, left: wholeBetween(next, 5, 6), tidied: next() < 0.4, negatives };
  }
  const variant = turn % 4;
  if (variant === 1) return { place: 'tactile', left: wholeBetween(next, 5, 6), negatives };
  if (variant === 2) return { place: 'pavement', left: wholeBetween(next, 0, 3), inBay: 9, capacity: 5, negatives };
  if (variant === 3 && world === 'arterial') return { place: 'walkway', left: wholeBetween(next, 5, 7), negatives };
  const tidied = next() < 0.5;
  const falls = next() < 0.5 ? 1 : 0;
  return {
    place: 'pavement',
    left: wholeBetween(next, 12, 14),
    standing: wholeBetween(next, 2, 5),
    tidied,
    falls,
    negatives,
  };
}

function gateOptions(next: () => number, turn: number): Partial<StoryOptions> {
  const variant = turn % 5;
  const negatives = extras(next, ['moving-shadows', 'puddles'], 1);
  const first = pick(next, [lawful, entering, leavingEmpty] as const);
  if (variant === 0) return { passes: passesAt(next, [10, 27], [first, violating]), negatives };
  if (variant === 1) return { passes: passesAt(next, [10, 25], [entering, { ...violating, spill: true }]), negatives };
  if (variant === 2) {
    const unwashed = pick(next, [
      { ...lawful, washed: false },
      { ...violating, washed: false },
    ] as const);
    return { washBox: true, passes: passesAt(next, [20, 36], [lawful, unwashed]), negatives };
  }
  if (variant === 3) return { passes: passesAt(next, [12, 40], [{ ...lawful, spill: true }, entering]), negatives };
  return { passes: passesAt(next, [9, 24, 39], [violating, lawful, violating]), negatives };
}

const durations: Record<SceneKind, number> = { 'road-stall': 44, 'bike-clutter': 46, 'muck-truck': 52, none: 46 };

/** The plan of one clip of a kind; `none` is any world with nothing wrong in it. `duration` in s, by default the story's own. */
export function planClip(kind: SceneKind, seed: number, duration = durations[kind]): SceneSpec {
  const next = numbers(seed);
  const turn = Math.floor(seed / sceneKinds.length);
  const options: StoryOptions = { duration, weather: weatherOf(kind, turn) };
  if (kind === 'none') {
    const scene = lawfulScenes[turn % lawfulScenes.length] as LawfulScene;
    const world = pick(next, scene.worlds);
    return { story: scene.story, seed, options: { ...options, world, ...scene.options(next) } };
  }
  const worlds = worldsOf[kind];
  const world = worlds[turn % worlds.length] ?? worlds[0];
  if (kind === 'road-stall')
    return { story: 'street', seed, options: { ...options, world, ...stallOptions(next, turn) } };
  if (kind === 'bike-clutter')
    return { story: 'bike', seed, options: { ...options, world, ...bikeOptions(next, world, turn) } };
  return { story: 'gate', seed, options: { ...options, world, ...gateOptions(next, Math.floor(turn / 2) + turn) } };
}

const storyWorlds = {
  street: 'shopping-street',
  bike: 'metro-exit',
  gate: 'site-gate',
  still: 'shopping-street',
} as const;

/** What a scene is, for its truth. */
export function describeScene({ seed, story, options }: SceneSpec): SceneDescription {
  const { rain, fog, wet, light } = options?.weather ?? { rain: false, fog: false, light: 'day' as const };
  return {
    seed,
    world: options?.world ?? storyWorlds[story],
    light,
    weather: rain ? 'rain' : fog ? 'fog' : wet ? 'wet' : 'dry',
    negatives: [...(options?.negatives ?? [])],
  };
}

/** How the clip of that seed is compressed: cameras of several makes. */
export function planEncoding(seed: number, h265: boolean): Encoding {
  const next = numbers(seed + 101);
  const codec = next() < 0.3 && h265 ? 'h265' : 'h264';
  const bitsPerPixel = 0.16 + 0.16 * next();
  return {
    codec,
    gopSeconds: pick(next, [2, 2, 4, 10] as const),
    bitsPerPixel: codec === 'h265' ? bitsPerPixel * 0.7 : bitsPerPixel,
  };
}

/** Frames of one sort: gate passes, what a mounted camera sees, the same of streets full of what is taken for stalls, moments of pure chance, yards of muck trucks, the same with sheets like their loads, lorries in traffic, stalls among their likes, planters and people with a few low stalls. */
export const frameFocuses = [
  'gate',
  'camera',
  'decoys',
  'still',
  'trucks',
  'sheets',
  'traffic',
  'pavement',
  'planters',
] as const;
export type FrameFocus = (typeof frameFocuses)[number];

/** A gate with one truck that is in the picture for the whole of a short clip. */
function gateMoment(next: () => number): StoryOptions {
  const load = pick(next, ['loaded', 'loaded', 'empty'] as const);
  const cover = load === 'empty' ? 'uncovered' : pick(next, ['covered', 'uncovered', 'partly'] as const);
  const outbound = next() < 0.6;
  const pass: WantedPass = {
    direction: outbound ? 'outbound' : 'inbound',
    load,
    cover,
    likeLoad: cover === 'covered' && next() < 0.15,
    spill: outbound && next() < 0.3,
  };
  const second: WantedPass[] = next() < 0.25 ? [{ direction: outbound ? 'inbound' : 'outbound', load: 'empty' }] : [];
  return {
    duration: 10,
    weather: anyWeather(next),
    world: pick(next, ['site-gate', 'site-gate', 'arterial'] as const),
    washBox: next() < 0.3,
    passes: passesAt(next, [outbound ? 6.5 : 4.5, 5], [pass, ...second]),
    negatives: extras(next, ['moving-shadows', 'puddles', 'water-film', 'leaves']),
  };
}

const decoys: readonly [Negative, ...Negative[]] = [
  'standing-groups',
  'awnings',
  'piles',
  'tarpaulins',
  'statues',
  'trade-inside',
];

/** A street with planters and other things that are taken for stalls; now with none, now with stalls that are hardest to see. */
function decoyStreet(next: () => number): StoryOptions {
  const quiet = next() < 0.6;
  const stalls = wholeBetween(next, 1, 3);
  const low = Array.from({ length: stalls }, () =>
    pick(next, ['table', 'table', 'tricycle', 'blanket', 'cart'] as const),
  );
  return {
    duration: durations.none,
    weather: anyWeather(next),
    world: pick(next, [...worldsOf['road-stall'], 'market-gate', 'market-gate']),
    ...(quiet ? { stalls: 0 } : { stalls, builds: low }),
    negatives: [...new Set<Negative>(['planters', pick(next, decoys), ...extras(next, decoys)])],
  };
}

export type Frame = { readonly spec: SceneSpec; readonly t: number };

/** The same frame in another weather, which is made of its own. */
function under({ spec, t }: Frame, change: (own: Weather) => Weather): Frame {
  const weather = change(spec.options?.weather ?? anyWeather(numbers(spec.seed)));
  return { spec: { ...spec, options: { duration: 3, ...spec.options, weather } }, t };
}

/** The same frame in a light of one's choice, without what leaves too little to see in it. */
export const relit = (frame: Frame, light: Weather['light']): Frame =>
  under(frame, ({ rain, fog, wet = false }) => ({
    light,
    rain: rain && !isDry(light),
    fog: fog && !isDark(light),
    wet,
  }));

/** The same frame in rain, where its light goes with rain. */
export const rained = (frame: Frame): Frame =>
  under(frame, ({ light }) => ({ light, rain: !isDry(light), fog: false, wet: true }));

/** One frame for training: half fully random moments, half moments out of clip-like stories; `focus` for one sort alone. */
export function planFrame(seed: number, focus?: FrameFocus): Frame {
  if (focus === 'still') return { spec: { story: 'still', seed }, t: 1 };
  const next = numbers(seed);
  if (focus === 'decoys') {
    const options = decoyStreet(next);
    return { spec: { story: 'street', seed, options }, t: options.duration * next() };
  }
  if (focus && focus !== 'gate' && focus !== 'camera')
    return { spec: { story: 'still', seed, options: { duration: 3, weather: anyWeather(next), cast: focus } }, t: 1 };
  const draw = focus === 'gate' ? 1 : focus === 'camera' ? 0.5 + next() / 2 : next();
  if (draw < 0.5) return { spec: { story: 'still', seed }, t: 3 * next() };
  if (draw < 0.84) {
    const kind = pick(next, ['road-stall', 'bike-clutter', 'none', 'none'] as const);
    const turn = Math.floor(next() * 4096);
    const { story, options } = planClip(kind, turn * sceneKinds.length + Math.floor(next() * 4));
    if (options && story !== 'gate') {
      const spec = { story, seed, options: { ...options, weather: anyWeather(next) } };
      return { spec, t: options.duration * next() };
    }
  }
  return { spec: { story: 'gate', seed, options: gateMoment(next) }, t: 10 * next() };
}
