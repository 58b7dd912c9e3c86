import { describe, expect, it } from 'vitest';
import type { MatchOutcome } from '../scoring/event-match.ts';
import { type ClipOutcomes, reportEvents } from './event-report.ts';

const found = (delay = 1) => ({ verdict: 'found', kind: 'road-stall', delay, truth: {}, seen: {} }) as MatchOutcome;
const missed = { verdict: 'missed', kind: 'road-stall', truth: {} } as MatchOutcome;
const wrong = (kind: MatchOutcome['kind'] = 'road-stall') => ({ verdict: 'false', kind, seen: {} }) as MatchOutcome;
const clip = (outcomes: MatchOutcome[], more: Partial<ClipOutcomes> = {}): ClipOutcomes => ({
  clip: 'x.mp4',
  scene: { world: 'school', light: 'day', weather: 'dry' },
  negatives: [],
  kinds: ['road-stall'],
  seconds: 1800,
  outcomes,
  ...more,
});
const night = { world: 'school', light: 'night', weather: 'rain' };

describe('reportEvents', () => {
  const report = reportEvents([
    clip([found(1), found(3), missed]),
    clip([found(0.5), wrong()], { scene: night }),
    clip([wrong('bike-clutter')], { kinds: ['bike-clutter'], negatives: ['few-bikes', 'piles'], scene: night }),
    clip([], { negatives: ['piles', 'awnings'], seconds: 3600 }),
  ]);

  it('by kind', () => {
    expect(report.byKind['road-stall']).toMatchObject({
      truth: 4,
      detected: 3,
      falseAlarms: 1,
      precision: { hits: 3, cases: 4, value: 0.75 },
      recall: { hits: 3, cases: 4, value: 0.75 },
      delaySeconds: { cases: 3, median: 1, p90: 3, worst: 3 },
    });
    expect(report.byKind['muck-truck']).toMatchObject({ truth: 0, recall: { value: null }, delaySeconds: null });
  });

  it('by scene: each clip in the rows of what its zones watch for', () => {
    expect(report.breakdown.byLight).toMatchObject([
      { kind: 'road-stall', light: 'day', clips: 2, truth: 3, detected: 2, falseAlarms: 0 },
      { kind: 'road-stall', light: 'night', clips: 1, truth: 1, detected: 1, falseAlarms: 1 },
      { kind: 'bike-clutter', light: 'night', clips: 1, truth: 0, falseAlarms: 1 },
    ]);
    expect(report.breakdown.cells).toHaveLength(3);
    expect(report.breakdown.cells[0]).toMatchObject({ world: 'school', light: 'day', weather: 'dry', clips: 2 });
    expect(report.breakdown.byWorld.map((row) => row.clips)).toEqual([3, 1]);
  });

  it('false alarms in an hour, on clips without a violation and by what is in them', () => {
    const { hardNegatives, falseAlarms } = report;
    expect(hardNegatives).toMatchObject({ clips: 2, all: { count: 1, hours: 1.5 } });
    expect(hardNegatives.byKind['road-stall']).toMatchObject({ count: 0, hours: 1 });
    expect(hardNegatives.byNegative).toMatchObject([
      { name: 'awnings', clips: 1, count: 0, hours: 1 },
      { name: 'few-bikes', clips: 1, count: 1, hours: 0.5, perHour: 2 },
      { name: 'piles', clips: 2, count: 1, hours: 1.5 },
    ]);
    expect(falseAlarms).toMatchObject({ clips: 4, all: { count: 2, hours: 2.5 } });
  });
});
