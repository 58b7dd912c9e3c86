/** Arrival proof through a whole camera line: what has stood since the first look is proposed, what arrives is an event. */
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../../edge/config.ts';
import type { Detection } from '../../edge/domain/detection.ts';
import type { Detector } from '../../edge/domain/detector.ts';
import type { StillStore } from '../../edge/evidence/index.ts';
import { createCameraLine } from '../../edge/pipeline/camera-line.ts';
import type { FindingWriter, LineBatch } from '../../edge/pipeline/finding-writer.ts';
import { defaultCalendar } from '../../edge/settings.ts';
import { createLog } from '../../platform/log.ts';
import { frameOf, INPUT, type Sight } from './painted-street.ts';

const box: BoxXywh = [0.4, 0.4, 0.15, 0.3];
const stall = { box, look: 7 };
const START = Date.UTC(2026, 0, 1);

/** A detector that takes whatever is at that place for a stall, as for a painted cabinet. */
function createEyes() {
  const eyes = { sees: true };
  const seen: Detection = { concept: 'stall', label: 'stall', score: 0.9, box };
  const detector = {
    name: 'eyes',
    ref: { name: 'eyes', version: '1', sha256: '0'.repeat(64) },
    input: INPUT,
    composites: [],
    detect: async () => (eyes.sees ? [seen] : []),
    detectIn: async () => [],
    merge: ([whole = []]: readonly Detection[][]) => [...whole],
    waits: () => ({}),
    close: async () => {},
  } as unknown as Detector;
  return { eyes, detector };
}

const noStills = {
  ...{ offer: async () => {}, keep: async () => {}, addToClip: async () => {}, drop: async () => {} },
  ...{ startAnew: async () => {}, still: async () => null },
} as unknown as StillStore;

function createStreet(params: Record<string, unknown> = {}) {
  const { eyes, detector } = createEyes();
  const zone = {
    id: 'z',
    kind: 'road-stall',
    polygon: [
      [0.05, 0.05],
      [0.95, 0.05],
      [0.95, 0.95],
      [0.05, 0.95],
    ],
    params: { candidateSeconds: 20, dwellSeconds: 60, ...params },
  };
  const camera = {
    id: 'c',
    kind: 'street',
    source: { url: 'x', cadence: 1 },
    zones: [zone],
  } as unknown as CameraConfig;
  const kept: { line: string | null; background: string | null } = { line: null, background: null };
  const writer = {
    put: async ({ stateJson, beside }: LineBatch) => {
      kept.line = stateJson;
      if (beside) kept.background = beside.json;
    },
  } as unknown as FindingWriter;
  const begin = (saved: { line: string | null; background: string | null }) =>
    createCameraLine({
      ...{ node: 'n', camera, calendar: defaultCalendar, detector, stillStore: noStills, writer, mode: 'replay' },
      saved: saved.line,
      savedBackground: saved.background,
      clockState: () => ({ offsetMs: 0, source: 'pts' }),
      elapsed: () => performance.now(),
      log: createLog({ level: 'silent' }),
    });
  let line = begin(kept);
  let at = START;
  let index = 0;
  return {
    eyes,
    kept,
    stats: () => line.stats(),
    isIdle: () => line.isIdle(),
    save: () => line.saveNow(),
    restart(saved: { line: string | null; background: string | null }, afterMs = 600_000) {
      at += afterMs;
      line = begin(saved);
    },
    /** What was found while one sight was watched, by phase; a proposal is called that. */
    async watch(seconds: number, sight: Sight): Promise<string[]> {
      const found: string[] = [];
      for (const end = at + seconds * 1000; at < end; at += 2000) {
        const result = await line.process(frameOf(sight, index++, at));
        for (const { finding } of result?.findings ?? []) {
          found.push('presentSinceStart' in finding.detail ? 'proposal' : finding.phase);
        }
      }
      return found;
    },
  };
}

describe('arrival proof', { timeout: 120_000 }, () => {
  test('what has stood since the first look is counted, proposed once after its time, and no event', async () => {
    const street = createStreet({ standingHours: 0.06 });
    expect(await street.watch(150, { things: [stall] })).toEqual([]);
    expect(street.stats().presentSinceStart).toBe(1);
    expect(street.isIdle()).toBe(true);
    expect(await street.watch(200, { things: [stall] })).toEqual(['proposal']);
    expect(await street.watch(200, { things: [stall], light: 0.6 })).toEqual([]);
  });

  test('what arrives is an event; what takes the place of a standing thing too', async () => {
    const street = createStreet();
    street.eyes.sees = false;
    await street.watch(60, {});
    street.eyes.sees = true;
    expect(await street.watch(120, { things: [stall] })).toEqual(['start']);
    const other = createStreet();
    await other.watch(120, { things: [stall] });
    expect(other.stats().presentSinceStart).toBe(1);
    expect(await other.watch(240, { things: [{ box, look: 8 }] })).toEqual(['start']);
  });

  test('a detector that notices the stall late does not make it a fixture', async () => {
    const street = createStreet();
    street.eyes.sees = false;
    await street.watch(60, {});
    await street.watch(300, { things: [stall] });
    street.eyes.sees = true;
    expect(await street.watch(90, { things: [stall] })).toEqual(['start']);
  });

  test('a stall that came while the node was off is an event by the saved look, and none without it', async () => {
    const street = createStreet();
    street.eyes.sees = false;
    await street.watch(60, {});
    await street.save();
    const saved = { ...street.kept };
    street.eyes.sees = true;
    street.restart(saved);
    expect(await street.watch(120, { things: [stall] })).toEqual(['start']);
    street.restart({ line: null, background: null });
    expect(await street.watch(120, { things: [stall] })).toEqual([]);
  });

  test('an event goes on over a restart without its look', async () => {
    const street = createStreet({ rearmSeconds: 20 });
    street.eyes.sees = false;
    await street.watch(60, {});
    street.eyes.sees = true;
    expect(await street.watch(120, { things: [stall] })).toEqual(['start']);
    await street.save();
    street.restart({ line: street.kept.line, background: null }, 5000);
    await street.watch(30, { things: [stall] });
    street.eyes.sees = false;
    expect(await street.watch(60, {})).toEqual(['end']);
  });

  test('switched off, it is an event like any other', async () => {
    expect(await createStreet({ arrival: 'off' }).watch(90, { things: [stall] })).toEqual(['start']);
  });
});
