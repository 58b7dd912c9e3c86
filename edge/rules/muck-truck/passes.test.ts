import { describe, expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import { type GatePlay, gate, leaving, playWith, told, type Vehicle, withWashBox } from './fixtures/gate.ts';

const play = (options: GatePlay) => playWith({ init: initTracker, step: stepTracker }, options);

const pass = ['start uncovered', 'end uncovered'];

describe('the gate line', () => {
  test.each<[string, Parameters<typeof play>[0], string[]]>([
    [
      'a truck that stands on the line for a minute, trembling, and goes on',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.5, 0.2],
              [6, 0.5, 0.5],
              [66, 0.5, 0.5],
              [72, 0.52, 0.8],
              [74, 0.95, 0.9],
              [75, 1.15, 0.92],
            ],
          }),
        ],
        seconds: 110,
        noise: 3,
      },
      pass,
    ],
    [
      'a truck that stands on the line for a minute and goes back',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.5, 0.2],
              [6, 0.5, 0.5],
              [66, 0.5, 0.5],
              [72, 0.5, 0.2],
            ],
          }),
        ],
        seconds: 100,
        noise: 4,
      },
      [],
    ],
    [
      'a nose over the line and back',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.5, 0.2],
              [6.6, 0.5, 0.53],
              [30, 0.5, 0.53],
              [36, 0.5, 0.2],
            ],
          }),
        ],
        seconds: 60,
      },
      [],
    ],
    ['hidden for four seconds while it crosses', { vehicles: [leaving(0, { hidden: [4.5, 8.5] })], seconds: 40 }, pass],
    [
      'along the street, never inside',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.1, 0.6],
              [12, 0.9, 0.6],
            ],
          }),
        ],
        seconds: 40,
        noise: 5,
      },
      [],
    ],
    [
      'over the line beside the gate',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.95, 0.3],
              [6, 0.95, 0.7],
            ],
          }),
        ],
        seconds: 30,
      },
      [],
    ],
    [
      'first seen in the street and driving in',
      {
        vehicles: [
          leaving(0, {
            path: [
              [0, 0.52, 0.8],
              [12, 0.5, 0.2],
            ],
          }),
        ],
        seconds: 40,
        noise: 6,
      },
      [],
    ],
    [
      'out of the picture just behind the line',
      {
        vehicles: [
          leaving(0, {
            height: 0.5,
            path: [
              [0, 0.5, 0.42],
              [6, 0.5, 0.95],
              [6.6, 0.5, 1.02],
            ],
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
    expect(told(play(options))).toEqual(expected);
  });

  test('two trucks in a convoy: each for itself', () => {
    const covered = leaving(0, { cover: 'covered' });
    expect(told(play({ vehicles: [leaving(0), leaving(3.5)], seconds: 50, noise: 7 })).sort()).toEqual([
      'end uncovered',
      'end uncovered',
      'start uncovered',
      'start uncovered',
    ]);
    expect(told(play({ vehicles: [covered, leaving(3.5)], seconds: 50, noise: 8 }))).toEqual(pass);
    expect(
      told(play({ vehicles: [leaving(0), { ...covered, path: leaving(3.5).path }], seconds: 50, noise: 9 })),
    ).toEqual(pass);
  });

  test('in and out again is one pass out, with the votes of the way out', () => {
    const inAndOut = (load: 'loaded' | 'empty') =>
      leaving(0, {
        load,
        path: [
          [0, 0.52, 0.8],
          [12, 0.5, 0.2],
          [40, 0.5, 0.2],
          [52, 0.52, 0.8],
          [54, 0.95, 0.9],
          [55, 1.15, 0.92],
        ],
      });
    expect(told(play({ vehicles: [inAndOut('loaded')], seconds: 90 }))).toEqual(pass);
    expect(told(play({ vehicles: [inAndOut('empty')], seconds: 90 }))).toEqual([]);
  });

  test('is reported within two seconds of the line at the pace of a lorry that turns out', () => {
    const brisk = leaving(0, {
      path: [
        [0, 0.5, 0.2],
        [6, 0.5, 0.8],
        [8, 0.95, 0.9],
        [9, 1.15, 0.92],
      ],
    });
    const late = Array.from({ length: 15 }, (_, noise) => {
      const [start] = play({ vehicles: [brisk], seconds: 20, noise });
      expect(Math.abs((start?.startedAt ?? 0) - 3000)).toBeLessThan(500);
      return (start?.at ?? Number.POSITIVE_INFINITY) - 3000;
    }).sort((a, b) => a - b);
    expect(late[7]).toBeLessThanOrEqual(1600);
    expect(late[14]).toBeLessThanOrEqual(3000);
  });
});

describe('load and cover', () => {
  test.each<[string, Partial<Vehicle>, string[]]>([
    ['covered', { cover: 'covered' }, []],
    ['partly covered is not uncovered', { cover: 'partly' }, []],
    ['empty', { load: 'empty' }, []],
    ['a bed that nobody sees', { load: 'unknown', cover: 'unknown' }, []],
    ['another lorry', { concept: 'truck', load: 'unknown', cover: 'unknown' }, []],
    ['loaded and open', {}, pass],
  ])('%s', (_, more, expected) => {
    const vehicle = leaving(0, more);
    for (const noise of [undefined, 21, 22, 23]) {
      expect(told(play({ vehicles: [vehicle], seconds: 40, ...(noise && { noise }) }))).toEqual(expected);
    }
  });

  test('says what it saw, and which pictures show it', () => {
    const [start, end] = play({ vehicles: [leaving()], seconds: 40, noise: 31 });
    expect(start?.detail).toMatchObject({
      ...{ direction: 'outbound', load: 'loaded', cover: 'uncovered', spill: null, washSeconds: null },
      ...{ plate: null, permit: null, findings: ['uncovered'] },
    });
    expect(start?.stills.map(({ role }) => role)).toEqual(['approach', 'bed', 'plate', 'during']);
    expect(end?.stills.map(({ role }) => role)).toEqual(['after', 'clip']);
  });
});

describe('washing', () => {
  const washing = (seconds: number, more: object = {}) =>
    leaving(0, {
      cover: 'covered',
      path: [
        [0, 0.5, 0.2],
        [4, 0.5, 0.36],
        [4 + seconds, 0.5, 0.36],
        [12 + seconds, 0.52, 0.8],
        [14 + seconds, 0.95, 0.9],
        [15 + seconds, 1.15, 0.92],
      ],
      ...more,
    });
  const run = (options: Partial<Parameters<typeof play>[0]> & { vehicles: Parameters<typeof play>[0]['vehicles'] }) =>
    play({ seconds: 80, zone: withWashBox, ...options });

  test.each([
    [25, []],
    [8, ['start unwashed', 'end unwashed']],
    [0.1, ['start unwashed', 'end unwashed']],
  ])('%s s in the box', (seconds, expected) => {
    expect(told(run({ vehicles: [washing(seconds)] }))).toEqual(expected);
    expect(told(run({ vehicles: [washing(seconds)], noise: 41 }))).toEqual(expected);
  });

  test('how long it stood there is in the detail', () => {
    const [start] = run({ vehicles: [washing(8)] });
    expect(start?.detail.washSeconds).toBeGreaterThan(8);
    expect(start?.detail.washSeconds).toBeLessThan(13);
  });

  test.each<[string, Parameters<typeof run>[0]]>([
    ['first seen in the box', { vehicles: [washing(8, { hidden: [0, 4.5] })] }],
    ['first seen behind the box', { vehicles: [leaving(0, { cover: 'covered', hidden: [0, 5] })] }],
    [
      'hidden by something for as long as a wash takes',
      {
        vehicles: [washing(8, { hidden: [5, 11] })].map((v) => ({
          ...v,
          path: v.path.map(([t, x, y]) => [t > 5 ? t + 16 : t, x, y] as const),
          hidden: [5, 24] as const,
        })),
      },
    ],
    ['a stream gap in the box', { vehicles: [washing(30)], skip: (s) => s > 8 && s < 28 }],
    ['a dark view in the box', { vehicles: [washing(30)], view: (s) => (s > 8 && s < 28 ? 'degraded' : 'watched') }],
    ['hidden in the box by its own spray', { vehicles: [washing(30, { hidden: [10, 13] })] }],
  ])('not known, not unwashed: %s', (_, options) => {
    expect(told(run(options))).toEqual([]);
  });
});

describe('time that nobody watched', () => {
  test('a gap is no absence: the pass goes on after a dark view of three seconds', () => {
    const view = (s: number) => (s > 6.5 && s < 9.5 ? ('degraded' as const) : ('watched' as const));
    expect(told(play({ vehicles: [leaving()], seconds: 40, view }))).toEqual(pass);
    expect(told(play({ vehicles: [leaving()], seconds: 40, skip: (s) => s > 6.5 && s < 9.5 }))).toEqual(pass);
  });

  test('a pass in the dark is not known', () => {
    expect(told(play({ vehicles: [leaving()], seconds: 40, view: () => 'degraded' }))).toEqual([]);
  });

  test('after a minute without a picture another truck is another truck', () => {
    const vehicles = [
      leaving(0, {
        cover: 'covered',
        path: [
          [0, 0.5, 0.2],
          [5, 0.5, 0.4],
          [8, 0.5, 0.4],
        ],
      }),
      leaving(70, {
        path: [
          [70, 0.5, 0.4],
          [76, 0.52, 0.8],
          [78, 0.95, 0.9],
          [79, 1.15, 0.92],
        ],
      }),
    ];
    expect(told(play({ vehicles, seconds: 100, skip: (s) => s > 7 && s < 71 }))).toEqual(pass);
  });
});
