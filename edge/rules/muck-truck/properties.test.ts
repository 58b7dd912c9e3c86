import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Polygon } from '../../../contracts/geometry.ts';
import type { Finding } from '../../domain/rule.ts';
import { initTracker, stepTracker } from '../../tracker/index.ts';
import {
  eventsOf,
  type GatePlay,
  gate,
  grey,
  heap,
  leaving,
  numbersOf,
  playWith,
  route,
  type Vehicle,
  withWashBox,
} from './fixtures/gate.ts';
import type { MuckTruckState } from './rule.ts';

const play = (options: GatePlay) => playWith({ init: initTracker, step: stepTracker }, options);

/** A lorry, a covered truck, an open one that spills, a person and a car: all that the rule has to keep apart. */
const busy: GatePlay = {
  vehicles: [
    leaving(0, { cover: 'covered' }),
    leaving(16),
    {
      concept: 'car',
      height: 0.12,
      path: route('31 0.05 0.74, 33 0.95 0.74'),
    },
    leaving(40, { concept: 'truck', load: 'unknown', cover: 'unknown' }),
  ],
  seconds: 70,
  road: (x, y, second) => (second < 25 ? grey : heap(25)(x, y, second)),
};

type Said = { phase: string; findings: string; startedAt: number };
const said = (findings: readonly Finding<'muck-truck'>[]): Said[] =>
  findings.map(({ phase, detail, startedAt }) => ({ phase, findings: detail.findings.join('+'), startedAt }));

test('two, five or ten frames a second: the same events, at the same times but for a frame', () => {
  const at = (fps: number, more: Partial<GatePlay> = {}) => said(play({ ...busy, fps, ...more }));
  const five = at(5);
  expect(five.map(({ phase, findings }) => `${phase} ${findings}`)).toEqual([
    'start uncovered',
    'update uncovered+spill',
    'end uncovered+spill',
  ]);
  for (const fps of [2, 10]) {
    const other = at(fps);
    expect(other.map(({ startedAt, ...rest }) => rest)).toEqual(five.map(({ startedAt, ...rest }) => rest));
    for (const [i, { startedAt }] of other.entries()) {
      expect(Math.abs(startedAt - (five[i] as Said).startedAt)).toBeLessThan(300);
    }
  }
  // One frame a second is enough for a pass that shows six frames of the bed.
  expect(new Set(at(1).map(({ findings }) => findings))).toEqual(new Set(['uncovered', 'uncovered+spill']));
});

test('identities that change at random change nothing', () => {
  const plain = play(busy);
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const next = numbersOf(seed);
      const findings = play({ ...busy, idOf: () => 1 + Math.floor(next() * 50) });
      const bare = (all: readonly Finding<'muck-truck'>[]) =>
        all.map(({ objects, ...rest }) => ({ ...rest, objects: objects.map(({ track, ...object }) => object) }));
      expect(bare(findings)).toEqual(bare(plain));
    }),
    { numRuns: 8 },
  );
});

test('another time changes the times alone', () => {
  const shifted = (by: number) =>
    play({ ...busy, startAt: by }).map(({ key, startedAt, at, endedAt, stills, ...rest }) => ({
      ...rest,
      ...{ startedAt: startedAt - by, at: at - by, endedAt: endedAt === null ? null : endedAt - by },
      roles: stills.map(({ role }) => role),
    }));
  const plain = shifted(0);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000_000_000 }), (by) => {
      expect(shifted(by)).toEqual(plain);
    }),
    { numRuns: 6 },
  );
});

test('a state that went through JSON at any step goes on as if nothing had happened', () => {
  const through = (state: MuckTruckState) => JSON.parse(JSON.stringify(state)) as MuckTruckState;
  expect(play({ ...busy, between: through })).toEqual(play(busy));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 350 }), (when) => {
      const once = play({ ...busy, between: (state, frame) => (frame === when ? through(state) : state) });
      expect(once).toEqual(play(busy));
    }),
    { numRuns: 4 },
  );
});

/** Without a road patch: these are about the passes. */
const { ground: _, ...bareGate } = gate;
const washedGate = { ...bareGate, washBox: withWashBox.washBox as Polygon };

const bad: readonly (readonly [string, Vehicle, boolean, string])[] = [
  ['open', leaving(), false, 'uncovered'],
  ['open, hidden for three seconds', leaving(0, { hidden: [4, 7] }), false, 'uncovered'],
  ['covered, unwashed', leaving(0, { cover: 'covered' }), true, 'unwashed'],
];
const lawful: readonly (readonly [string, Vehicle])[] = [
  ['covered', leaving(0, { cover: 'covered' })],
  ['partly covered', leaving(0, { cover: 'partly' })],
  ['empty', leaving(0, { load: 'empty' })],
  ['a lorry', leaving(0, { concept: 'truck', load: 'unknown', cover: 'unknown' })],
  ['inbound', leaving(0, { path: route('0 0.52 0.85, 12 0.5 0.2') })],
];

test.each(bad)('with a detector that errs, one event a pass: %s', (_, vehicle, washed, findings) => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(5, 10), (noise, fps) => {
      const all = play({ vehicles: [vehicle], seconds: 22, fps, noise, zone: washed ? washedGate : bareGate });
      expect(eventsOf(all)).toEqual([`start ${findings}`, `end ${findings}`]);
      expect(Math.abs((all[0]?.startedAt ?? 0) - 6000)).toBeLessThan(900);
    }),
    { numRuns: 25 },
  );
});

test.each(lawful)('with a detector that errs, no event: %s', (_, vehicle) => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom(5, 10), (noise, fps) => {
      expect(eventsOf(play({ vehicles: [vehicle], seconds: 22, fps, noise, zone: bareGate }))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
