import { describe, expect, test } from 'vitest';
import { quantile, shareOf, tally } from './arithmetic.ts';
import { followCase } from './course.ts';
import type { CameraFact, CaseFact, FigureSettings, MonthFacts, ReportDeadlines, TrailStep } from './facts.ts';
import { handlingFigures } from './handling.ts';
import { daysOf, monthBefore, monthPeriod, weekHour, within } from './period.ts';
import { decisionsIn, precisionRows, receivedFigures, reviewFigures } from './review.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-10T04:00:00.000Z');
const period = monthPeriod('2026-11', 480, Date.parse('2026-12-05T00:00:00.000Z'));
const settings: FigureSettings = { reworkOf: 'handled', deferredLeave: false, assessment: 'full' };
const deadlines: ReportDeadlines = {
  handling: (_fact, since) => since + 2 * HOUR,
  inspection: (_fact, since) => since + 4 * HOUR,
};

test.each([
  [[], 0.5, null],
  [[7], 0.95, 7],
  [[1, 2, 3, 4], 0.5, 2],
  [[4, 1, 3, 2, 5], 0.5, 3],
  [Array.from({ length: 20 }, (_, i) => i + 1), 0.95, 19],
  [Array.from({ length: 21 }, (_, i) => i + 1), 0.95, 20],
] as const)('quantile of %j at %f is %s', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});

test('a share of nothing has no value; keys that never come are listed', () => {
  expect(shareOf(0, 0)).toEqual({ count: 0, of: 0, value: null });
  expect(tally(['b', 'a', 'b'], (key) => key, ['c'])).toEqual([
    { key: 'b', count: 2 },
    { key: 'a', count: 1 },
    { key: 'c', count: 0 },
  ]);
});

test('months are local: their first and last moments, days and hours', () => {
  expect([period.from, period.to].map((at) => new Date(at).toISOString())).toEqual([
    '2026-10-31T16:00:00.000Z',
    '2026-11-30T16:00:00.000Z',
  ]);
  expect([within(period, period.from), within(period, period.to), within(period, null)]).toEqual([true, false, false]);
  expect(daysOf(period)).toHaveLength(30);
  expect([daysOf(period)[0], daysOf(period)[29]]).toEqual(['2026-11-01', '2026-11-30']);
  expect(monthBefore('2026-01')).toBe('2025-12');
  // Sunday, 23:30 in UTC, is Monday morning.
  expect(weekHour(Date.parse('2026-11-08T23:30:00.000Z'), 480)).toEqual({ weekday: 0, hour: 7 });
  expect(monthPeriod('2026-02', -300, 0).to - monthPeriod('2026-02', -300, 0).from).toBe(28 * 24 * HOUR);
});

const step = (hours: number, from: string, to: string, action = 'x'): TrailStep => ({
  ...{ at: NOON + hours * HOUR, actor: 'a', action, from, to, reason: null, until: null },
});
const filed = step(0, 'pending-review', 'filed', 'confirm');
const fact = (trail: TrailStep[], more: Partial<CaseFact> = {}): CaseFact => ({
  ...{ id: 'c', kind: 'k', state: 'handling', camera: 'cam', zone: 'z', site: null, startedAt: NOON, endedAt: null },
  ...{ openedAt: NOON, confirmedAt: NOON, closedAt: null, outcome: null, recurrence: false, proposal: false },
  ...{ reasons: [], permit: null, plate: null, source: 'video_ai', district: null, trail },
  ...more,
});
const figuresOf = (trail: TrailStep[], more: Partial<FigureSettings> = {}) =>
  handlingFigures([followCase(fact(trail), deadlines)], 1, period, { ...settings, ...more });

test('a report counts by its source and district; a verdict on it judges no camera', () => {
  const seen = fact([filed]);
  const rejected = { ...seen, id: 'r', state: 'rejected', confirmedAt: null, closedAt: NOON };
  const reported = { ...seen, id: 'h', camera: '', zone: '', source: 'hotline', district: '350503' };
  const joined = { ...seen, id: 'j', source: 'hotline' };
  const cases = [seen, rejected, reported, joined];
  const camera = { id: 'cam', district: '350502', street: null, sensitive: new Map() } as unknown as CameraFact;
  const facts = {
    ...{ period, cases, cameras: [camera], reports: { opened: 2, joined: 1, proposed: 0 } },
  } as unknown as MonthFacts;
  const received = receivedFigures(cases, facts, ['k']);
  expect(received.bySource).toEqual([
    { key: 'hotline', count: 2 },
    { key: 'video_ai', count: 2 },
  ]);
  expect(received.videoShare).toEqual({ count: 2, of: 4, value: 0.5 });
  expect(received.byDistrict).toEqual([
    { key: '350502', count: 3 },
    { key: '350503', count: 1 },
  ]);
  const decisions = decisionsIn(period, cases);
  expect(reviewFigures(decisions, facts)).toMatchObject({ decided: 4, precision: { count: 2, of: 3 } });
  expect(precisionRows(decisions)).toMatchObject([{ camera: 'cam', precision: { count: 2, of: 3 } }]);
});

