import { expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import { eventsOf, type GatePlay, gate, leaving, playWith, route } from './fixtures/gate.ts';

const play = (options: GatePlay) => playWith({ init: initTracker, step: stepTracker }, options);

const pass = ['start uncovered', 'end uncovered'];

test.each<[string, Parameters<typeof play>[0], string[]]>([
  [
    'a truck that stands on the line for a minute, trembling, and goes on',
    {
      vehicles: [
        leaving(0, { path: route('0 0.5 0.2, 6 0.5 0.5, 66 0.5 0.5, 72 0.52 0.8, 74 0.95 0.9, 75 1.15 0.92') }),
      ],
      seconds: 110,
      noise: 3,
    },
    pass,
  ],
  [
    'a truck that stands on the line for a minute and goes back',
    { vehicles: [leaving(0, { path: route('0 0.5 0.2, 6 0.5 0.5, 66 0.5 0.5, 72 0.5 0.2') })], seconds: 100, noise: 4 },
    [],
  ],
  [
    'a nose over the line and back',
    { vehicles: [leaving(0, { path: route('0 0.5 0.2, 6.6 0.5 0.53, 30 0.5 0.53, 36 0.5 0.2') })], seconds: 60 },
    [],
  ],
  ['hidden for four seconds while it crosses', { vehicles: [leaving(0, { hidden: [4.5, 8.5] })], seconds: 40 }, pass],
  [
    'along the street, never inside',
    { vehicles: [leaving(0, { path: route('0 0.1 0.6, 12 0.9 0.6') })], seconds: 40, noise: 5 },
    [],
  ],
  [
    'over the line beside the gate',
    { vehicles: [leaving(0, { path: route('0 0.95 0.3, 6 0.95 0.7') })], seconds: 30 },
    [],
  ],
  [
    'first seen in the street and driving in',
    { vehicles: [leaving(0, { path: route('0 0.52 0.8, 12 0.5 0.2') })], seconds: 40, noise: 6 },
    [],
  ],
  [
    'out of the picture just behind the line',
    {
      vehicles: [
        leaving(0, {
          height: 0.5,
          path: route('0 0.5 0.42, 6 0.5 0.95, 6.6 0.5 1.02'),
        }),
      ],
      seconds: 30,
      zone: {
        ...gate,
        gateLine: [
          [0.2, 0.95],
          [0.8, 0.95],
        ],
      },
    },
    pass,
  ],
])('%s', (_, options, expected) => {
  expect(eventsOf(play(options))).toEqual(expected);
});

test('two trucks in a convoy: each for itself', () => {
  const covered = leaving(0, { cover: 'covered' });
  expect(eventsOf(play({ vehicles: [leaving(0), leaving(3.5)], seconds: 50, noise: 7 })).sort()).toEqual([
    'end uncovered',
    'end uncovered',
    'start uncovered',
    'start uncovered',
  ]);
  expect(eventsOf(play({ vehicles: [covered, leaving(3.5)], seconds: 50, noise: 8 }))).toEqual(pass);
  expect(
    eventsOf(play({ vehicles: [leaving(0), { ...covered, path: leaving(3.5).path }], seconds: 50, noise: 9 })),
  ).toEqual(pass);
});

test('in and out again is one pass out, with the votes of the way out', () => {
  const inAndOut = (load: 'loaded' | 'empty') =>
    leaving(0, {
      load,
      path: route('0 0.52 0.8, 12 0.5 0.2, 40 0.5 0.2, 52 0.52 0.8, 54 0.95 0.9, 55 1.15 0.92'),
    });
  expect(eventsOf(play({ vehicles: [inAndOut('loaded')], seconds: 90 }))).toEqual(pass);
  expect(eventsOf(play({ vehicles: [inAndOut('empty')], seconds: 90 }))).toEqual([]);
});

test('is reported within two seconds of the line at the pace of a lorry that turns out', () => {
  const brisk = leaving(0, { path: route('0 0.5 0.2, 6 0.5 0.8, 8 0.95 0.9, 9 1.15 0.92') });
  const late = Array.from({ length: 15 }, (_, noise) => {
    const [start] = play({ vehicles: [brisk], seconds: 20, noise });
    expect(Math.abs((start?.startedAt ?? 0) - 3000)).toBeLessThan(500);
    return (start?.at ?? Number.POSITIVE_INFINITY) - 3000;
  }).sort((a, b) => a - b);
  expect(late[7]).toBeLessThanOrEqual(1600);
  expect(late[14]).toBeLessThanOrEqual(3000);
});
