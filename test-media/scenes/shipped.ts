// The list of clips that ship, each with the seed and the plan that drew it.
import type { SceneSpec, StoryName, StoryOptions, Weather } from './types.ts';

export interface ShippedClip {
  name: string;
  cameraId: string;
  about: string;
  spec: SceneSpec;
}

const day: Weather = { light: 'day', rain: false, fog: false };
const overcast: Weather = { light: 'overcast', rain: false, fog: false };
const night: Weather = { light: 'night', rain: false, fog: false };
const rain: Weather = { light: 'overcast', rain: true, fog: false };

function clip(
  name: string,
  cameraId: string,
  about: string,
  story: StoryName,
  seed: number,
  options: StoryOptions,
): ShippedClip {
  return { name, cameraId, about, spec: { story, seed, options } };
}

export const shippedClips: readonly ShippedClip[] = [
  clip('stall-day', 'demo-street-1', 'a stall arrives, unfolds, sells, shifts and leaves', 'street', 21, {
    duration: 60,
    weather: day,
    stalls: 1,
    builds: ['umbrella'],
  }),
  clip('stall-night', 'demo-street-2', 'night: two stalls side by side, the first leaves', 'street', 22, {
    duration: 60,
    weather: night,
    stalls: 2,
  }),
  clip('bikes-tidied', 'demo-bikes-1', 'shared bikes pile up outside the bay and are tidied', 'bike', 31, {
    duration: 62,
    weather: overcast,
    left: 11,
    tidied: true,
  }),
  clip('bikes-left', 'demo-bikes-2', 'shared bikes pile up and stay', 'bike', 32, {
    duration: 50,
    weather: day,
    left: 11,
    tidied: false,
  }),
  clip(
    'truck-uncovered',
    'demo-gate-1',
    'a covered truck leaves, an empty one comes in, a loaded uncovered one leaves',
    'gate',
    41,
    {
      duration: 60,
      weather: day,
      passes: [
        { at: 9, direction: 'outbound', way: 1, load: 'loaded', cover: 'covered' },
        { at: 26, direction: 'inbound', way: -1, load: 'empty', cover: 'uncovered' },
        { at: 43, direction: 'outbound', way: 1, load: 'loaded', cover: 'uncovered' },
      ],
    },
  ),
  clip('truck-spill', 'demo-gate-2', 'an empty truck comes in, a loaded uncovered one leaves and spills', 'gate', 42, {
    duration: 56,
    weather: overcast,
    passes: [
      { at: 9, direction: 'inbound', way: 1, load: 'empty', cover: 'uncovered' },
      { at: 24, direction: 'outbound', way: -1, load: 'loaded', cover: 'uncovered', spill: true },
    ],
  }),
  clip('calm-street', 'demo-street-3', 'rain: people stand and pass, awnings, parked cars; no stall', 'street', 51, {
    duration: 50,
    weather: rain,
    stalls: 0,
  }),
  clip(
    'calm-bikes',
    'demo-bikes-3',
    'a bay under its capacity and three bikes outside; nothing to report',
    'bike',
    53,
    { duration: 45, weather: day, left: 3, tidied: false },
  ),
  clip('calm-gate', 'demo-gate-3', 'covered trucks leave, an empty one comes in', 'gate', 52, {
    duration: 56,
    weather: day,
    passes: [
      { at: 9, direction: 'outbound', way: -1, load: 'loaded', cover: 'covered' },
      { at: 24, direction: 'inbound', way: 1, load: 'empty', cover: 'uncovered' },
      { at: 40, direction: 'outbound', way: 1, load: 'loaded', cover: 'covered' },
    ],
  }),
];
