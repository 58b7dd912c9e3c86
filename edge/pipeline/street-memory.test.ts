/** Days of one street through tracker, memory and rules: a painted cabinet falls silent, a sure stall there does not. */
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { CameraConfig } from '../config.ts';
import type { Detection } from '../domain/detection.ts';
import type { CameraMemory } from '../memory/camera-memory.ts';
import { defaultCalendar } from '../settings.ts';
import { initTracker, stepTracker } from '../tracker/index.ts';
import { fingerprintOf, memoryFor } from './open-memory.ts';
import { createZoneRules, type ZoneFinding } from './zone-rules.ts';

const SECOND = 1000;
const HOUR = 3_600_000;
/** Midnight in Quanzhou. */
const MIDNIGHT = Date.UTC(2026, 10, 22, 16);
const CABINET: BoxXywh = [0.4, 0.4, 0.08, 0.2];

const camera: CameraConfig = {
  ...{ id: 'cam', kind: 'street', source: { url: 'street.mp4' }, location: { lon: 118.61, lat: 24.9 } },
  zones: [
    {
      ...{ id: 'kerb', kind: 'road-stall' },
      polygon: [
        [0.2, 0.3],
        [0.8, 0.3],
        [0.8, 0.9],
        [0.2, 0.9],
      ],
    },
  ],
};
const detector = { ref: { name: 'kerb-s', version: '1', sha256: '0'.repeat(64) } };
const stall = (score: number, box: BoxXywh = CABINET): Detection => ({ concept: 'stall', label: 'stall', score, box });
const remembered = (saved: string | null = null) =>
  memoryFor(camera, fingerprintOf(camera, detector), defaultCalendar, saved);

/** A line's stages after the model, over days in which an inference comes each ten seconds from 8 to 16 o'clock. */
function createStreet(memory: CameraMemory) {
  const zones = createZoneRules(camera, defaultCalendar, []);
  let tracker = initTracker();
  const starts: ZoneFinding[] = [];
  let held = 0;
  return {
    starts: () => starts.splice(0).length,
    held: () => held,
    play(day: number, from: number, to: number, seen: (n: number) => readonly Detection[]) {
      const first = MIDNIGHT + day * 24 * HOUR;
      for (let at = first + from * HOUR, n = 0; at < first + to * HOUR; at += 10 * SECOND, n++) {
        const detections = seen(n);
        const step = stepTracker(tracker, detections, at);
        tracker = step.state;
        memory.observe(at, detections, true, false);
        const tracks = memory.withBars(step.tracks, at).filter((track) => track.seenAt === at);
        const view = { view: 'watched', viewReasons: [], aspect: 16 / 9 } as const;
        const { findings, observations } = zones.step({ at, tracks, ...view });
        for (const finding of findings.filter(({ finding: { phase } }) => phase === 'start')) {
          starts.push(finding);
          memory.eventBegan(finding.finding.startedAt, finding.finding.objects);
        }
        for (const { observation } of observations) {
          if (observation.kind === 'road-stall') held += observation.observed.heldBack ?? 0;
        }
      }
    },
  };
}
/** .70 to .80, a little elsewhere each time, as a detector draws it. */
const painted = (n: number) => [
  stall(0.75 + 0.05 * Math.sin(n), [CABINET[0] + 0.002 * Math.sin(n * 7), CABINET[1], CABINET[2], CABINET[3]]),
];

describe('a shape that the detector takes for a stall, each day anew', () => {
  test('falls silent after its days; a surer stall on the same spot is an event, one beside it as before', () => {
    let memory = remembered();
    let street = createStreet(memory);
    const byDay: number[] = [];
    for (let day = 0; day < 9; day++) {
      street.play(day, 8, 16, painted);
      // The evening's lamps show the wall as it is.
      street.play(day, 16, 16.2, () => []);
      byDay.push(street.starts());
      const saved = memory.save();
      // Each night the node is restarted.
      memory = remembered(saved);
      street = createStreet(memory);
    }
    expect(byDay.slice(0, 3)).toEqual([1, 1, 1]);
    expect(byDay.slice(-2)).toEqual([0, 0]);
    expect(memory.raised()).toBeGreaterThan(0);

    street.play(9, 8, 9, painted);
    expect([street.starts(), street.held()]).toEqual([0, 1]);
    street.play(9, 9, 9.3, () => []);
    street.play(9, 9.3, 10, () => [stall(0.92)]);
    expect(street.starts()).toBe(1);
    street.play(9, 10, 10.3, () => []);
    street.play(9, 10.3, 11, () => [stall(0.6, [0.6, 0.5, 0.08, 0.2])]);
    expect(street.starts()).toBe(1);
  });

  test('once a person confirms a case there, the same score is an event again at once', () => {
    const memory = remembered();
    const street = createStreet(memory);
    for (let day = 0; day < 9; day++) street.play(day, 8, 16, () => [stall(0.7)]);
    street.play(9, 8, 9, () => []);
    street.starts();
    street.play(9, 9, 9.5, () => [stall(0.7)]);
    expect(street.starts()).toBe(0);
    const at = MIDNIGHT + 9 * 24 * HOUR + 9.5 * HOUR;
    const sights = [{ class: 'stall', box: CABINET, at: new Date(at).toISOString() }];
    const about = { camera: 'cam', kind: 'road-stall', case: 'real' } as const;
    memory.order({ command: 'verdict', ...about, verdict: 'confirmed', sights }, at);
    street.play(9, 9.5, 9.6, () => [stall(0.7)]);
    expect(street.starts()).toBe(1);
  });
});
