import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseCommandName, caseStates } from '../../../contracts/api/case.ts';
import { roles } from '../../../contracts/api/session.ts';
import { violationKinds } from '../../../contracts/violations/index.ts';
import { calendarOf } from '../../../platform/calendar.ts';
import { dueAt } from './deadline.ts';
import { decide } from './decide.ts';
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

test('every kind states its own limit; one that states none is no two working days', () => {
  const monday = at('2026-11-23T09:00');
  for (const kind of violationKinds) expect(dueAt('handling', kind, [], monday, calendar)).toBeGreaterThan(monday);
  expect(() => dueAt('handling', 'parking' as never, [], monday, calendar)).toThrow();
});

describe('the table', () => {
  const names = Object.keys(transitions) as CaseCommandName[];
  const command = (name: CaseCommandName) =>
    ({ command: name, note: 'n', unit: 'u', result: 'start', outcome: 'service', into: 'x', events: ['e'] }) as never;

  const untouched = {
    ...{ claimedBy: null, claimedUntil: null, sightings: 2, rework: 0, confirmedBy: null, handledBy: null },
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
        }
      }
    }
  });

  test('nothing leads to filed but a person who confirms or takes back a void', () => {
    const leading = names.filter((name) => transitions[name].to === 'filed');
    expect(leading).toEqual(['confirm']);
  });
});
