import { expect, test } from 'vitest';
import type { HealthReason } from '../../../contracts/status.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import type { Cover, Load, Track } from '../../domain/detection.ts';
import type { Finding } from '../../domain/rule.ts';
import type { GroundSample } from '../../domain/scene.ts';
import { resolveParams } from '../params.ts';
import { changedGround } from './ground-change.ts';
import { type MuckTruckState, muckTruck } from './rule.ts';

const zone: ZoneConfig<'muck-truck'> = {
  id: 'gate',
  kind: 'muck-truck',
  polygon: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  gateLine: [
    [0.2, 0.5],
    [0.8, 0.5],
  ],
  inside: [0.5, 0.1],
  ground: [
    [0.3, 0.55],
    [0.7, 0.55],
    [0.7, 0.75],
    [0.3, 0.75],
  ],
  params: { spillPersistSeconds: 5 },
};
const grey = [100, 100, 100];
const soil = [120, 95, 70];
const ground = (patch: readonly number[]): GroundSample => ({
  cols: 10,
  rows: 5,
  rgb: Array.from({ length: 50 }, (_, i) => (i % 10 >= 3 && i % 10 < 7 ? patch : grey)).flat(),
});
type GatePlay = {
  fps?: number;
  load?: Load;
  cover?: Cover;
  back?: boolean;
  idOf?: (frame: number) => number;
  after?: number[];
  degraded?: HealthReason;
};

/** Eight seconds of a truck from top to bottom (or back), then forty quiet ones. */
function play(options: GatePlay, wash = (state: MuckTruckState) => state): Finding<'muck-truck'>[] {
  const {
    fps = 5,
    load = 'loaded',
    cover = 'uncovered',
    back = false,
    idOf = () => 1,
    after = grey,
    degraded,
  } = options;
  const params = resolveParams(zone, 'gate');
  const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
  let state = muckTruck.init();
  const findings: Finding<'muck-truck'>[] = [];
  for (let frame = 0; frame < 50 * fps; frame++) {
    const at = Math.round((frame * 1000) / fps);
    const t = at / 1000 - 2;
    const y = back ? 0.85 - 0.1 * t : 0.05 + 0.1 * t;
    const truck: Track = {
      concept: 'muck_truck',
      label: '',
      score: 0.9,
      box: [0.4, y, 0.2, 0.15],
      load,
      cover,
      id: idOf(frame),
      bornAt: 0,
      seenAt: at,
      hits: 1,
    };
    const tracks = t >= 0 && t < 8 ? [truck] : [];
    const sample = ground(t < 5 ? grey : after);
    const view = degraded ? ('degraded' as const) : ('watched' as const);
    const viewReasons = degraded ? [degraded] : [];
    const scene = { at, tracks, view, viewReasons, aspect: 16 / 9, ground: { gate: sample } };
    const step = muckTruck.step(wash(state), scene, { zone, params, calendar, cameraKind: 'gate', composites: [] });
    state = step.state;
    findings.push(...step.findings);
  }
  return findings;
}
const said = (findings: readonly Finding<'muck-truck'>[]) =>
  findings.map(({ phase, detail }) => `${phase} ${detail.direction} ${detail.findings.join('+')}`);

test.each<[string, GatePlay, string[]]>([
  ['loaded and open, outbound', {}, ['start outbound uncovered', 'end outbound uncovered']],
  ['covered', { cover: 'covered' }, []],
  ['empty', { load: 'empty' }, []],
  ['a bed that nobody could see', { load: 'unknown', cover: 'unknown' }, []],
  ['inbound', { back: true }, []],
  ['covered but spilling', { cover: 'covered', after: soil }, ['start outbound spill', 'end outbound spill']],
  ['a shadow or water film', { cover: 'covered', after: [55, 55, 55] }, []],
])('%s', (_, options, expected) => {
  expect(said(play(options))).toEqual(expected);
});

test('any rate, switched identities and JSON in mid-run: the same pass', () => {
  for (const fps of [2, 5, 10]) {
    expect(said(play({ fps, idOf: (frame) => frame + 1 }))).toEqual(said(play({})));
  }
  expect(play({}, (state) => JSON.parse(JSON.stringify(state)) as MuckTruckState)).toEqual(play({}));
});

test('too few frames are no worse a view: the pass is told, and no other degraded view tells it', () => {
  const events = (degraded?: HealthReason) =>
    said(play({ fps: 3, ...(degraded && { degraded }) })).filter((line) => line.startsWith('start')).length;
  expect(events()).toBe(1);
  expect(events('low-rate')).toBe(1);
  for (const reason of ['dark', 'blurred', 'covered', 'moved', 'frozen'] as const) expect(events(reason)).toBe(0);
});

test('a spill after an open bed comes as an update of the same event', () => {
  const findings = play({ after: soil });
  expect(said(findings)).toEqual([
    'start outbound uncovered',
    'update outbound uncovered+spill',
    'end outbound uncovered+spill',
  ]);
  expect(new Set(findings.map(({ key }) => key)).size).toBe(1);
});

test('idle before a truck comes and when all about it is said', () => {
  const idle: boolean[] = [];
  play({ after: soil }, (state) => {
    idle.push(muckTruck.isIdle(state));
    return state;
  });
  expect([idle[0], idle[6 * 5], idle.at(-1)]).toEqual([true, false, true]);
});

test('light alone changes no cell', () => {
  expect(changedGround(ground(soil), ground(soil.map((value) => value * 0.6)))).toEqual([]);
  expect(changedGround(ground(grey), ground(soil))?.length).toBe(20);
});
