import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import { type GatePlay, gate, heap, leaving, playAll, route, type Vehicle } from './fixtures/gate.ts';
import type { MuckTruckState } from './rule.ts';

const play = (options: GatePlay) => playAll({ init: initTracker, step: stepTracker }, options);
const { ground: _, ...bareGate } = gate;

const coming = (from: number): Vehicle => ({
  load: 'empty',
  cover: 'uncovered',
  path: [
    [from, 0.52, 0.85],
    [from + 12, 0.5, 0.2],
  ],
});
/** Noses over the line, stands there, and is back in the yard eight seconds after. */
const turningBack: Vehicle = { path: route('0 0.5 0.2, 6 0.5 0.62, 9 0.5 0.62, 14 0.5 0.2, 30 0.5 0.2') };
/** The same by less than it takes to be clear of the line. */
const nosingOut: Vehicle = { path: route('0 0.5 0.2, 6 0.5 0.54, 20 0.5 0.54, 26 0.5 0.2, 40 0.5 0.2') };
const said = (options: GatePlay) =>
  play(options).observations.map(({ observed: { direction, load, cover } }) => `${direction} ${load} ${cover}`);

test.each<[string, Vehicle[], string[]]>([
  ['open', [leaving()], ['outbound loaded uncovered']],
  ['covered, which is no finding', [leaving(0, { cover: 'covered' })], ['outbound loaded covered']],
  [
    'a lorry, of whose bed nothing is said',
    [leaving(0, { concept: 'truck', load: 'unknown', cover: 'unknown' })],
    ['outbound unknown unknown'],
  ],
  ['in through the gate', [coming(0)], ['inbound empty uncovered']],
  ['two, one behind the other', [leaving(0), coming(25)], ['outbound loaded uncovered', 'inbound empty uncovered']],
  ['straight back', [turningBack], []],
  ['on the line for a while, and back', [nosingOut], []],
  ['never over the line', [{ path: route('0 0.5 0.2, 10 0.6 0.3, 30 0.5 0.2') }], []],
])('one observation a pass: %s', (_name, vehicles, observations) => {
  expect(said({ vehicles, seconds: 60, zone: bareGate })).toEqual(observations);
});

test('its time is the crossing, which is that of the event', () => {
  const { findings, observations } = play({ vehicles: [leaving(3)], seconds: 40, road: heap(12) });
  expect(findings.map(({ phase }) => phase)).toContain('end');
  expect(observations.map(({ at }) => at)).toEqual([findings[0]?.startedAt]);
  expect(observations[0]?.at).toBeCloseTo(9000, -3);
});

test('a truck that stays in sight is counted while it stands there', () => {
  const stays: Vehicle = {
    ...leaving(),
    path: route('0 0.5 0.2, 12 0.52 0.8, 200 0.52 0.8'),
  };
  expect(said({ vehicles: [stays], seconds: 25, zone: bareGate })).toHaveLength(1);
  expect(said({ vehicles: [stays], seconds: 200, zone: bareGate })).toHaveLength(1);
});

test.each<[string, Partial<GatePlay>]>([
  ['a view that nobody can see by', { view: () => 'degraded' }],
  ['no frames', { skip: () => true }],
])('%s: no pass', (_name, more) => {
  expect(said({ vehicles: [leaving()], seconds: 40, zone: bareGate, ...more })).toEqual([]);
});

describe('whatever the detector gets wrong, at whatever rate', () => {
  const passes = fc.record({
    noise: fc.integer(),
    fps: fc.constantFrom(5, 10),
    seconds: fc.integer({ min: 18, max: 60 }),
  });

  test.each<[string, Vehicle, string]>([
    ['out', leaving(0, { cover: 'covered' }), 'outbound'],
    ['hidden for three seconds', leaving(0, { hidden: [4, 7] }), 'outbound'],
    ['in', coming(0), 'inbound'],
  ])('%s: once', (_name, vehicle, direction) => {
    fc.assert(
      fc.property(passes, ({ noise, fps, seconds }) => {
        const { observations } = play({ vehicles: [vehicle], seconds: seconds + 10, fps, noise, zone: bareGate });
        expect(observations.map(({ observed }) => observed.direction)).toEqual([direction]);
        expect(Math.abs((observations[0]?.at ?? 0) - 6000)).toBeLessThan(1500);
      }),
      { numRuns: 15 },
    );
  });

  test('never clear of the line: none', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(5, 10), (noise, fps) => {
        expect(said({ vehicles: [nosingOut], seconds: 50, fps, noise, zone: bareGate })).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  test('a restart at any step neither loses a pass nor counts it twice', () => {
    const through = (state: MuckTruckState) => JSON.parse(JSON.stringify(state)) as MuckTruckState;
    const options: GatePlay = { vehicles: [leaving(0), coming(25)], seconds: 60, zone: bareGate };
    const plain = play(options);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), (when) => {
        const between: GatePlay['between'] = (state, frame) => (frame === when ? through(state) : state);
        expect(play({ ...options, between })).toEqual(plain);
      }),
      { numRuns: 10 },
    );
  });
});
