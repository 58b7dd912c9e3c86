import { describe, expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import { eventsOf, type GatePlay, leaving, playWith, route, type Vehicle, withWashBox } from './fixtures/gate.ts';

const play = (options: GatePlay) => playWith({ init: initTracker, step: stepTracker }, options);

const pass = ['start uncovered', 'end uncovered'];

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
      expect(eventsOf(play({ vehicles: [vehicle], seconds: 40, ...(noise && { noise }) }))).toEqual(expected);
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
    expect(eventsOf(run({ vehicles: [washing(seconds)] }))).toEqual(expected);
    expect(eventsOf(run({ vehicles: [washing(seconds)], noise: 41 }))).toEqual(expected);
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
    expect(eventsOf(run(options))).toEqual([]);
  });
});

describe('time that nobody watched', () => {
  test('a gap is no absence: the pass goes on after a dark view of three seconds', () => {
    const view = (s: number) => (s > 6.5 && s < 9.5 ? ('degraded' as const) : ('watched' as const));
    expect(eventsOf(play({ vehicles: [leaving()], seconds: 40, view }))).toEqual(pass);
    expect(eventsOf(play({ vehicles: [leaving()], seconds: 40, skip: (s) => s > 6.5 && s < 9.5 }))).toEqual(pass);
  });

  test('a pass in the dark is not known', () => {
    expect(eventsOf(play({ vehicles: [leaving()], seconds: 40, view: () => 'degraded' }))).toEqual([]);
  });

  test('after a minute without a picture another truck is another truck', () => {
    const vehicles = [
      leaving(0, {
        cover: 'covered',
        path: route('0 0.5 0.2, 5 0.5 0.4, 8 0.5 0.4'),
      }),
      leaving(70, { path: route('70 0.5 0.4, 76 0.52 0.8, 78 0.95 0.9, 79 1.15 0.92') }),
    ];
    expect(eventsOf(play({ vehicles, seconds: 100, skip: (s) => s > 7 && s < 71 }))).toEqual(pass);
  });
});
