/** Counters of camera memory: fading, bounds, restart, and what days, words and orders do to the bar. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEMORY_CELLS, type MemoryOrder } from '../../contracts/camera-memory.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Concept, Detection, Track } from '../domain/detection.ts';
import { type CameraMemory, createCameraMemory, type MemoryOptions } from './camera-memory.ts';
import { footCell } from './cells.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Midnight in Quanzhou. */
const MIDNIGHT = Date.UTC(2026, 10, 22, 16);
const CABINET: BoxXywh = [0.4, 0.4, 0.1, 0.2];
const ELSEWHERE: BoxXywh = [0.1, 0.4, 0.1, 0.2];

const options: MemoryOptions = {
  ...{ enabled: true, minDays: 3, sureScore: 0.85, halfLifeDays: 14 },
  ...{ location: { lon: 118.61, lat: 24.9 }, utcOffsetMinutes: 480, fingerprint: 'camera and model' },
  zones: [
    {
      ...{ id: 'z', score: 0.45 },
      polygon: [
        [0.3, 0.3],
        [0.7, 0.3],
        [0.7, 0.9],
        [0.3, 0.9],
      ],
    },
  ],
};
const box = (at: BoxXywh, concept: Concept = 'stall', score = 0.75): Detection => ({
  ...{ concept, label: concept, score, box: at },
});
const track = (at: BoxXywh, concept: Concept = 'stall'): Track => ({
  ...box(at, concept),
  ...{ id: 1, bornAt: 0, seenAt: 0, hits: 9 },
});
const open = (more: Partial<MemoryOptions> = {}, saved: string | null = null) =>
  createCameraMemory({ ...options, ...more }, saved);

/** From 8 to 17 of a day, an inference each half minute. */
function watchDay(memory: CameraMemory, day: number, seen: (hour: number) => readonly Detection[], from = 8, to = 17) {
  for (let ms = from * HOUR; ms < to * HOUR; ms += 30_000) {
    memory.observe(MIDNIGHT + day * DAY + ms, seen(ms / HOUR), true, false);
  }
}
const noon = (day: number) => MIDNIGHT + day * DAY + 12 * HOUR;
const barAt = (memory: CameraMemory, place: BoxXywh, at: number, concept: Concept = 'stall') =>
  memory.withBars([track(place, concept)], at)[0]?.bar ?? 0;
const show = (memory: CameraMemory) => memory.order({ command: 'memory-show', camera: 'c' }, noon(0));
const cellsOf = (memory: CameraMemory, light = 'day', thing = 'stall') =>
  show(memory).layers.find((layer) => layer.light === light && layer.thing === thing)?.cells ?? [];
const cabinet = (memory: CameraMemory) => cellsOf(memory).find(({ cell }) => cell === footCell(CABINET));
const decide = (verdict: 'confirmed' | 'rejected' | 'none', id = 'case', at = noon(0)): MemoryOrder => ({
  ...{ command: 'verdict', camera: 'c', kind: 'road-stall', case: id, verdict },
  sights: [{ class: 'stall', box: CABINET, at: new Date(at).toISOString() }],
});

