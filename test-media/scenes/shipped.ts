/** The list of clips that ship, each with the seed and the plan that drew it. */
import type { LensChoice, SceneSpec, StoryName, StoryOptions, Weather } from './types.ts';

export interface ShippedClip {
  name: string;
  cameraId: string;
  about: string;
  spec: SceneSpec;
}

const day: Weather = { light: 'day', rain: false, fog: false };
const overcast: Weather = { light: 'overcast', rain: false, fog: false };
const night: Weather = { light: 'night', rain: false, fog: false };
const infrared: Weather = { light: 'infrared', rain: false, fog: false };
const rain: Weather = { light: 'overcast', rain: true, fog: false, wet: true };
/** A visitor of the demo sees good cameras. */
const lens: LensChoice = { noise: 0.02, blur: 0, dirt: 0, shake: 0, clock: 'top-right' };

function clip(
  name: string,
  cameraId: string,
  about: string,
  story: StoryName,
  seed: number,
  options: StoryOptions,
): ShippedClip {
  return { name, cameraId, about, spec: { story, seed, options: { lens, ...options } } };
}

const covered = { direction: 'outbound', load: 'loaded', cover: 'covered' } as const;
const uncovered = { direction: 'outbound', load: 'loaded', cover: 'uncovered' } as const;
const entering = { direction: 'inbound', load: 'empty', cover: 'uncovered' } as const;

const stalls: readonly ShippedClip[] = [
  clip('stall-day', 'demo-street-1', 'a stall arrives, unfolds, sells, shifts and leaves', 'street', 21, {
    duration: 52,
    weather: day,
    world: 'shopping-street',
    stalls: 1,
    builds: ['umbrella'],
    leaves: true,
  }),
  clip('stall-night', 'demo-street-2', 'night: two stalls side by side, the first leaves', 'street', 22, {
    duration: 52,
    weather: night,
    world: 'market-gate',
    stalls: 2,
    leaves: true,
  }),
  clip('stall-rain', 'demo-street-4', 'rain: a shop carries its goods out over the line', 'street', 23, {
    duration: 44,
    weather: rain,
    world: 'school',
    shopGoods: true,
    negatives: ['standing-groups'],
  }),
];

const bikes: readonly ShippedClip[] = [
  clip('bikes-tidied', 'demo-bikes-1', 'shared bikes pile up outside the bay and are tidied', 'bike', 31, {
    duration: 60,
    weather: overcast,
    world: 'metro-exit',
    left: 12,
    tidied: true,
  }),
  clip('bikes-left', 'demo-bikes-2', 'shared bikes are left on a heritage apron and stay', 'bike', 32, {
    duration: 46,
    weather: day,
    world: 'heritage-apron',
    place: 'heritage-apron',
    left: 6,
  }),
  clip('bikes-bay', 'demo-bikes-4', 'night: a bay for five fills up with nine', 'bike', 33, {
    duration: 46,
    weather: night,
    world: 'metro-exit',
    left: 2,
    inBay: 9,
    capacity: 5,
    negatives: ['riders-passing'],
  }),
];

const trucks: readonly ShippedClip[] = [
  clip(
    'truck-uncovered',
    'demo-gate-1',
    'a covered truck leaves, an empty one comes in, an uncovered one leaves',
    'gate',
    41,
    {
      duration: 56,
      weather: day,
      passes: [
        { at: 11, way: 1, ...covered },
        { at: 27, way: -1, ...entering },
        { at: 43, way: 1, ...uncovered },
      ],
    },
  ),
  clip('truck-spill', 'demo-gate-2', 'an empty truck comes in, a loaded uncovered one leaves and spills', 'gate', 42, {
    duration: 56,
    weather: overcast,
    passes: [
      { at: 9, way: 1, ...entering },
      { at: 25, way: -1, ...uncovered, spill: true },
    ],
  }),
  clip('truck-unwashed', 'demo-gate-4', 'night: one truck washes before it leaves, the next does not', 'gate', 43, {
    duration: 52,
    weather: infrared,
    world: 'arterial',
    washBox: true,
    passes: [
      { at: 20, way: 1, ...covered, washed: true },
      { at: 38, way: -1, ...covered },
    ],
  }),
];

const calm: readonly ShippedClip[] = [
  clip(
    'calm-street',
    'demo-street-3',
    'rain: people stand and pass, awnings, heaps, a cart halts; no stall',
    'street',
    51,
    {
      duration: 46,
      weather: rain,
      world: 'shopping-street',
      stalls: 0,
      negatives: ['standing-groups', 'awnings', 'tarpaulins', 'brief-stops', 'parked-cars'],
    },
  ),
  clip('calm-bikes', 'demo-bikes-3', 'a full bay, few bikes outside, a lorry that carries ten', 'bike', 53, {
    duration: 45,
    weather: day,
    world: 'metro-exit',
    left: 3,
    inBay: 8,
    capacity: 8,
    negatives: ['full-bay', 'few-bikes', 'carried-bikes'],
  }),
  clip(
    'calm-gate',
    'demo-gate-3',
    'covered trucks leave, one with a sheet like its load; water on the road',
    'gate',
    52,
    {
      duration: 50,
      weather: day,
      passes: [
        { at: 11, way: -1, ...covered, likeLoad: true },
        { at: 27, way: 1, ...entering },
        { at: 41, way: 1, ...covered },
      ],
      negatives: ['covered-trucks', 'sheet-like-load', 'water-film'],
    },
  ),
];

export const shippedClips: readonly ShippedClip[] = [...stalls, ...bikes, ...trucks, ...calm];
