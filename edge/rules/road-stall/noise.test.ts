// The faults are drawn by the seeds given: a run of bad luck would be a false alarm of the test, not of the rule.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../../contracts/geometry.ts';
import type { ZoneConfig } from '../../../contracts/zone.ts';
import {
  type Actor,
  type Noise,
  type Play,
  perfect,
  playRule,
  poor,
  randomOf,
} from '../../../tests/edge/noisy-detector.ts';
import type { Concept } from '../../domain/detection.ts';
import type { Finding, RuleContext } from '../../domain/rule.ts';
import { resolveParams } from '../params.ts';
import { type RoadStallState, roadStall } from './rule.ts';

const DWELL = 20;
const REARM = 15;
const zone: ZoneConfig<'road-stall'> = {
  id: 'z',
  kind: 'road-stall',
  polygon: [
    [0.1, 0.1],
    [0.9, 0.1],
    [0.9, 0.9],
    [0.1, 0.9],
  ],
  params: { candidateSeconds: 4, dwellSeconds: DWELL, gapSeconds: 30, rearmSeconds: REARM },
};
const context: RuleContext<'road-stall'> = {
  zone,
  params: resolveParams(zone, 'street'),
  calendar: { utcOffsetMinutes: 480, holidays: [], makeUpDays: [] },
  cameraKind: 'street',
  composites: [],
};
const play = (actors: readonly Actor[], options: Play<RoadStallState>) =>
  playRule(roadStall, context, actors, options).findings;

/** A stall of two metres that rolls in at walking pace, stands, shifts by a fifth of its width, and rolls out again. */
function stall(x: number, from: number, to: number, w = 0.1, h = 0.18, way = 1): Actor {
  return {
    concept: 'stall',
    boxAt: (second) => {
      if (second < from - 4 || second > to + 4) return null;
      const rolled = second < from ? second - from : Math.max(0, second - to);
      const shifted = Math.min(1, Math.max(0, (second - from - 12) / 2));
      return [x + way * rolled * 0.6 * w + 0.2 * w * shifted, 0.4, w, h];
    },
  };
}
function passing(concept: Concept, speed: number, y: number, size: [number, number], offset = 0): Actor {
  const at = (second: number): BoxXywh => [((((offset + speed * second) % 1.4) + 1.4) % 1.4) - 0.2, y, ...size];
  return { concept, boxAt: at };
}
const standing = (concept: Concept, box: BoxXywh): Actor => ({ concept, boxAt: () => box });
const street = [
  passing('person', 0.06, 0.42, [0.03, 0.18]),
  passing('person', -0.05, 0.5, [0.035, 0.2], 0.6),
  passing('car', 0.2, 0.62, [0.25, 0.2]),
];
const starts = (findings: readonly Finding<'road-stall'>[]) => findings.filter(({ phase }) => phase === 'start');

describe('with a poor detector: four boxes in five, jitter, doubles, ghosts', () => {
  test('one event a stall, begun when it came to rest, told within two seconds of due', () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 24; seed++) {
      const random = randomOf(seed * 77);
      const from = 6 + 4 * random();
      const second = from + 3 + 6 * random();
      const w = 0.05 + 0.07 * random();
      const actors = [stall(0.3, from, from + 45, w), stall(0.3 + 1.3 * w, second, 1e6, w, 0.16, -1), ...street];
      const found = starts(play(actors, { seconds: 75, noise: poor, seed })).sort((a, b) => a.startedAt - b.startedAt);
      expect(found.length, `seed ${seed}`).toBe(2);
      for (const [i, due] of [from, second].entries()) {
        const begun = (found[i]?.startedAt ?? 0) / 1000;
        expect(begun, `seed ${seed}`).toBeGreaterThanOrEqual(due - 0.5);
        expect(begun, `seed ${seed}`).toBeLessThanOrEqual(due + 8);
        delays.push((found[i]?.at ?? 0) / 1000 - due - DWELL);
      }
    }
    delays.sort((a, b) => a - b);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThanOrEqual(1);
    expect(delays[Math.floor(delays.length * 0.9)]).toBeLessThanOrEqual(2);
  });

  test.each<[string, Actor[]]>([
    ['walkers', street],
    [
      'a vendor who passes',
      [passing('cart', 0.05, 0.45, [0.08, 0.12]), passing('stall', -0.04, 0.5, [0.1, 0.18], 0.5)],
    ],
    ['a stop shorter than the dwell', [stall(0.4, 8, 8 + DWELL - 4), ...street]],
    ['people who stand together', [0.3, 0.34, 0.37, 0.4].map((x) => standing('person', [x, 0.4, 0.03, 0.18]))],
    ['a stall just outside the zone', [standing('stall', [0.4, 0.745, 0.1, 0.18]), ...street]],
    ['a parked car', [standing('car', [0.4, 0.4, 0.2, 0.15]), ...street]],
  ])('%s: no event', (_, actors) => {
    for (let seed = 1; seed <= 12; seed++) {
      expect(play(actors, { seconds: 90, noise: poor, seed }), `seed ${seed}`).toEqual([]);
    }
  });

  test('a fixture stays silent and hides nobody beside it', () => {
    const silenced: RuleContext<'road-stall'> = {
      ...context,
      zone: { ...zone, fixtures: [{ at: [0.35, 0.58], radius: 0.05 }] },
    };
    for (let seed = 1; seed <= 10; seed++) {
      const actors = [standing('stall', [0.3, 0.4, 0.1, 0.18]), standing('stall', [0.46, 0.4, 0.1, 0.18])];
      const { findings } = playRule(roadStall, silenced, actors, { seconds: 40, noise: poor, seed });
      expect(findings.map(({ objects }) => Math.round((objects[0]?.box[0] ?? 0) * 50) / 50)).toEqual([0.46]);
    }
  });
});

