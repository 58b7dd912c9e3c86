import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilson } from '../metrics/wilson.ts';
import type { TruthViolation } from '../truth/truth.ts';
import { addScores, matchEvents, type SeenEvent, scoreEvents } from './event-match.ts';

const START = Date.UTC(2026, 0, 1);
const iso = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const truth = (from: number, to: number, more: Partial<TruthViolation> = {}): TruthViolation =>
  ({ kind: 'road-stall', zone: 'north', from, to, dueAt: from + 10, detail: {}, ...more }) as TruthViolation;
const seen = (id: string, start: number, at = start, more: Partial<SeenEvent> = {}): SeenEvent =>
  ({ id, kind: 'road-stall', zone: 'north', startedAt: iso(start), at: iso(at), ...more }) as SeenEvent;
const score = (truths: TruthViolation[], events: SeenEvent[]) =>
  scoreEvents({ violations: truths }, events, START)['road-stall'];

describe('scoreEvents', () => {
  it.each([
    ['starts with the violation', 10, 1],
    ['starts at its end', 50, 1],
    ['two seconds after its end', 52, 1],
    ['later than that', 52.1, 0],
    ['before it', 9.9, 0],
  ])('an event that %s', (_, start, detected) => {
    expect(score([truth(10, 50)], [seen('a', start)])).toMatchObject({ detected, falseAlarms: 1 - detected });
  });

  it('needs the zone and the kind to agree', () => {
    expect(score([truth(10, 50)], [seen('a', 20, 20, { zone: 'south' })])).toMatchObject({
      detected: 0,
      falseAlarms: 1,
    });
    const other = scoreEvents({ violations: [truth(10, 50)] }, [seen('a', 20, 20, { kind: 'bike-clutter' })], START);
    expect(other['bike-clutter']).toMatchObject({ truth: 0, detected: 0, falseAlarms: 1 });
    expect(other['road-stall']).toMatchObject({ truth: 1, detected: 0, falseAlarms: 0 });
  });

  it('a second event on one violation is a false alarm, a second revision is not', () => {
    expect(score([truth(10, 50)], [seen('a', 12), seen('b', 13)])).toMatchObject({ detected: 1, falseAlarms: 1 });
    expect(score([truth(10, 50)], [seen('a', 12, 40), seen('a', 12, 21)])).toEqual({
      truth: 1,
      detected: 1,
      falseAlarms: 0,
      delays: [1],
    });
  });

  it('matches as many as can be matched', () => {
    // The first event could take either; it must leave the long one to the second.
    expect(score([truth(0, 100), truth(0, 20)], [seen('a', 5), seen('b', 60)])).toMatchObject({ detected: 2 });
  });

  it('never finds more than there is, whatever the order', () => {
    const times = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 8 });
    fc.assert(
      fc.property(times, times, (froms, starts) => {
        const truths = froms.map((from) => truth(from, from + 10));
        const events = starts.map((start, i) => seen(String(i), start));
        const one = score(truths, events);
        const other = score(truths.toReversed(), events.toReversed());
        expect(other.detected).toBe(one.detected);
        expect(one.detected).toBeLessThanOrEqual(Math.min(truths.length, events.length));
        expect(one.detected + one.falseAlarms).toBe(events.length);
      }),
    );
  });

  it('says of each violation and of each event what became of it', () => {
    const outcomes = matchEvents(
      { violations: [truth(0, 10), truth(30, 40)] },
      [seen('a', 1, 12), seen('b', 2)],
      START,
    );
    expect(outcomes).toMatchObject([
      { verdict: 'found', truth: { from: 0 }, seen: { id: 'a', reported: 12 }, delay: 2 },
      { verdict: 'false', seen: { id: 'b', start: 2 } },
      { verdict: 'missed', truth: { from: 30 } },
    ]);
  });

  it('keeps what the last revision says, in whatever order they come', () => {
    const revisions = [
      seen('a', 5, 20, { rev: 2, detail: { load: 'loaded' } }),
      seen('a', 5, 10, { rev: 1, detail: { load: 'unknown' } }),
    ];
    for (const events of [revisions, revisions.toReversed()]) {
      expect(matchEvents({ violations: [truth(0, 10)] }, events, START)).toMatchObject([
        { seen: { reported: 10, detail: { load: 'loaded' } } },
      ]);
    }
  });

  it('adds up', () => {
    const one = scoreEvents({ violations: [truth(0, 10)] }, [seen('a', 1, 12)], START);
    expect(addScores([one, one])['road-stall']).toEqual({
      truth: 2,
      detected: 2,
      falseAlarms: 0,
      delays: [2, 2],
    });
  });
});

describe('wilson', () => {
  // Values of the published formula; 10 of 10 has the closed form n / (n + z²).
  it.each([
    [10, 10, 10 / (10 + 1.959964 ** 2), 1],
    [0, 10, 0, 1.959964 ** 2 / (10 + 1.959964 ** 2)],
    [5, 10, 0.2366, 0.7634],
  ])('%i of %i', (hits, cases, low, high) => {
    expect(wilson(hits, cases)?.low).toBeCloseTo(low, 4);
    expect(wilson(hits, cases)?.high).toBeCloseTo(high, 4);
  });
  it('says nothing of no case', () => expect(wilson(0, 0)).toBeNull());
});