describe('days', () => {
  test('a shape that stands all day raises the bar on the third day, there, by day and for stalls only', () => {
    const memory = open();
    for (let day = 0; day <= 4; day++) {
      watchDay(memory, day, () => [box(CABINET)]);
      expect(barAt(memory, CABINET, noon(day)) > 0, `day ${day}`).toBe(day >= 4);
    }
    // Fading makes three days a little less than three: the fourth brings it over the limit.
    expect(cabinet(memory)?.days).toBeGreaterThan(3);
    expect(barAt(memory, CABINET, noon(4))).toBeGreaterThan(0.75);
    expect(barAt(memory, CABINET, noon(4), 'cart')).toBe(barAt(memory, CABINET, noon(4)));
    expect(barAt(memory, CABINET, noon(4), 'bicycle')).toBe(0);
    expect(barAt(memory, ELSEWHERE, noon(4))).toBe(0);
    expect(barAt(memory, CABINET, noon(4) + 10 * HOUR)).toBe(0);
    expect(memory.raised()).toBeGreaterThan(0);
  });

  test.each<[string, (hour: number) => Detection[]]>([
    ['a vendor of four hours a day', (hour) => (hour >= 11 && hour < 15 ? [box(CABINET)] : [])],
    ['a box below the score that rules see', () => [box(CABINET, 'stall', 0.3)]],
    ['a parked bicycle', () => [box(CABINET, 'bicycle')]],
    ['a waiting truck', () => [box(CABINET, 'muck_truck')]],
  ])('%s raises none in two weeks', (_, seen) => {
    const memory = open();
    for (let day = 0; day < 14; day++) watchDay(memory, day, seen);
    expect(memory.raised()).toBe(0);
  });

  test('an hour of watching a day is too little to say anything', () => {
    const memory = open();
    for (let day = 0; day < 14; day++) watchDay(memory, day, () => [box(CABINET)], 9, 10);
    expect(memory.raised()).toBe(0);
    expect(cabinet(memory)?.share).toBe(1);
  });

  test('a foot that jitters over the edge of a cell is one shape', () => {
    const memory = open();
    const edge: BoxXywh = [13 / 32 - 0.05, 0.4, 0.1, 0.2];
    let n = 0;
    const jittered = () => [box([edge[0] + (n++ % 2 ? 0.004 : -0.004), edge[1], edge[2], edge[3]])];
    for (let day = 0; day <= 4; day++) watchDay(memory, day, jittered);
    for (const dx of [-0.004, 0.004])
      expect(barAt(memory, [edge[0] + dx, 0.4, 0.1, 0.2], noon(4))).toBeGreaterThan(0.7);
  });

  test('gone for good, the bar comes down within days; unwatched days only fade it', () => {
    const memory = open();
    for (let day = 0; day < 12; day++) watchDay(memory, day, () => [box(CABINET)]);
    const before = barAt(memory, CABINET, noon(11));
    watchDay(memory, 14, () => [box(CABINET)]);
    expect(barAt(memory, CABINET, noon(14))).toBe(before);
    for (let day = 15; day < 18; day++) watchDay(memory, day, () => []);
    expect(barAt(memory, CABINET, noon(17))).toBe(0);
  });

  test('a day with an event that nobody has decided counts half', () => {
    const [quiet, reported] = [open(), open()];
    for (let day = 0; day < 6; day++) {
      for (const memory of [quiet, reported]) watchDay(memory, day, () => [box(CABINET)]);
      reported.eventBegan(noon(day), [{ track: 1, class: 'stall', score: 0.75, box: [...CABINET] }]);
    }
    expect(cabinet(reported)?.days).toBeCloseTo((cabinet(quiet)?.days ?? 0) / 2, 1);
    expect(cabinet(reported)?.events).toBeGreaterThan(4);
  });

  test('stays of a minute or more are counted when they end without an event', () => {
    const memory = open();
    watchDay(memory, 0, (hour) => (hour < 9 || (hour >= 10 && hour < 10.01) || hour >= 16 ? [box(CABINET)] : []));
    watchDay(memory, 1, () => []);
    // The one of half a minute passed; the last ended with the day.
    expect(cabinet(memory)?.dwells).toBeCloseTo(2, 0);
  });
});

describe('words on cases', () => {
  test('two rejections raise the bar at once, one only makes fewer days enough', () => {
    const memory = open();
    watchDay(memory, 0, () => [box(CABINET)]);
    memory.order(decide('rejected', 'a'), noon(0));
    expect(memory.raised()).toBe(0);
    memory.order(decide('rejected', 'a'), noon(0));
    expect(memory.raised()).toBe(0);
    memory.order(decide('rejected', 'b'), noon(0));
    expect(barAt(memory, CABINET, noon(0))).toBeGreaterThan(0.75);
    memory.order(decide('none', 'b'), noon(0));
    expect(memory.raised()).toBe(0);
    expect(cabinet(memory)?.rejected).toBe(1);
  });

  test('one confirmed case lowers it at once, day and night, and holds it down while it is remembered', () => {
    const memory = open();
    for (let day = 0; day < 8; day++) watchDay(memory, day, () => [box(CABINET)]);
    expect(memory.raised()).toBeGreaterThan(0);
    memory.order(decide('confirmed', 'real', noon(7)), noon(7));
    expect(memory.raised()).toBe(0);
    for (let day = 8; day < 20; day++) watchDay(memory, day, () => [box(CABINET)]);
    expect(memory.raised()).toBe(0);
    expect(cellsOf(memory, 'night').length).toBeGreaterThan(0);
    for (let day = 20; day < 26; day++) watchDay(memory, day, () => [box(CABINET)]);
    expect(memory.raised()).toBeGreaterThan(0);
  });
});

