import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import type { Composite } from '../../domain/composite.ts';
import type { Concept, Track } from '../../domain/detection.ts';
import type { Finding, RuleContext } from '../../domain/rule.ts';
import { resolveParams } from '../params.ts';
import { type RoadStallState, roadStall } from './rule.ts';

type Thing = {
  concept: Concept;
  box: BoxXywh;
  from?: number;
  to?: number;
  score?: number;
  /** Seen in so many of ten looks. */
  inTen?: number;
};
type Play = {
  seconds: number;
  fps?: number;
  startAt?: number;
  zone?: Partial<ZoneConfig<'road-stall'>>;
  composites?: Composite[];
  /** Seconds without a scene, and with a dark view. */
  gap?: [number, number];
  dark?: [number, number];
  wash?: (state: RoadStallState) => RoadStallState;
  idOf?: (thing: number, frame: number) => number;
};

const props: Composite = {
  concept: 'stall',
  by: 'props',
  props: ['umbrella', 'table', 'chair', 'cart', 'goods'],
  minProps: 2,
  reach: 1.2,
  stillSeconds: 5,
  attendedShare: 0.2,
  minScore: 0.3,
};
const vehicle: Composite = {
  concept: 'stall',
  by: 'vendor-vehicle',
  vehicles: ['truck', 'bus'],
  minPersons: 2,
  mostOfSeconds: 10,
  share: 0.6,
  minScore: 0.3,
};
const stall: Thing = { concept: 'stall', box: [0.4, 0.4, 0.1, 0.2] };
const person: Thing = { concept: 'person', box: [0.51, 0.42, 0.03, 0.18] };

function contextOf(options: Play): RuleContext<'road-stall'> {
  const zone: ZoneConfig<'road-stall'> = {
    id: 'z',
    kind: 'road-stall',
    polygon: [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.1, 0.9],
    ],
    params: { candidateSeconds: 10, dwellSeconds: 30, gapSeconds: 20, rearmSeconds: 20 },
    ...options.zone,
  };
  const calendar = { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] };
  return {
    zone,
    params: resolveParams(zone, 'street'),
    calendar,
    cameraKind: 'street',
    composites: options.composites ?? [],
  };
}

const within = (second: number, span: [number, number] | undefined) =>
  span !== undefined && second >= span[0] && second < span[1];

function play(things: readonly Thing[], options: Play): Finding<'road-stall'>[] {
  const { seconds, fps = 2, startAt = 0, wash = (state) => state, idOf = (thing) => thing + 1 } = options;
  const context = contextOf(options);
  let state = roadStall.init();
  const findings: Finding<'road-stall'>[] = [];
  for (let frame = 0; frame <= seconds * fps; frame++) {
    const second = frame / fps;
    if (within(second, options.gap)) continue;
    const at = startAt + Math.round(second * 1000);
    const tracks = things.flatMap((thing, index): Track[] =>
      second < (thing.from ?? 0) ||
      second >= (thing.to ?? Number.POSITIVE_INFINITY) ||
      (frame * 7) % 10 >= (thing.inTen ?? 10)
        ? []
        : [
            {
              concept: thing.concept,
              label: '',
              score: thing.score ?? 0.9,
              box: thing.box,
              id: idOf(index, frame),
              bornAt: at,
              seenAt: at,
              hits: 1,
            },
          ],
    );
    const view = within(second, options.dark) ? 'degraded' : 'watched';
    const step = roadStall.step(wash(state), { at, tracks, view, viewReasons: [], aspect: 16 / 9 }, context);
    state = step.state;
    findings.push(...step.findings);
  }
  return findings;
}
const phases = (findings: readonly Finding[]) => findings.map(({ phase, at }) => [phase, Math.round(at / 1000)]);

