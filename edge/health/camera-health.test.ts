import { describe, expect, it } from 'vitest';
import { createCameraHealth } from './camera-health.ts';

const [width, height] = [160, 96];
const input = { width, height, pixelFormat: 'gbrp' as const };
type Paint = (x: number, y: number, at: number) => number;

/** Something like a street: blocks of different brightness, and noise that differs from frame to frame. */
function street(seed = 1): Paint {
  return (x, y, at) => {
    const block = Math.imul((x >> 4) * 31 + (y >> 4) * 17 + seed, 2_654_435_761) >>> 24;
    const noise = (Math.imul(x * 13 + y * 7 + at, 40_503) >>> 8) % 5;
    return 40 + block * 0.6 + noise;
  };
}
function paint(level: Paint, at: number): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = level(x, y, at);
  return pixels;
}
/** Shows each scene for its seconds, one frame a second, and gives the view at the end. */
function show(...scenes: readonly (readonly [Paint, number])[]) {
  const health = createCameraHealth({ ...input, expectedFps: null });
  let at = 0;
  let view = health.observe(paint((scenes[0] as [Paint, number])[0], at), at);
  for (const [level, seconds] of scenes) {
    for (let i = 0; i < seconds; i++) {
      at += 1000;
      view = health.observe(paint(level, at), at);
    }
  }
  return view;
}
const unchanged =
  (level: Paint): Paint =>
  (x, y) =>
    level(x, y, 0);
const noise = (x: number, y: number, at: number) => (Math.imul(x * 13 + y * 7 + at, 40_503) >>> 8) % 5;

describe('camera health', () => {
  it.each([
    ['a street', [[street(), 200]], 'watched', []],
    [
      'a street in half the light',
      [
        [street(), 200],
        [(x, y, at) => street()(x, y, at) / 2, 100],
      ],
      'watched',
      [],
    ],
    [
      'a street at night with a lamp',
      [[(x, y, at) => (x < 30 && y < 30 ? 160 : 6) + noise(x, y, at), 60]],
      'watched',
      [],
    ],
    [
      'darkness',
      [
        [street(), 30],
        [noise, 10],
      ],
      'blind',
      ['dark'],
    ],
    [
      'a moment of darkness',
      [
        [street(), 30],
        [noise, 3],
      ],
      'watched',
      [],
    ],
    [
      'darkness that ended',
      [
        [street(), 30],
        [noise, 20],
        [street(), 10],
      ],
      'watched',
      [],
    ],
    [
      'a bag over it',
      [
        [street(), 30],
        [(x, y, at) => 120 + noise(x, y, at), 20],
      ],
      'blind',
      ['covered'],
    ],
    [
      'a lens out of focus',
      [
        [street(), 150],
        [(x, y, at) => 100 + Math.sin((x + y) / 60) * 20 + noise(x, y, at), 50],
      ],
      'degraded',
      ['blurred'],
    ],
    [
      'a camera turned away',
      [
        [street(), 150],
        [street(99), 90],
      ],
      'degraded',
      ['moved'],
    ],
    [
      'turned away for a moment',
      [
        [street(), 150],
        [street(99), 30],
      ],
      'watched',
      [],
    ],
    [
      'turned away and back',
      [
        [street(), 150],
        [street(99), 90],
        [street(), 10],
      ],
      'watched',
      [],
    ],
    ['the same picture for two minutes', [[unchanged(street()), 125]], 'blind', ['frozen']],
    ['the same picture for one minute', [[unchanged(street()), 60]], 'watched', []],
  ] as [string, [Paint, number][], string, string[]][])('%s', (_, scenes, state, reasons) => {
    expect(show(...scenes)).toEqual({ state, reasons });
  });

  it('takes few frames for a low rate only where more were asked for', () => {
    const health = createCameraHealth({ ...input, expectedFps: 5 });
    for (let at = 0; at < 120_000; at += 4000) {
      expect(health.observe(paint(street(), at), at, true).state).toBe('watched');
    }
    // Awake again it has half a minute to show its rate.
    for (let at = 120_000; at < 148_000; at += 1000) {
      expect(health.observe(paint(street(), at), at).state).toBe('watched');
    }
    for (let at = 148_000; at < 153_000; at += 1000) health.observe(paint(street(), at), at);
    expect(health.observe(paint(street(), 154_000), 154_000).reasons).toEqual(['low-rate']);
  });

  it('reports a low rate after half a minute, and that there is no stream', () => {
    const health = createCameraHealth({ ...input, expectedFps: 5 });
    const at = (i: number) => i * 1000;
    for (let i = 0; i < 29; i++) expect(health.observe(paint(street(), at(i)), at(i)).state).toBe('watched');
    for (let i = 29; i < 32; i++) health.observe(paint(street(), at(i)), at(i));
    expect(health.observe(paint(street(), at(33)), at(33))).toEqual({ state: 'degraded', reasons: ['low-rate'] });
    expect(health.offline()).toEqual({ state: 'blind', reasons: ['offline'] });
    expect(health.observe(paint(street(), at(40)), at(40))).toEqual({ state: 'watched', reasons: [] });
  });
});
