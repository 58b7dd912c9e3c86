import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import { groupEvents, type Incident, latestRevisions } from '../../tests/hub/group-events.ts';
import { type Assignment, assign, type CaseFacts } from './assign.ts';
import { placeOf, samePlace } from './place.ts';
import { foldSightings, type Sighting, sightingOf, spotOf } from './sighting.ts';
import { summarise } from './summary.ts';

const HOUR = 3_600_000;
const settings = { joinMs: 24 * HOUR, recurrenceMs: 24 * HOUR };
const iso = (hours: number) => new Date(Date.UTC(2026, 10, 23) + Math.round(hours * HOUR)).toISOString();

type Told = { id: number; rev?: number; zone?: string; box?: BoxXywh | null; from?: number; at?: number; end?: number };

function stall({
  id,
  rev = 1,
  zone = 'z',
  box = [0.4, 0.4, 0.1, 0.2],
  from = 0,
  at = from,
  end,
}: Told): ViolationEvent {
  return {
    v: 1,
    id: `00000000-0000-5000-8000-${String(id).padStart(12, '0')}`,
    rev,
    seq: id * 100 + rev,
    node: 'n',
    camera: 'c',
    zone,
    kind: 'road-stall',
    phase: end !== undefined ? 'end' : rev === 1 ? 'start' : 'update',
    startedAt: iso(from),
    at: iso(at),
    endedAt: end === undefined ? null : iso(end),
    score: 0.9,
    objects: box ? [{ track: 1, class: 'stall', score: 0.9, box }] : [],
    detail: { dwellSeconds: 1, attended: true, permit: null, ruleWindow: 'always', subKind: 'road', unknownSeconds: 0 },
    location: null,
    evidence: [],
    model: { name: 'm', version: '1', sha256: GENESIS },
    rule: { version: '1', params: GENESIS },
    clock: { offsetMs: 0, source: 'ntp' },
    chain: { prev: GENESIS, sig: 'x'.repeat(86) },
  };
}

/** What the ingest does, without a database: one event after the other, nobody deciding in between. */
function stepByStep(events: readonly ViolationEvent[]): Incident[] {
  const known = new Map<string, { sighting: Sighting; caseId: string }>();
  let opened = 0;
  for (const event of events) {
    const before = known.get(event.id);
    const seen = sightingOf(event);
    const sighting = before ? foldSightings(before.sighting, seen) : seen;
    const others = [...known.values()].filter((other) => spotOf(other.sighting) === spotOf(sighting));
    const cases = new Map<string, CaseFacts>();
    for (const { sighting: other, caseId } of known.values()) {
      const startedAt = Math.min(other.startedAt, cases.get(caseId)?.startedAt ?? Number.POSITIVE_INFINITY);
      const facts = { id: caseId, phase: 'undecided', startedAt, closedAt: null, handled: false, touched: false };
      cases.set(caseId, facts as CaseFacts);
    }
    const current = before ? (cases.get(before.caseId) ?? null) : null;
    const result: Assignment = assign(sighting, current, others, cases, settings);
    const caseId = result.caseId ?? `case-${opened++}`;
    known.set(event.id, { sighting, caseId });
    for (const [id, other] of known) if (result.absorbs.includes(other.caseId)) known.set(id, { ...other, caseId });
  }
  const members = new Map<string, string[]>();
  for (const [id, { caseId }] of known) members.set(caseId, [...(members.get(caseId) ?? []), id]);
  return [...members.values()].map((ids) => ids.sort()).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

const incidents = (events: readonly ViolationEvent[]) => groupEvents(events, settings);

describe('what joins', () => {
  const elsewhere: BoxXywh = [0.7, 0.4, 0.1, 0.2];
  test.each<[string, Told[], number]>([
    ['revisions of one event', [{ id: 1 }, { id: 1, rev: 2, at: 1 }, { id: 1, rev: 3, at: 2, end: 2 }], 1],
    [
      'two events on one spot',
      [
        { id: 1, end: 1 },
        { id: 2, from: 3 },
      ],
      1,
    ],
    ['two spots of one zone', [{ id: 1 }, { id: 2, box: elsewhere }], 2],
    ['two zones', [{ id: 1 }, { id: 2, zone: 'other' }], 2],
    [
      'a day and more between them',
      [
        { id: 1, at: 1, end: 1 },
        { id: 2, from: 26 },
      ],
      2,
    ],
    [
      'a day and more between the starts, but it never left',
      [
        { id: 1, at: 20 },
        { id: 2, from: 26 },
      ],
      1,
    ],
    [
      'two spots bridged by a third',
      [{ id: 1 }, { id: 2, box: [0.46, 0.4, 0.1, 0.2] }, { id: 3, box: [0.43, 0.4, 0.1, 0.2] }],
      1,
    ],
    [
      'the end of an event, which shows nothing, before its start',
      [{ id: 1, rev: 2, box: null, end: 1 }, { id: 2 }, { id: 1 }],
      1,
    ],
  ])('%s', (_name, told, count) => {
    const events = told.map(stall);
    expect(incidents(events)).toHaveLength(count);
    expect(stepByStep(events)).toEqual(incidents(events));
  });

  test('each gate pass is a case of its own', () => {
    const pass = (id: number): ViolationEvent => ({ ...stall({ id }), kind: 'muck-truck' }) as ViolationEvent;
    expect(incidents([pass(1), pass(2), pass(1)])).toHaveLength(2);
  });

  test('bikes of one zone join wherever they stand', () => {
    const bikes = (id: number, box: BoxXywh): ViolationEvent =>
      ({ ...stall({ id, box }), kind: 'bike-clutter' }) as ViolationEvent;
    expect(incidents([bikes(1, [0, 0, 0.1, 0.1]), bikes(2, elsewhere)])).toHaveLength(1);
  });

  test('people by the stall do not move its place', () => {
    const cart = { track: 1, class: 'cart', score: 0.9, box: [0.4, 0.4, 0.1, 0.1] as BoxXywh };
    const person = { track: 2, class: 'person', score: 0.9, box: [0.1, 0.1, 0.1, 0.3] as BoxXywh };
    expect(placeOf([cart, person])).toEqual(placeOf([cart]));
    expect(placeOf([])).toBeNull();
    expect(samePlace([0.4, 0.4, 0.1, 0.1], [0.44, 0.4, 0.1, 0.1])).toBe(true);
    expect(samePlace([0.4, 0.4, 0.1, 0.1], [0.48, 0.4, 0.1, 0.1])).toBe(false);
  });
});

const told = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  rev: fc.integer({ min: 1, max: 4 }),
  zone: fc.constantFrom('a', 'a', 'b'),
  cell: fc.integer({ min: 0, max: 8 }),
  day: fc.integer({ min: 0, max: 3 }),
});
const stream = fc.array(told, { minLength: 1, maxLength: 14 }).map((tells) => {
  const unique = new Map(tells.map((tell) => [`${tell.id}/${tell.rev}`, tell]));
  const from = new Map(tells.map((tell) => [tell.id, tell]));
  return [...unique.values()].map(({ id, rev, cell }) => {
    const first = from.get(id) ?? { zone: 'a', day: 0 };
    const hours = first.day * 20;
    const box: BoxXywh | null = rev === 4 ? null : [0.1 + cell * 0.03, 0.4, 0.1, 0.2];
    return stall({
      id,
      rev,
      zone: first.zone,
      box,
      from: hours,
      at: hours + rev,
      ...(rev === 4 ? { end: hours + 4 } : {}),
    });
  });
});

