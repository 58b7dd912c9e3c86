import { describe, expect, it } from 'vitest';
import type { MatchOutcome } from './event-match.ts';
import { otherReason, scoreReasons } from './reasons.ts';

const kind = 'muck-truck' as const;
const truth = (detail?: Record<string, unknown>) => ({
  kind,
  zone: 'g',
  from: 0,
  to: 9,
  dueAt: 8,
  ...(detail && { detail }),
});
const seen = (detail: Record<string, unknown>) => ({ id: 'a', kind, zone: 'g', start: 1, reported: 8, detail });
const found = (really: string[], said: string[]): MatchOutcome => ({
  verdict: 'found',
  kind,
  truth: truth({ findings: really }),
  seen: seen({ findings: said }),
  delay: 0,
});

describe('reasons', () => {
  it('a finding that an event does not tell is lost, though the event is found', () => {
    const rows = scoreReasons([found(['uncovered', 'spill'], ['uncovered']), found(['spill'], ['spill'])]);
    expect(rows.map(({ reason, recall, precision }) => [reason, recall.value, precision.value])).toEqual([
      ['spill', 0.5, 1],
      ['uncovered', 1, 1],
    ]);
  });

  it('misses and false alarms count too', () => {
    const rows = scoreReasons([
      { verdict: 'missed', kind, truth: truth({ findings: ['spill'] }) },
      { verdict: 'false', kind, seen: seen({ findings: ['spill'] }) },
    ]);
    expect(rows).toMatchObject([{ reason: 'spill', recall: { hits: 0, cases: 1 }, precision: { hits: 0, cases: 1 } }]);
  });

  it('what the truth does not say is not held against an event', () => {
    const silent: MatchOutcome = {
      verdict: 'found',
      kind,
      truth: truth(),
      seen: seen({ findings: ['spill'] }),
      delay: 0,
    };
    expect(scoreReasons([silent])).toEqual([]);
    expect(otherReason(silent)).toBe(false);
  });

  it('an event is of another reason when it tells less, more or something else, whatever the order', () => {
    expect(otherReason(found(['uncovered', 'spill'], ['spill', 'uncovered']))).toBe(false);
    expect(otherReason(found(['uncovered', 'spill'], ['uncovered']))).toBe(true);
    expect(otherReason(found(['uncovered'], ['uncovered', 'unwashed']))).toBe(true);
    expect(otherReason({ verdict: 'missed', kind, truth: truth({ findings: ['spill'] }) })).toBe(false);
  });

  it('a stall is of a sub-kind, bikes are of a reason', () => {
    const stall: MatchOutcome = {
      verdict: 'missed',
      kind: 'road-stall',
      truth: { kind: 'road-stall', zone: 'z', from: 0, to: 9, dueAt: 8, detail: { subKind: 'roaming' } },
    };
    const bikes: MatchOutcome = {
      verdict: 'false',
      kind: 'bike-clutter',
      seen: { ...seen({ reason: 'bay-overfull' }), kind: 'bike-clutter' },
    };
    expect(scoreReasons([stall, bikes]).map((row) => `${row.kind} ${row.reason}`)).toEqual([
      'road-stall roaming',
      'bike-clutter bay-overfull',
    ]);
  });
});
