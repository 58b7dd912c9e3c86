import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseCommandName, caseStates } from '../../../contracts/api/case.ts';
import { roles } from '../../../contracts/api/session.ts';
import { shippedMatters } from '../../../contracts/matters.ts';
import { violationKinds, violations } from '../../../contracts/violations/index.ts';
import { calendarOf } from '../../../platform/calendar.ts';
import { dueAt } from './deadline.ts';
import { decide } from './decide.ts';
import { limitTable } from './limits.ts';
import { possibleSteps, transitions } from './transitions.ts';
import { addWorkingTime, dueInWorkingTime } from './working-time.ts';

const HOUR = 3_600_000;
/** Local time in China, 2026-11-23 is a Monday. */
const at = (text: string) => Date.parse(`${text}:00.000+08:00`);
const calendar = { utcOffsetMinutes: 480, holidays: ['2026-11-25'], makeUpDays: ['2026-11-28'] };

describe('working time', () => {
  test.each([
    ['within the morning', '2026-11-23T09:00', 2, '2026-11-23T11:00'],
    ['over the noon break', '2026-11-23T11:00', 2, '2026-11-23T15:00'],
    ['ends with the shift', '2026-11-23T10:00', 2, '2026-11-23T12:00'],
    ['over the night', '2026-11-23T17:00', 2, '2026-11-24T09:00'],
    ['before the day begins', '2026-11-23T03:00', 1, '2026-11-23T09:00'],
    ['over a public holiday', '2026-11-24T17:00', 2, '2026-11-26T09:00'],
    ['on a make-up Saturday', '2026-11-27T17:00', 2, '2026-11-28T09:00'],
    ['over the Sunday after it', '2026-11-28T17:00', 2, '2026-11-30T09:00'],
    ['two working days', '2026-11-23T09:00', 16, '2026-11-26T09:00'],
  ])('%s', (_name, from, hours, to) => {
    expect(addWorkingTime(at(from), hours * HOUR, calendar)).toBe(at(to));
  });

  describe('by the announced calendar', () => {
    const announced = calendarOf();
    test.each([
      ['one working day over the National Day week', '2026-09-30T17:00', 8, '2026-10-08T17:00'],
      ['the Saturday after it is a working day', '2026-10-09T17:00', 8, '2026-10-10T17:00'],
      ['the Sunday before it is a working day', '2026-09-19T12:00', 4, '2026-09-20T12:00'],
      ['over the Mid-Autumn days', '2026-09-24T17:30', 1, '2026-09-28T08:30'],
      ['over the Spring Festival, from the Saturday before it', '2026-02-14T17:00', 8, '2026-02-24T17:00'],
      ['the Saturday after the Spring Festival', '2026-02-27T18:00', 8, '2026-02-28T18:00'],
      ['over the first days of May to a working Saturday', '2026-04-30T18:00', 32, '2026-05-09T18:00'],
      ['over new year to a working Sunday', '2025-12-31T17:00', 2, '2026-01-04T09:00'],
      ['over the long week of 2025', '2025-09-30T17:00', 8, '2025-10-09T17:00'],
      ['the Sunday before it', '2025-09-27T09:00', 4, '2025-09-28T12:00'],
      ['beyond what is known, by the weekday alone', '2026-12-31T17:00', 8, '2027-01-01T17:00'],
    ])('%s', (_name, from, hours, to) => {
      expect(addWorkingTime(at(from), hours * HOUR, announced)).toBe(at(to));
    });

    test.each([
      ['a Saturday night waits for Monday’s close', '2026-11-28T02:16', '2026-11-30T18:00'],
      ['in working hours it stays', '2026-11-27T10:30', '2026-11-27T10:30'],
      ['on the stroke of the close it stays', '2026-11-27T18:00', '2026-11-27T18:00'],
      ['before opening, the same day', '2026-11-27T02:16', '2026-11-27T18:00'],
      ['at noon, the same day', '2026-11-27T13:00', '2026-11-27T18:00'],
      ['at night, the next day', '2026-11-26T22:00', '2026-11-27T18:00'],
      ['in the National Day week, its first working day', '2026-10-02T09:00', '2026-10-08T18:00'],
      ['on a working Saturday it stays', '2026-10-10T09:00', '2026-10-10T09:00'],
    ])('a notice: %s', (_name, from, to) => {
      expect(dueInWorkingTime(at(from), announced)).toBe(at(to));
    });
  });

  test('more time is never due earlier', () => {
    const hours = fc.integer({ min: 0, max: 80 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), hours, hours, (from, a, b) => {
        const due = (amount: number) => addWorkingTime(at('2026-11-20T00:00') + from * HOUR, amount * HOUR, calendar);
        expect(due(Math.max(a, b))).toBeGreaterThanOrEqual(due(Math.min(a, b)));
      }),
    );
  });

  test('a stall is dealt with within two hours round the clock, a spill within four working hours', () => {
    const night = at('2026-11-23T22:00');
    expect(dueAt('dispatched', 'road-stall', [], night, calendar)).toBe(night + 2 * HOUR);
    expect(dueAt('dispatched', 'muck-truck', ['uncovered', 'spill'], night, calendar)).toBe(at('2026-11-24T12:00'));
    expect(dueAt('closed', 'road-stall', [], night, calendar)).toBeNull();
  });
});

