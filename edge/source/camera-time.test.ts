import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveTime, createReplayTime } from './camera-time.ts';

const s = 1_000_000;

describe('replay time', () => {
  it.each([
    ['even', [0, s, 2 * s], [0, 1000, 2000]],
    ['from another origin', [7 * s, 8 * s], [0, 1000]],
    ['a gap is time that passed', [0, s, 61 * s], [0, 1000, 61_000]],
    ['a jump back goes on by a usual step', [5 * s, 6 * s, 0, s], [0, 1000, 2000, 3000]],
    ['a frame without a time too', [0, s, null, 3 * s], [0, 1000, 2000, 3000]],
    ['the same time twice', [0, s, s], [0, 1000, 1001]],
  ] as const)('%s', (_, stamps, expected) => {
    const time = createReplayTime(0);
    expect(stamps.map((pts) => time.map(pts, 12_345))).toEqual(expected);
  });
});

describe('live time', () => {
  it('corrects a burst after connecting at once, never into the future', () => {
    const time = createLiveTime();
    // Two seconds of a buffer arrive within 20 ms, then real time goes on.
    const burst = [0, s, 2 * s].map((pts, i) => time.map(pts, 10_000 + i * 10));
    expect(burst).toEqual([10_000, 10_010, 10_020]);
    expect(time.map(3 * s, 11_020)).toBe(11_020);
  });

  it('takes delay of the network out of the time', () => {
    const time = createLiveTime();
    time.map(0, 10_000);
    expect(time.map(s, 11_400)).toBe(11_000);
    expect(time.offsetMs()).toBe(-400);
  });

  it('follows a camera whose clock is slow, a little at a time', () => {
    const time = createLiveTime();
    let offset = 0;
    for (let i = 0; i <= 3600; i++) {
      time.map(i * s, 10_000 + i * 1000.1);
      offset = time.offsetMs();
    }
    expect(Math.abs(offset)).toBeLessThan(30);
  });

  it.each([
    ['back', -500],
    ['forward', 5000],
  ])('anchors anew when the stream’s clock jumps %s', (_, seconds) => {
    const time = createLiveTime();
    time.map(1000 * s, 10_000);
    expect(time.map((1001 + seconds) * s, 11_000)).toBe(11_000);
    expect(time.jumps()).toBe(1);
  });

  it('plays a file at another day', () => {
    const time = createLiveTime(5_000_000);
    expect([time.map(0, 77), time.map(s, 1077)]).toEqual([5_000_000, 5_001_000]);
  });
});

it('is strictly increasing whatever the stream and the clock do', () => {
  const stamp = fc.option(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), { nil: null });
  const steps = fc.array(fc.record({ pts: stamp, now: fc.integer({ min: 0, max: 10 ** 9 }), again: fc.boolean() }));
  fc.assert(
    fc.property(steps, fc.boolean(), (frames, live) => {
      const time = live ? createLiveTime() : createReplayTime(0);
      let last = Number.NEGATIVE_INFINITY;
      for (const { pts, now, again } of frames) {
        if (again) time.reconnected();
        const at = time.map(pts, now);
        if (!(at > last) || !Number.isInteger(at)) return false;
        last = at;
      }
      return true;
    }),
  );
});
