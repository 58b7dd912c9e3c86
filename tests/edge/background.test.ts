/** The background model: what stands since when, through light, night, occlusion and a restart. */
import { describe, expect, test } from 'vitest';
import type { BoxXywh } from '../../contracts/geometry.ts';
import {
  createBackgroundModel,
  DIFFERS,
  FLAT_BLOCK,
  type Lights,
  RENEWED,
  SETTLED,
  UNKNOWN,
} from '../../edge/background/background-model.ts';
import { readSavedBackground, writeSavedBackground } from '../../edge/pipeline/saved-background.ts';
import { historyOf } from '../../edge/rules/road-stall/arrival.ts';
import { INPUT, pixelsOf, type Sight } from './painted-street.ts';

const STEP = 5000;
const box: BoxXywh = [0.4, 0.4, 0.15, 0.3];
const stall = { box, look: 7 };
const bus = { box: [0.3, 0.3, 0.4, 0.5] as BoxXywh, look: 9 };
/** Paint agrees by chance in one place in five. */
const PAINTED = 0.7;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 0, 1);

/** A model that watches one sight after another, each for so many seconds. */
function createWatch(known: Lights | null = null, from = START) {
  const model = createBackgroundModel({ ...INPUT, holdMs: 30_000, known });
  let at = from;
  let seed = 0;
  return {
    model,
    at: () => at,
    watch(seconds: number, sight: Sight, hiding: readonly BoxXywh[] = []) {
      for (const end = at + seconds * 1000; at < end; at += STEP) {
        model.observe(pixelsOf({ ...sight, seed: ++seed }), at, () => hiding);
      }
    },
    /** Share of the blocks of a box, or of all, in a state. */
    share(state: number, [x, y, w, h]: BoxXywh = [0.02, 0.02, 0.96, 0.96]) {
      const { cols, rows, states } = model.map();
      let [hits, all] = [0, 0];
      for (let row = Math.ceil(y * rows) + 1; row < (y + h) * rows - 2; row++) {
        for (let col = Math.ceil(x * cols) + 1; col < (x + w) * cols - 2; col++) {
          all++;
          if (states[row * cols + col] === state) hits++;
        }
      }
      return hits / all;
    },
    history: () => historyOf(box, model.map(), START + 1000, START + 1000),
  };
}

describe('background of a fixed camera', () => {
  test('what stands at the first look is as it always was; what comes is new, and the street that it leaves is not', () => {
    const { watch, share, history } = createWatch();
    watch(20, {});
    expect(share(UNKNOWN)).toBe(1);
    watch(40, {});
    expect(share(SETTLED)).toBeGreaterThan(0.97);
    watch(20, { things: [stall] });
    expect(share(DIFFERS, box)).toBeGreaterThan(PAINTED);
    watch(60, { things: [stall] });
    expect(share(RENEWED, box)).toBeGreaterThan(PAINTED);
    expect(history().agreement).toBeLessThan(0.3);
    watch(90, {});
    expect(share(SETTLED, box)).toBeGreaterThan(0.9);
  });

  test.each<[string, Sight]>([
    ['half as bright', { light: 0.5 }],
    ['brighter', { light: 1.25 }],
    ['a shadow over half of it', { shadowTo: 0.47 }],
  ])('another light brings nothing: %s', (_title, light) => {
    const { watch, share, history } = createWatch();
    watch(60, { things: [stall] });
    watch(120, { things: [stall], ...light });
    expect(share(RENEWED, box)).toBeLessThan(0.15);
    expect(history().arrived).toBeLessThan(0.2 * history().standing);
  });

  test('what arrived behind a bus is new when the bus has gone, and only that', () => {
    const { watch, share } = createWatch();
    watch(60, {});
    watch(120, { things: [bus] });
    watch(90, { things: [stall] });
    expect(share(RENEWED, box)).toBeGreaterThan(PAINTED);
    expect(share(SETTLED, [0.57, 0.32, 0.12, 0.4])).toBeGreaterThan(0.9);
  });

  test('behind a person nothing is learnt', () => {
    const { watch, share } = createWatch();
    watch(60, { things: [{ box, look: 5 }] }, [box]);
    expect(share(UNKNOWN, box)).toBe(1);
    watch(60, { things: [stall] });
    expect(share(SETTLED, box)).toBeGreaterThan(0.97);
  });

  test('the night knows what the day knew, and has a look of its own', () => {
    const infrared = { light: 0.5, infrared: true };
    const { watch, share } = createWatch();
    watch(60, {});
    watch(90, { things: [stall] });
    watch(120, { things: [stall], ...infrared });
    expect(share(RENEWED, box) + share(SETTLED, box)).toBeGreaterThan(0.97);
    const standing = createWatch();
    standing.watch(60, { things: [stall] });
    standing.watch(120, { things: [stall], ...infrared });
    expect(standing.history().arrived).toBe(0);
    watch(90, infrared);
    watch(90, { things: [stall], ...infrared });
    expect(share(RENEWED, box)).toBeGreaterThan(PAINTED);
  });

  test('a restart with the saved model sees what came meanwhile; an old one says nothing', () => {
    const before = createWatch();
    before.watch(60, {});
    const saved = writeSavedBackground(before.model.lights(), before.at());
    expect(saved.length).toBeLessThan(200_000);
    const later = before.at() + 3_600_000;
    const after = createWatch(readSavedBackground(saved, later), later);
    after.watch(60, { things: [stall] });
    expect(after.share(RENEWED, box)).toBeGreaterThan(PAINTED);
    expect(after.share(SETTLED, [0.05, 0.05, 0.2, 0.8])).toBeGreaterThan(0.97);
    expect(readSavedBackground(saved, before.at() + 8 * DAY_MS)).toBeNull();
    expect(readSavedBackground(null, later)).toBeNull();
  });

  test('a flat street says nothing', () => {
    const model = createBackgroundModel({ ...INPUT, holdMs: 30_000 });
    const grey = new Uint8Array(3 * INPUT.width * INPUT.height).map((_, i) => 120 + (i % 3) * 6);
    for (let at = START; at < START + 60_000; at += STEP) model.observe(grey, at, () => []);
    const { cols, states } = model.map();
    expect(states[20 * cols + 20]).toBe(FLAT_BLOCK);
  });

  test('between two looks a frame costs nothing', () => {
    const model = createBackgroundModel({ ...INPUT, holdMs: 30_000 });
    const pixels = pixelsOf({});
    const looked = Array.from({ length: 30 }, (_, i) => model.observe(pixels, START + i * 200, () => []));
    expect(looked.filter(Boolean)).toHaveLength(2);
  });
});