describe('limits of the filing table', () => {
  const shipped = limitTable(shippedMatters(), 'city-table-b');
  const monday = at('2026-11-23T09:00');

  test.each(violationKinds)('what ships for %s is what its entry says, whatever the reasons', (kind) => {
    const { reasonField, detailValues } = violations[kind];
    const words = Object.keys((detailValues as Record<string, object>)[reasonField] ?? {});
    for (const reasons of [...words.map((word) => [word]), words])
      expect(dueAt('handling', kind, reasons, monday, calendar, shipped)).toBe(
        dueAt('handling', kind, reasons, monday, calendar),
      );
  });

  const matter = (code: string, reasons: string[], amount: number, unit: 'urgent_hour' | 'work_hour' | 'work_day') => ({
    ...{ scheme: 'ours', code, title: { zh: '事项', en: 'Matter' }, kind: 'muck-truck' as const, reasons },
    limit: { amount, unit },
  });
  const ours = [matter('1', [], 2, 'work_day'), matter('2', ['spill'], 3, 'urgent_hour')];
  test.each([
    ['the general one', ours, ['uncovered'], '2026-11-26T09:00'],
    ['the shortest that fits', ours, ['uncovered', 'spill'], '2026-11-23T12:00'],
    ['the entry where the table is silent', [], ['spill'], '2026-11-23T15:00'],
  ])('%s', (_name, matters, reasons, due) => {
    const table = limitTable(matters, 'ours');
    expect(dueAt('dispatched', 'muck-truck', reasons, monday, calendar, table)).toBe(at(due));
    expect(limitTable(ours, 'another')('muck-truck', reasons)).toBeNull();
  });
});

test('every kind states its own limit; one that states none is no two working days', () => {
  const monday = at('2026-11-23T09:00');
  for (const kind of violationKinds) expect(dueAt('handling', kind, [], monday, calendar)).toBeGreaterThan(monday);
  expect(() => dueAt('handling', 'parking' as never, [], monday, calendar)).toThrow();
});