describe('the course of a case', () => {
  const dispatched = step(1, 'filed', 'dispatched');

  test.each([
    ['within the limit', 2.9, 1],
    ['at its end', 3, 1],
    ['after it', 3.1, 0],
  ])('fed back %s', (_words, hours, onTime) => {
    const figures = figuresOf([filed, dispatched, step(hours, 'handling', 'feedback')]);
    expect([figures.due, figures.handlingRate.count, figures.onTimeRate.count]).toEqual([1, 1, onTime]);
  });

  test('returned and sent to another unit: the limit counts from there', () => {
    const returned = [step(2, 'dispatched', 'returned'), step(5, 'returned', 'dispatched')];
    const course = followCase(fact([filed, dispatched, ...returned, step(6, 'handling', 'feedback')]), deadlines);
    expect(course.dueAt).toBe(NOON + 7 * HOUR);
    expect(figuresOf([filed, dispatched, ...returned]).returned).toBe(1);
  });

  test('work that failed inspection is reworked, and handled once', () => {
    const trail = [filed, dispatched, step(2, 'handling', 'feedback'), step(3, 'inspecting', 'handling', 'recheck')];
    const figures = figuresOf([...trail, step(9, 'handling', 'feedback')]);
    expect([figures.handled, figures.reworked, figures.onTimeRate.count]).toEqual([1, 1, 1]);
    expect(figuresOf(trail).outstanding).toBe(1);
  });

  test('a state that is not known here is one of work that goes on, by its own name', () => {
    const figures = figuresOf([filed, dispatched, step(2, 'dispatched', 'waiting-for-parts')]);
    expect(figures.outstandingByState).toEqual([{ key: 'waiting-for-parts', count: 1 }]);
  });

  const asks = (hours: number, until: number): TrailStep => ({
    ...step(hours, 'dispatched', 'dispatched', 'extend'),
    until: NOON + until * HOUR,
  });
  const grants = (hours: number) => step(hours, 'dispatched', 'dispatched', 'grant-extension');

  test('an extension moves the limit once it is granted, and leaves the denominators where the city says so', () => {
    const late = step(9, 'handling', 'feedback');
    expect(figuresOf([filed, dispatched, asks(2, 10), late]).onTimeRate.count).toBe(0);
    const trail = [filed, dispatched, asks(2, 10), grants(2.5), late];
    expect(figuresOf(trail)).toMatchObject({ due: 1, deferred: 1, onTimeRate: { count: 1, of: 1 } });
    expect(figuresOf(trail, { deferredLeave: true })).toMatchObject({ due: 0, deferred: 1 });
    const again = [step(3, 'dispatched', 'returned'), step(4, 'returned', 'dispatched'), late];
    expect(figuresOf([filed, dispatched, asks(2, 10), grants(2.5), ...again]).onTimeRate.count).toBe(0);
  });

  test('an open objection keeps a case out of the scores, not out of the work', () => {
    const trail = [filed, dispatched, step(2, 'dispatched', 'dispatched', 'appeal')];
    expect(figuresOf(trail)).toMatchObject({ due: 0, appealed: 1, outstanding: 1 });
    expect(figuresOf([...trail, step(3, 'dispatched', 'dispatched', 'answer-appeal')])).toMatchObject({
      due: 1,
      appealed: 0,
    });
  });

  test('closed, then opened again before the month ended, is not closed', () => {
    const trail = [filed, dispatched, step(2, 'handling', 'feedback'), step(4, 'inspecting', 'closed', 'close')];
    expect(figuresOf(trail)).toMatchObject({ closed: 1, closedOnTimeRate: { count: 1, of: 1 } });
    const again = figuresOf([...trail, step(20, 'closed', 'handling', 'reopen')]);
    expect(again).toMatchObject({ closed: 0, reworked: 1, outstanding: 1, closingRate: { count: 0, of: 1 } });
  });
});
