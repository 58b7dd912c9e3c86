/** From runs to a row: medians, ratios round by round, turns that favour nobody, the table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareHealth } from '../../bench/fleet/fleet-run.ts';
import { interleave } from '../../bench/interleave.ts';
import { trendOf } from '../../bench/p10-endurance.ts';
import { parseReplay } from '../../bench/replay-cost.ts';
import { measuredRow } from '../../bench/row.ts';
import { median, ratios, slope, spread } from '../../bench/spread.ts';
import { benchTable } from '../../bench/table.ts';
import type { CameraHealth, NodeHealth } from '../../contracts/status.ts';

describe('spread', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(spread([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  });

  it('lies within its values, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }), (values) => {
        const found = spread(values);
        expect(found.median).toBeGreaterThanOrEqual(found.min);
        expect(found.median).toBeLessThanOrEqual(found.max);
        expect(spread([...values].reverse())).toEqual(found);
      }),
    );
  });

  it('compares within a round: a load that falls on one round alone changes no ratio', () => {
    expect(ratios([2, 20, 2], [1, 10, 1])).toEqual({ median: 2, min: 2, max: 2 });
    expect(() => ratios([1], [1, 2])).toThrow();
  });

  it('finds how a line climbs', () => {
    expect(
      slope([
        [0, 5],
        [10, 7],
        [20, 9],
      ]),
    ).toBeCloseTo(0.2);
    expect(slope([[3, 5]])).toBe(0);
  });
});

it('gives every contender a turn a round, backwards every second time', async () => {
  const turns: string[] = [];
  const contender = (name: string) => ({ name, run: async () => turns.push(name) });
  const results = await interleave([contender('a'), contender('b'), contender('c')], 2);
  expect(turns.join('')).toBe('abccba');
  expect(results).toEqual([
    [1, 6],
    [2, 5],
    [3, 4],
  ]);
});

const measured = {
  id: 'P2',
  figure: 'a camera',
  unit: 's',
  values: [3, 2, 4],
  ceiling: { what: 'bare', values: [1, 2, 2] },
  against: { values: [6, 8, 8] },
  aim: '≤ 2',
  met: ({ ratio }: { ratio: number | null }) => ratio !== null && ratio <= 2,
};

describe('a row', () => {
  it('has medians of values, ratios and shares', () => {
    expect(measuredRow(measured)).toMatchObject({
      value: 3,
      range: { min: 2, max: 4 },
      ceiling: { value: 2 },
      ratio: 2,
      ratioRange: { min: 1, max: 3 },
      against: { value: 8, ratio: 4, share: 0.5 },
      met: true,
    });
  });

  it('holds the other checkout to its own ceiling where it has one', () => {
    const row = measuredRow({ ...measured, against: { values: [6, 8, 8], ceilings: [3, 4, 8] } });
    expect(row.against?.ratio).toBe(2);
  });

  it('stands in the table with its range, and without one where all runs agree', () => {
    const same = { ...measured, values: [3, 3, 3], ceiling: null, against: null, met: () => null };
    expect(
      benchTable([measuredRow(measured), measuredRow(same)])
        .split('\n')
        .slice(2),
    ).toEqual([
      '| P2 | a camera | 3.00 (2.00–4.00) s | 2.00 (1.00–2.00) s (bare) | 2.00 (1.00–3.00) | 8.00 s, ratio 4.00; ours 0.500 × | ≤ 2 | met |  |',
      '| P2 | a camera | 3.00 s | — | — | — | ≤ 2 |  |  |',
      '',
    ]);
  });
});

it('reads what a replay says at its end', () => {
  const err = 'warn: something\n3 events, 300 frames, 120 looked at by the model, 9 stills (812 bytes), 4.2 s\n';
  expect(parseReplay(err)).toEqual({ frames: 300, inferred: 120 });
  expect(() => parseReplay('killed')).toThrow(/killed/);
});

const camera = (figures: Partial<CameraHealth>): CameraHealth => ({
  ...{ state: 'watched', reasons: [], fps: 0.5, latencyMs: 20, clockOffsetMs: 0 },
  ...{ frames: 0, inferred: 0, drops: 0, reconnects: 0 },
  ...figures,
});
const healthAt = (second: number, cameras: Record<string, CameraHealth>): NodeHealth => ({
  at: new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString(),
  cameras,
  outbox: { depth: 0, oldestSeconds: 0, evidencePending: 0, diskBytes: 0 },
});

describe('a window of health', () => {
  const first = healthAt(0, {
    a: camera({ frames: 10, inferred: 8, drops: 3 }),
    b: camera({ frames: 5, inferred: 5 }),
  });
  const last = healthAt(20, {
    a: camera({ frames: 20, inferred: 12, drops: 4 }),
    b: camera({ frames: 5, inferred: 5 }),
  });

  it('counts what grew, and not a camera that stood still', () => {
    expect(compareHealth(first, last, [])).toMatchObject({
      watched: 1,
      framesPerSecond: 10 / 20 / 2,
      inferencesPerSecond: 4 / 20 / 2,
      drops: 1,
      late: 0,
    });
  });

  it('counts late frames where the build tells them', () => {
    expect(compareHealth(first, last, []).lateFrames).toBeNull();
    const told = (second: number, lateFrames: number) =>
      healthAt(second, { a: { ...camera({}), lateFrames } as CameraHealth, b: camera({}) });
    expect(compareHealth(told(0, 2), told(20, 7), []).lateFrames).toBe(5);
  });

  it('remembers a camera that was late in between', () => {
    const between = healthAt(10, { a: camera({}), b: camera({ latencyMs: 900 }) });
    expect(compareHealth(first, last, [between])).toMatchObject({ late: 1, worstLatencyMs: 900 });
  });
});

it('sees growth after a start that has settled', () => {
  const flat = trendOf(Array.from({ length: 30 }, (_, i) => [i * 10_000, 200]));
  expect(flat).toEqual({ first: 200, last: 200, anHour: 0 });
  const growing = trendOf(Array.from({ length: 31 }, (_, i) => [i * 10_000, 200 + i]));
  expect(growing.anHour).toBeCloseTo(360);
  expect(growing.last - growing.first).toBeGreaterThan(15);
});