describe('dwell on a place', () => {
  test('starts at the dwell, ends after certain absence, with its stills', () => {
    const findings = play([{ ...stall, to: 60 }], { seconds: 100 });
    expect(phases(findings)).toEqual([
      ['start', 30],
      ['end', 80],
    ]);
    expect(findings[0]?.stills.map(({ role }) => role)).toEqual(['before', 'start', 'threshold']);
    expect(findings[1]?.stills.map(({ role }) => role)).toEqual(['cleared']);
    expect(findings[1]?.endedAt).toBe(59_500);
    expect(findings[1]?.key).toBe(findings[0]?.key);
  });

  test.each<[string, Thing[], Play, number]>([
    ['two stalls side by side are two events', [stall, { ...stall, box: [0.52, 0.4, 0.1, 0.2] }], { seconds: 40 }, 2],
    ['what blinks just above the threshold is none', [{ ...stall, score: 0.48, inTen: 6 }], { seconds: 120 }, 0],
    ['what is steady and never sure is none', [{ ...stall, score: 0.44 }], { seconds: 120 }, 0],
    ['what is steady and just sure is one', [{ ...stall, score: 0.46 }], { seconds: 60 }, 1],
    ['what blinks and is sure is one', [{ ...stall, score: 0.8, inTen: 6 }], { seconds: 60 }, 1],
    ['outside the zone', [{ ...stall, box: [0.4, 0.75, 0.1, 0.2] }], { seconds: 60 }, 0],
    ['gone before the dwell', [{ ...stall, to: 25 }], { seconds: 80 }, 0],
    [
      'a shift by a metre is the same stall',
      [
        { ...stall, to: 15 },
        { ...stall, box: [0.43, 0.4, 0.1, 0.2], from: 15 },
      ],
      { seconds: 40 },
      1,
    ],
    ['a fixture is silent', [stall], { seconds: 60, zone: { fixtures: [{ at: [0.45, 0.6], radius: 0.05 }] } }, 0],
    ['a gap in the stream is no presence', [stall], { seconds: 36, gap: [10, 30] }, 0],
    ['a gap in the stream is no absence', [stall], { seconds: 60, gap: [10, 30] }, 1],
    ['a dark view is no presence', [stall], { seconds: 36, dark: [10, 30] }, 0],
    ['a dark view is no absence', [stall], { seconds: 60, dark: [10, 30] }, 1],
    [
      'standing people',
      [person, { ...person, box: [0.45, 0.42, 0.03, 0.18] }],
      { seconds: 90, composites: [props, vehicle] },
      0,
    ],
    [
      'a parked truck alone',
      [{ concept: 'truck', box: [0.4, 0.4, 0.2, 0.2] }],
      { seconds: 90, composites: [props, vehicle] },
      0,
    ],
  ])('%s', (_, things, options, count) => {
    expect(play(things, options).filter(({ phase }) => phase === 'start').length).toBe(count);
  });

  test('an open permit forbids nothing; after window and grace dwell begins', () => {
    const permits = [
      { id: 'p', windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '18:30', to: '22:30' }], graceMinutes: 1 },
    ];
    const startAt = Date.parse('2026-11-23T22:29:00+08:00');
    const findings = play([stall], { seconds: 200, startAt, zone: { permits } });
    expect(findings.map(({ phase, at }) => [phase, (at - startAt) / 1000])).toEqual([['start', 150]]);
    expect(findings[0]?.detail).toMatchObject({ permit: 'p', ruleWindow: 'outside 18:30-22:30' });
  });

  test('over capacity counts, for the one that came last', () => {
    const permits = [{ id: 'p', windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }], capacity: 1 }];
    const second: Thing = { ...stall, box: [0.6, 0.4, 0.1, 0.2], from: 5 };
    const findings = play([second, stall], { seconds: 50, zone: { permits } });
    expect(findings.map(({ detail }) => detail.ruleWindow)).toEqual(['over capacity 1']);
    expect(findings[0]?.objects[0]?.box[0]).toBeCloseTo(0.6, 2);
  });
});

describe('composites', () => {
  const umbrella: Thing = { concept: 'umbrella', box: [0.4, 0.3, 0.12, 0.1] };
  const table: Thing = { concept: 'table', box: [0.42, 0.45, 0.1, 0.12] };
  const chair: Thing = { concept: 'chair', box: [0.53, 0.48, 0.04, 0.1] };
  const truck: Thing = { concept: 'truck', box: [0.3, 0.4, 0.2, 0.2] };
  test.each<[string, Thing[], number]>([
    ['umbrella and table with a vendor', [umbrella, table, person], 1],
    ['umbrella and table that nobody attends', [umbrella, table], 0],
    ['table and chair of a café with a guest', [table, chair, person], 0],
    ['one thing under two labels', [umbrella, { ...umbrella, concept: 'table' }, person], 0],
    ['a truck with two customers', [truck, person, { ...person, box: [0.45, 0.44, 0.03, 0.18] }], 1],
    ['a truck with one person', [truck, person], 0],
  ])('%s', (_, things, count) => {
    const findings = play(things, { seconds: 60, composites: [props, vehicle] });
    expect(findings.filter(({ phase }) => phase === 'start').length).toBe(count);
  });
});