describe('orders', () => {
  test('a reset takes its part and no other, and can be brought back', () => {
    const memory = open();
    for (let day = 0; day < 8; day++) watchDay(memory, day, () => [box(CABINET), box(ELSEWHERE)]);
    const before = show(memory);
    const after = memory.order({ command: 'memory-reset', camera: 'c', zone: 'z' }, noon(7));
    expect(barAt(memory, CABINET, noon(7))).toBe(0);
    expect(barAt(memory, ELSEWHERE, noon(7))).toBeGreaterThan(0);
    expect(after.forgotten?.cells).toBeGreaterThan(0);
    const again = memory.order({ command: 'memory-restore', camera: 'c' }, noon(7));
    expect(again).toEqual(before);
    memory.order({ command: 'memory-reset', camera: 'c', cells: [footCell(ELSEWHERE)], light: 'night' }, noon(7));
    expect(barAt(memory, ELSEWHERE, noon(7))).toBeGreaterThan(0);
    memory.order({ command: 'memory-reset', camera: 'c' }, noon(7));
    expect(show(memory).layers.every(({ cells }) => cells.length === 0)).toBe(true);
    expect(memory.raised()).toBe(0);
  });

  test('ten minutes of another view, and everything is forgotten; another camera or model knows nothing', () => {
    const memory = open();
    for (let day = 0; day < 8; day++) watchDay(memory, day, () => [box(CABINET)]);
    const saved = memory.save();
    expect(memory.save()).toBeNull();
    expect(open({}, saved).raised()).toBe(memory.raised());
    expect(open({ fingerprint: 'other' }, saved).raised()).toBe(0);
    expect(open({ enabled: false }, saved).withBars([track(CABINET)], noon(7))[0]?.bar).toBeUndefined();
    const from = noon(8);
    const moved = [0, 300_000, 599_000, 601_000, 700_000].map((ms) => memory.observe(from + ms, [], false, true));
    expect(moved).toEqual([false, false, false, true, false]);
    expect(memory.raised()).toBe(0);
  });
});

describe('whatever is seen', () => {
  const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  const seen = fc.record({
    concept: fc.constantFrom<Concept>('stall', 'cart', 'bicycle', 'muck_truck', 'person'),
    box: fc.tuple(number(-0.5, 1.2), number(-0.5, 1.2), number(0, 1.5), number(0, 1.5)),
    score: number(0, 1),
  });
  const moment = fc.record({
    ms: fc.integer({ min: -5000, max: 20 * HOUR }),
    seen: fc.array(seen, { maxLength: 6 }),
    watched: fc.boolean(),
    word: fc.option(fc.constantFrom('confirmed', 'rejected', 'none' as const), { freq: 4 }),
  });

  test('counts stay within their bounds, a restart changes nothing, and the bar is none or between usual and sure', () => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 60 }), fc.nat(60), (moments, cut) => {
        let memory = open();
        const whole = open();
        let at = MIDNIGHT;
        for (const [i, { ms, seen: things, watched, word }] of moments.entries()) {
          at += ms;
          if (i === cut) memory = open({}, memory.save());
          for (const one of [memory, whole]) {
            if (i === cut) one.pause();
            one.observe(
              at,
              things.map((thing) => ({ ...thing, label: '' })),
              watched,
              false,
            );
            if (word) one.order(decide(word as 'none', `case ${i % 5}`, at), at);
          }
        }
        const [map, other] = [show(memory), show(whole)];
        // Numbers are rounded on their way to the disk, and a stay under way is forgotten.
        expect(map.layers.map(({ cells }) => cells.length)).toEqual(other.layers.map(({ cells }) => cells.length));
        for (const [n, layer] of map.layers.entries()) {
          for (const [i, cell] of layer.cells.entries()) {
            const twin = other.layers[n]?.cells[i];
            expect(cell.cell).toBeLessThan(MEMORY_CELLS);
            expect(cell.share).toBeCloseTo(twin?.share ?? -1, 2);
            expect(cell.days).toBeCloseTo(twin?.days ?? -1, 1);
            expect(cell.days).toBeLessThan(21);
            expect([cell.rejected, cell.confirmed].every((weight) => weight >= 0 && weight <= 5)).toBe(true);
            expect(cell.bar === 0 || (cell.bar >= 0.45 && cell.bar <= 0.85)).toBe(true);
            expect(layer.thing === 'stall' || cell.bar === 0).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('what is saved is bounded by the grid', () => {
    const memory = open();
    const everywhere = Array.from({ length: 32 * 18 }, (_, i) =>
      (['stall', 'bicycle', 'muck_truck'] as const).map((concept) =>
        box([(i % 32) / 32, Math.floor(i / 32) / 18, 1 / 33, 1 / 19], concept),
      ),
    ).flat();
    // Both lights, and a day that has ended.
    for (const from of [4 * HOUR, 20 * HOUR, 28 * HOUR]) {
      for (let ms = 0; ms < 3 * HOUR; ms += 50_000) memory.observe(MIDNIGHT + from + ms, everywhere, true, false);
    }
    const saved = memory.save() ?? '';
    expect(Buffer.byteLength(saved)).toBeLessThan(256 * 1024);
    expect(Buffer.byteLength(JSON.stringify(show(memory)))).toBeLessThan(256 * 1024);
  });
});
