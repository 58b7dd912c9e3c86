import { describe, expect, it } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import { parseTruth, type TruthFrame } from '../truth/truth.ts';
import { matchEvents } from './event-match.ts';
import { type GatePass, pairBeds, pairPasses, seenPasses, truePasses } from './gate-passes.ts';

const START = Date.UTC(2026, 0, 1);
const gate = {
  id: 'gate',
  kind: 'muck-truck',
  polygon: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  gateLine: [
    [0.2, 0.6],
    [0.8, 0.6],
  ],
  inside: [0.5, 0.2],
};
const violation = (more: object = {}) => ({
  kind: 'muck-truck',
  zone: 'gate',
  from: 3,
  to: 20,
  dueAt: 14,
  detail: { direction: 'outbound', load: 'loaded', cover: 'uncovered', ...more },
});
const truthOf = (violations: object[] = []) =>
  parseTruth({ clip: 'x.mp4', fps: 5, camera: { id: 'c', kind: 'gate', zones: [gate] }, violations }, 'x');

type Bed = { load: string; cover: string };
/** A truck whose foot goes from `y0` to `y1` between two seconds, five frames a second. */
function drive(from: number, to: number, y0: number, y1: number, bed: Bed, x = 0.35): Map<number, object> {
  const frames = new Map<number, object>();
  for (let i = Math.round(from * 5); i <= Math.round(to * 5); i++) {
    const foot = y0 + ((y1 - y0) * (i / 5 - from)) / (to - from);
    frames.set(i, { class: 'muck_truck', box: [x, foot - 0.25, 0.3, 0.25], visible: 1, ...bed });
  }
  return frames;
}
function framesOf(...drives: Map<number, object>[]): TruthFrame[] {
  return Array.from({ length: 125 }, (_, i) => ({
    t: i / 5,
    objects: drives.flatMap((drive) => drive.get(i) ?? []),
  })) as TruthFrame[];
}
const open = { load: 'loaded', cover: 'uncovered' } as const;
const empty = { load: 'empty', cover: 'uncovered' } as const;
const hidden = { load: 'unknown', cover: 'unknown' };

describe('truePasses', () => {
  it('a truck out, another in, one that stays and one that turns back', () => {
    const frames = framesOf(
      drive(2, 8, 0.35, 0.9, open),
      drive(10, 16, 0.9, 0.35, empty),
      drive(0, 1.4, 0.3, 0.45, empty, 0.6),
      new Map([...drive(18, 20, 0.5, 0.7, open), ...drive(20.2, 22, 0.68, 0.5, open)]),
    );
    expect(truePasses(truthOf(), frames)).toEqual([
      { zone: 'gate', direction: 'outbound', at: expect.closeTo(4.8, 1), bed: open },
      { zone: 'gate', direction: 'inbound', at: expect.closeTo(13.4, 0), bed: empty },
    ]);
  });

  it('a bed that shows in two frames cannot be seen', () => {
    const pass = drive(2, 8, 0.35, 0.9, hidden);
    for (const i of [20, 21]) pass.set(i, { ...pass.get(i), ...open });
    expect(truePasses(truthOf(), framesOf(pass))).toMatchObject([{ bed: hidden }]);
    pass.set(22, { ...pass.get(22), ...open });
    expect(truePasses(truthOf(), framesOf(pass))).toMatchObject([{ bed: open }]);
  });

  it('a truck of another state close behind is another truck', () => {
    const first = drive(2, 6, 0.35, 0.9, open);
    const second = drive(5, 9, 0.4, 0.9, { load: 'loaded', cover: 'covered' });
    const passes = truePasses(truthOf(), framesOf(first, second));
    expect(passes.map(({ bed }) => bed.cover)).toEqual(['uncovered', 'covered']);
  });

  it('the violation of the truth says what a truck carried, and is a pass where no boxes are', () => {
    const frames = framesOf(drive(2, 8, 0.35, 0.9, hidden));
    expect(truePasses(truthOf([violation()]), frames)).toMatchObject([{ at: expect.closeTo(4.8, 1), bed: open }]);
    expect(truePasses(truthOf([violation()]), [])).toEqual([
      { zone: 'gate', direction: 'outbound', at: 8.5, bed: open },
    ]);
  });
});

it('a pass that is no event is read from what the line observed, with the second of the clip', () => {
  const bed = { load: 'loaded', cover: 'covered' } as const;
  const pass = { kind: 'muck-truck', at: START + 4700, observed: { direction: 'outbound', ...bed } } as const;
  const count = { kind: 'road-stall', at: START, observed: { stalls: 1 } } as const;
  const observations = [
    { zone: 'kerb', observation: count },
    { zone: 'gate', observation: pass },
  ];
  expect(seenPasses(observations, START)).toEqual([{ zone: 'gate', direction: 'outbound', at: 4.7, bed }]);
});

describe('pairPasses', () => {
  const pass = (at: number, bed: Bed, direction: GatePass['direction'] = 'outbound'): GatePass => ({
    zone: 'gate',
    direction,
    at,
    bed,
  });
  it('by direction and time; who saw nothing says unknown', () => {
    const pairs = pairPasses(
      [pass(5, open), pass(12, empty, 'inbound'), pass(40, open)],
      [pass(12.4, empty, 'inbound'), pass(6, empty), pass(60, open)],
      [],
    );
    expect(pairs.map(({ said }) => said)).toEqual([empty, empty, hidden]);
  });
  it('an event’s word goes before the votes', () => {
    const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();
    const event = { id: 'a', kind: 'muck-truck', zone: 'gate', startedAt: iso(4), at: iso(9), rev: 1 } as const;
    const detail = { direction: 'outbound', load: 'loaded', cover: 'partly' };
    const outcomes = matchEvents(truthOf([violation()]), [{ ...event, detail }], START);
    const [pair] = pairPasses([pass(5, open)], [pass(5.2, open)], outcomes);
    expect(pair?.said).toEqual({ load: 'loaded', cover: 'partly' });
  });
});

it('beds of one frame are paired by overlap, each once', () => {
  const object = (x: number, bed: Bed) => {
    const box: BoxXywh = [x, 0, 0.2, 0.2];
    return { class: 'muck_truck', box, visible: 1, ...bed };
  };
  const said = (x: number, score: number, bed: Pick<Detection, 'load' | 'cover'>): Detection => ({
    ...{ concept: 'muck_truck', label: 'x', score, box: [x, 0, 0.2, 0.2], ...bed },
  });
  const frame = { objects: [object(0, open), object(0.5, empty)] };
  const pairs = pairBeds(frame, [said(0.02, 0.5, empty), said(0.01, 0.9, open), said(0.8, 0.9, open)]);
  expect(pairs).toEqual([{ truth: open, said: open }]);
});
