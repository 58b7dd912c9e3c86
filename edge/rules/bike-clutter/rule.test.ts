import { expect, test } from 'vitest';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import type { Concept, Track } from '../../domain/detection.ts';
import type { Finding } from '../../domain/rule.ts';
import { resolveParams } from '../params.ts';
import { type BikeClutterState, bikeClutter } from './rule.ts';

type Thing = { box: BoxXywh; concept?: Concept; to?: number; moves?: number };
type Play = { seconds?: number; fps?: number; zone?: Partial<ZoneConfig<'bike-clutter'>>; drop?: boolean };
const base: ZoneConfig<'bike-clutter'> = {
  id: 'apron',
  kind: 'bike-clutter',
  polygon: [
    [0, 0.3],
    [1, 0.3],
    [1, 0.9],
    [0, 0.9],
  ],
  params: { minCount: 4, holdSeconds: 10, endHoldSeconds: 5, bayHoldSeconds: 10 },
};
const bays = [
  {
    id: 'b',
    capacity: 2,
    polygon: [
      [0, 0.6],
      [1, 0.6],
      [1, 0.9],
      [0, 0.9],
    ] as [number, number][],
  },
];
const row = (count: number, y = 0.4, to?: number): Thing[] =>
  Array.from({ length: count }, (_, i) => ({
    box: [0.1 + i * 0.1, y, 0.06, 0.1],
    ...(to === undefined ? {} : { to }),
  }));

function play(things: readonly Thing[], options: Play, wash = (state: BikeClutterState) => state) {
  const { seconds = 40, fps = 5, drop = false } = options;
  const zone = { ...base, ...options.zone };
  const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
  const context = { zone, params: resolveParams(zone, 'bike'), calendar, cameraKind: 'bike' as const, composites: [] };
  let state = bikeClutter.init();
  const findings: Finding<'bike-clutter'>[] = [];
  for (let frame = 0; frame <= seconds * fps; frame++) {
    const at = Math.round((frame * 1000) / fps);
    const tracks = things.flatMap(({ box, concept = 'bicycle', to = 1e9, moves = 0 }, i): Track[] => {
      // Every third sight of each bike is missed, at another frame for each.
      if (at >= to * 1000 || (drop && (frame + i) % 3 === 0)) return [];
      const [x, y, w, h] = box;
      const moved: BoxXywh = [(x + (moves * at) / 1000) % 1, y, w, h];
      return [{ concept, label: '', score: 0.8, box: moved, id: frame * 100 + i, bornAt: at, seenAt: at, hits: 1 }];
    });
    const step = bikeClutter.step(wash(state), { at, tracks, view: 'watched', viewReasons: [], aspect: 1.5 }, context);
    state = step.state;
    findings.push(...step.findings);
  }
  return findings;
}
const said = (findings: readonly Finding<'bike-clutter'>[]) =>
  findings.map(({ phase, detail }) => `${phase} ${detail.reason} ${detail.outsideBay}`);

test.each<[string, Thing[], Play, string[]]>([
  ['at the threshold', row(4), {}, ['start outside-bay 4']],
  ['below it', row(3), {}, []],
  ['tidied away', row(4, 0.4, 20), {}, ['start outside-bay 4', 'end outside-bay 0']],
  ['between the thresholds the event goes on', [...row(3), ...row(4, 0.4, 20).slice(3)], {}, ['start outside-bay 4']],
  ['gone before the hold', row(4, 0.4, 9), {}, []],
  ['in a bay with room', row(2, 0.7), { zone: { bays } }, []],
  ['a bay too full', row(3, 0.7), { zone: { bays } }, ['start bay-overfull 0']],
  [
    'riders passing',
    row(5).map(({ box }, i): Thing => ({ box: [box[0], 0.32 + i * 0.11, 0.06, 0.1], moves: 0.12 })),
    {},
    [],
  ],
  ['bikes on a lorry', [...row(5), { box: [0.05, 0.3, 0.6, 0.4], concept: 'truck' }], {}, []],
  ['a detector that blinks', row(4), { drop: true }, ['start outside-bay 4']],
])('%s', (_, things, options, expected) => {
  expect(said(play(things, options))).toEqual(expected);
});

test('any rate and JSON in mid-run: the same event at the same time', () => {
  const start = play(row(5, 0.4, 25), { seconds: 60 });
  const wash = (state: BikeClutterState) => JSON.parse(JSON.stringify(state)) as BikeClutterState;
  expect(play(row(5, 0.4, 25), { seconds: 60 }, wash)).toEqual(start);
  for (const fps of [1, 2, 10]) {
    const other = play(row(5, 0.4, 25), { seconds: 60, fps });
    expect(said(other)).toEqual(said(start));
    other.forEach((finding, i) => {
      expect(Math.abs(finding.at - (start[i]?.at ?? 0))).toBeLessThanOrEqual(2500);
    });
  }
});

test('idle before and after, and not while a count is held', () => {
  const idle: boolean[] = [];
  play(row(5, 0.4, 25), { seconds: 60 }, (state) => {
    idle.push(bikeClutter.isIdle(state));
    return state;
  });
  expect([idle[0], idle[8 * 5], idle[20 * 5], idle.at(-1)]).toEqual([true, false, false, true]);
  const few: boolean[] = [];
  play(row(2), {}, (state) => {
    few.push(bikeClutter.isIdle(state));
    return state;
  });
  expect(few).not.toContain(false);
});

test('a sensitive surface asks for three bikes unless the zone says otherwise', () => {
  const zone: ZoneConfig<'bike-clutter'> = { id: 't', kind: 'bike-clutter', polygon: base.polygon, surface: 'tactile' };
  expect(resolveParams(zone, 'bike')).toMatchObject({ minCount: 3, holdSeconds: 300, standSeconds: 3 });
  expect(resolveParams({ ...zone, params: { minCount: 5 } }, 'bike')).toMatchObject({ minCount: 5, holdSeconds: 300 });
  expect(resolveParams({ id: 's', kind: 'road-stall', polygon: base.polygon }, 'heritage')).toMatchObject({
    dwellSeconds: 120,
  });
});