describe('properties', () => {
  const plan = fc.record({
    from: fc.integer({ min: 5, max: 12 }),
    stay: fc.integer({ min: 6, max: 50 }),
    seed: fc.nat(10_000),
  });
  const summary = (findings: readonly Finding<'road-stall'>[], by = 0) =>
    findings.map(({ phase, at, startedAt, detail }) => [phase, at - by, startedAt - by, detail]);

  test('1, 2, 5 or 10 frames a second: the same events within the rule’s tolerance', () => {
    fc.assert(
      fc.property(plan, ({ from, stay, seed }) => {
        fc.pre(Math.abs(stay - DWELL) > 6);
        const actors = [stall(0.4, from, from + stay), ...street];
        const seconds = from + stay + REARM + 15;
        const usual = play(actors, { seconds, noise: poor, seed });
        for (const fps of [1, 2, 10]) {
          const other = play(actors, { seconds, fps, noise: poor, seed });
          expect(other.map(({ phase }) => phase)).toEqual(usual.map(({ phase }) => phase));
          // A slow look may miss the arrival by as many looks as its detector blinks: four at most in these.
          const tolerance = 2000 + (4 * 1000) / Math.min(fps, 5);
          for (const [i, { at, phase }] of other.entries()) {
            // One ghost on the spot while a miss is still a flicker is a sight: an end may come that much later.
            const most = tolerance + (phase === 'end' ? 5000 : 0);
            expect(Math.abs(at - (usual[i]?.at ?? 0)), `${phase} at ${fps} fps`).toBeLessThanOrEqual(most);
          }
        }
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  test('switched identities change nothing', () => {
    fc.assert(
      fc.property(plan, fc.constantFrom<Noise>(perfect, poor), ({ from, stay, seed }, noise) => {
        const actors = [stall(0.4, from, from + stay), stall(0.6, from + 3, 1e6), ...street];
        const options = { seconds: 60, noise, seed };
        const random = randomOf(seed);
        const switched = play(actors, {
          ...options,
          scene: (scene) => ({
            ...scene,
            tracks: scene.tracks.map((track) =>
              random() < 0.3 ? { ...track, id: Math.floor(random() * 500) } : track,
            ),
          }),
        });
        expect(summary(switched)).toEqual(summary(play(actors, options)));
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  test('a time shift shifts the times and nothing else', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 10 ** 10 }), ({ from, stay, seed }, startAt) => {
        const actors = [stall(0.4, from, from + stay), ...street];
        const options = { seconds: 60, noise: poor, seed };
        expect(summary(play(actors, { ...options, startAt }), startAt)).toEqual(summary(play(actors, options)));
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  test('saved and restored at any step: nothing changes', () => {
    fc.assert(
      fc.property(plan, fc.nat(300), ({ from, stay, seed }, cut) => {
        const actors = [stall(0.4, from, from + stay), ...street];
        const options = { seconds: 60, noise: poor, seed };
        const between = (state: RoadStallState, frame: number) =>
          frame === cut || frame % 7 === 0 ? (JSON.parse(JSON.stringify(state)) as RoadStallState) : state;
        expect(play(actors, { ...options, between })).toEqual(play(actors, options));
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  test('unknown time is neither presence nor absence: it delays the event by its length and ends nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60 }), fc.boolean(), fc.nat(1000), (length, dark, seed) => {
        const actors = [stall(0.4, 5, 1e6)];
        const hidden = (second: number) => second >= 12 && second < 12 + length;
        const found = play(actors, {
          seconds: 60 + length,
          noise: poor,
          seed,
          scene: (scene, second) => {
            if (!hidden(second)) return scene;
            return dark ? { ...scene, view: 'blind', viewReasons: ['dark'], tracks: [] } : null;
          },
        });
        expect(found.map(({ phase }) => phase)).toEqual(['start']);
        expect(found[0]?.startedAt).toBeLessThan(8000);
        const due = 5 + DWELL + length;
        expect(Math.abs((found[0]?.at ?? 0) / 1000 - due)).toBeLessThanOrEqual(3);
        expect(found[0]?.detail.unknownSeconds).toBeGreaterThanOrEqual(length - 1);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
});