describe('the table', () => {
  const names = Object.keys(transitions) as CaseCommandName[];
  const command = (name: CaseCommandName) =>
    ({
      ...{ command: name, note: 'n', unit: 'u', result: name === 'answer-appeal' ? 'upheld' : 'start' },
      ...{ outcome: 'service', into: 'x', events: ['e'], until: '2026-11-23T08:00:00.000Z' },
    }) as never;

  const untouched = {
    ...{ claimedBy: null, claimedUntil: null, sightings: 2, rework: 0, confirmedBy: null, handlers: [] },
    ...{ unit: 'team-3', extension: null, appeal: null, photos: 1, dueAt: at('2026-11-23T12:00') },
    ...{ stateBefore: null, lastMove: null, now: at('2026-11-23T10:00'), undoMs: 60_000, utcOffsetMinutes: 480 },
  };

  test('every state, command and role: a step is offered only when it is allowed', () => {
    for (const state of caseStates) {
      for (const role of roles) {
        for (const name of names) {
          const facts = { ...untouched, state };
          const decision = decide(facts, command(name), { name: 'ann', role });
          const offered = possibleSteps(facts, { name: 'ann', role }).includes(name);
          if (offered && name !== 'recheck') expect(decision.ok, `${name} in ${state} as ${role}`).toBe(true);
          if (decision.ok) expect(transitions[name].roles).toContain(role);
          if (role === 'viewer') expect(decision.ok).toBe(false);
          // This one belongs to no unit, so to none that could have the case.
          if (role === 'unit') expect([decision.ok, offered]).toEqual([false, false]);
        }
      }
    }
  });

  const ann = { name: 'ann', role: 'operator' } as const;
  const sue = { name: 'sue', role: 'supervisor' } as const;
  const team = { name: 'xu', role: 'unit', unit: 'team-3' } as const;
  const others = { name: 'ye', role: 'unit', unit: 'team-4' } as const;
  const of = (state: (typeof caseStates)[number], own: object = {}) => ({ ...untouched, state, ...own });

  test('a unit does what a unit does, on its own cases alone', () => {
    const allowed: string[] = [];
    for (const name of names) {
      for (const state of caseStates) {
        expect(decide(of(state), command(name), others)).toMatchObject({ ok: false });
        expect(possibleSteps(of(state), others)).toEqual([]);
        if (decide(of(state), command(name), team).ok) allowed.push(name);
      }
    }
    expect([...new Set(allowed)].sort()).toEqual(['appeal', 'comment', 'extend', 'feedback', 'handle', 'return']);
  });

  test.each([
    ['who confirmed does not inspect', { confirmedBy: 'ann' }, 'recheck', ann, false],
    ['who handled does not inspect', { handlers: ['ann'] }, 'recheck', ann, false],
    ['somebody else inspects', { confirmedBy: 'bob', handlers: ['carl'] }, 'recheck', ann, true],
    ['who handled does not close', { handlers: ['carl', 'sue'] }, 'close', sue, false],
    ['who confirmed may close', { confirmedBy: 'sue' }, 'close', sue, true],
    ['the unit that handled does not close', {}, 'close', { ...sue, unit: 'team-3' }, false],
    ['no feedback without a photograph', { photos: 0 }, 'feedback', team, false],
    ['feedback with one', { photos: 1 }, 'feedback', team, true],
    ['a claim of an operator keeps no unit off', { claimedBy: 'ann' }, 'handle', team, true],
    ['a claim keeps an operator off', { claimedBy: 'bob' }, 'handle', ann, false],
  ] as const)('%s', (_name, own, name, actor, ok) => {
    const [state = 'filed'] = transitions[name].from;
    const facts = of(state, own);
    expect(decide(facts, command(name), actor).ok).toBe(ok);
    if (name !== 'feedback') expect(possibleSteps(facts, actor).includes(name)).toBe(ok);
  });

  const asked = { state: 'asked', until: '2026-11-23T08:00:00.000Z', reason: 'r', by: 'xu', decidedBy: null };
  test.each([
    [
      'to a time before the limit',
      {},
      { command: 'extend', until: '2026-11-23T03:59:00.000Z', note: 'n' },
      team,
      false,
    ],
    ['to a time after it', {}, { command: 'extend', until: '2026-11-23T04:01:00.000Z', note: 'n' }, team, true],
    ['for more than a month', {}, { command: 'extend', until: '2026-12-24T04:01:00.000Z', note: 'n' }, team, false],
    ['twice', { extension: asked }, { command: 'extend', until: asked.until, note: 'n' }, team, false],
    ['granted by a supervisor', { extension: asked }, { command: 'grant-extension' }, sue, true],
    ['granted by an operator', { extension: asked }, { command: 'grant-extension' }, ann, false],
    ['granted by who asked', { extension: { ...asked, by: 'sue' } }, { command: 'grant-extension' }, sue, false],
    ['refused, although nobody asks', {}, { command: 'refuse-extension', note: 'n' }, sue, false],
    ['granted twice', { extension: { ...asked, state: 'granted' } }, { command: 'grant-extension' }, sue, false],
    [
      'granted after it has passed',
      { extension: asked, now: at('2026-11-23T16:01') },
      { command: 'grant-extension' },
      sue,
      false,
    ],
  ] as const)('more time %s', (_name, own, given, actor, ok) => {
    expect(decide(of('handling', own), given as never, actor).ok).toBe(ok);
  });

  test('nothing leads to filed but a person who confirms or takes back a void', () => {
    const leading = names.filter((name) => transitions[name].to === 'filed');
    expect(leading).toEqual(['confirm']);
  });
});