describe('two opinions of one place', () => {
  const umbrella: Thing = { concept: 'umbrella', box: [0.4, 0.38, 0.1, 0.08], score: 0.6 };
  const table: Thing = { concept: 'table', box: [0.41, 0.48, 0.08, 0.12], score: 0.6 };
  const weak: Thing = { ...stall, score: 0.4 };
  test.each<[string, Thing[], number]>([
    ['a stall that the model is not sure of', [weak, person], 0],
    ['the same over props that somebody attends: one event', [weak, umbrella, table, person], 1],
    ['the same over props that nobody attends', [weak, umbrella, table], 0],
    ['a box now and then does not spare props their attendant', [{ ...weak, inTen: 3 }, umbrella, table], 0],
    ['nor takes it away', [{ ...weak, inTen: 3 }, umbrella, table, person], 1],
  ])('%s', (_, things, count) => {
    const findings = play(things, { seconds: 60, composites: [props, vehicle] });
    expect(findings.filter(({ phase }) => phase === 'start').length).toBe(count);
  });

  test('the event is the own class’s, with the score of both', () => {
    const [found] = play([weak, umbrella, table, person], { seconds: 60, composites: [props] });
    expect(found?.objects.map((object) => object.class)).toEqual(['stall']);
    expect(found?.score).toBeGreaterThan(0.5);
    expect(found?.score).toBeLessThan(0.6);
  });
});

describe('properties', () => {
  const scenario = fc.record({ from: fc.integer({ min: 0, max: 10 }), stay: fc.integer({ min: 5, max: 70 }) });
  const thingOf = ({ from, stay }: { from: number; stay: number }): Thing => ({ ...stall, from, to: from + stay });

  test('1, 2, 5 or 10 frames a second give the same events within a second or two', () => {
    fc.assert(
      fc.property(scenario, (span) => {
        // At the threshold itself a frame more or less decides; that is no fault.
        fc.pre(Math.abs(span.stay - 30) > 2);
        const base = play([thingOf(span)], { seconds: 110, fps: 5 });
        for (const fps of [1, 2, 10]) {
          const other = play([thingOf(span)], { seconds: 110, fps });
          expect(other.map(({ phase }) => phase)).toEqual(base.map(({ phase }) => phase));
          other.forEach((finding, i) => {
            expect(Math.abs(finding.at - (base[i]?.at ?? 0))).toBeLessThanOrEqual(2000);
          });
        }
      }),
      { numRuns: 25 },
    );
  });

  test('switched identities change nothing but the ids; JSON in mid-run changes nothing; a time shift shifts', () => {
    fc.assert(
      fc.property(scenario, fc.nat(1000), fc.integer({ min: 1, max: 10 ** 9 }), (span, salt, shift) => {
        const base = play([thingOf(span), person], { seconds: 110 });
        const summary = (findings: readonly Finding[], by: number) =>
          findings.map(({ phase, at, startedAt, detail }) => [phase, at - by, startedAt - by, detail]);
        const idOf = (thing: number, frame: number) => ((thing + 1) * (frame * salt + 7)) % 97;
        expect(summary(play([thingOf(span), person], { seconds: 110, idOf }), 0)).toEqual(summary(base, 0));
        const wash = (state: RoadStallState) => JSON.parse(JSON.stringify(state)) as RoadStallState;
        expect(play([thingOf(span), person], { seconds: 110, wash })).toEqual(base);
        const shifted = play([thingOf(span), person], { seconds: 110, startAt: shift });
        expect(summary(shifted, shift)).toEqual(summary(base, 0));
      }),
      { numRuns: 25 },
    );
  });
});