describe('order and repetition do not matter', () => {
  test('step by step, in any order and with repetitions, gives what all at once gives', () => {
    const disordered = stream.chain((events) =>
      fc.record({
        events: fc.constant(events),
        again: fc.shuffledSubarray(events),
        order: fc.shuffledSubarray(events, { minLength: events.length }),
      }),
    );
    fc.assert(
      fc.property(disordered, ({ events, again, order }) => {
        const expected = incidents(events);
        expect(incidents([...order, ...again])).toEqual(expected);
        expect(stepByStep([...order, ...again])).toEqual(expected);
        expect(stepByStep([...again, ...order])).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('the case says the same of its events in any order', () => {
    const pair = stream.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    const facts = (events: readonly ViolationEvent[]) =>
      summarise([...latestRevisions(events).values()].map((event) => ({ ...event, thumbnail: null })));
    fc.assert(
      fc.property(pair, ([events, order]) => {
        expect(facts(order)).toEqual(facts(events));
      }),
    );
  });
});

describe('cases that people have decided about', () => {
  const at = (hours: number) => Date.parse(iso(hours));
  const closed: CaseFacts = {
    id: 'A',
    phase: 'over',
    startedAt: at(0),
    closedAt: at(10),
    handled: true,
    touched: true,
  };
  const neighbours = [{ sighting: sightingOf(stall({ id: 1, at: 1, end: 1 })), caseId: 'A' }];
  const given = (facts: CaseFacts, tell: Told) =>
    assign(sightingOf(stall(tell)), null, neighbours, new Map([['A', facts]]), settings);

  test.each<[string, CaseFacts, Told, Assignment]>([
    [
      'began before it was closed, came late',
      closed,
      { id: 2, from: 9 },
      { caseId: 'A', absorbs: [], recurrenceOf: null },
    ],
    [
      'after it was closed: a recurrence',
      closed,
      { id: 2, from: 11 },
      { caseId: null, absorbs: [], recurrenceOf: 'A' },
    ],
    ['long after it was closed', closed, { id: 2, from: 40 }, { caseId: null, absorbs: [], recurrenceOf: null }],
    [
      'after it was rejected: no recurrence',
      { ...closed, handled: false },
      { id: 2, from: 11 },
      { caseId: null, absorbs: [], recurrenceOf: null },
    ],
    [
      'filed and still open, days later',
      { ...closed, phase: 'open', closedAt: null },
      { id: 2, from: 90 },
      { caseId: 'A', absorbs: [], recurrenceOf: null },
    ],
    [
      'another spot',
      closed,
      { id: 2, from: 11, box: [0.8, 0.1, 0.1, 0.1] },
      { caseId: null, absorbs: [], recurrenceOf: null },
    ],
  ])('%s', (_name, facts, tell, expected) => {
    expect(given(facts, tell)).toEqual(expected);
  });

  test('a confirmed case takes in the unreviewed one that turns out to be the same', () => {
    const cases = new Map<string, CaseFacts>([
      ['A', { ...closed, phase: 'open', closedAt: null }],
      ['B', { ...closed, id: 'B', phase: 'undecided', closedAt: null, touched: false }],
    ]);
    const beside = { sighting: sightingOf(stall({ id: 3, box: [0.46, 0.4, 0.1, 0.2] })), caseId: 'B' };
    const bridge = sightingOf(stall({ id: 4, box: [0.43, 0.4, 0.1, 0.2], from: 1 }));
    expect(assign(bridge, null, [...neighbours, beside], cases, settings)).toEqual({
      caseId: 'A',
      absorbs: ['B'],
      recurrenceOf: null,
    });
  });
});
