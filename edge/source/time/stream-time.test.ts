import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamTime, type StreamTime } from './stream-time.ts';

/** A picture: its stamp, when it was taken, when it came, ms. */
type Picture = { readonly pts: number | null; readonly taken: number; readonly came: number };

const play = (time: StreamTime, pictures: readonly Picture[]) =>
  pictures.map(({ pts, came }) => time.map(pts === null ? null : pts * 1000, came));
const steps = (times: readonly number[]) => times.slice(1).map((at, i) => at - (times[i] as number));
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

/** Pictures every `period` ms with a delay each; the stamp is a function of its number. */
function stream(
  count: number,
  period: number,
  delay: (i: number) => number,
  stamp: (i: number, taken: number) => number | null,
): Picture[] {
  let came = 0;
  return Array.from({ length: count }, (_, i) => {
    const taken = 5000 + i * period;
    came = Math.max(came, taken + delay(i));
    return { pts: stamp(i, taken), taken, came };
  });
}

/** Delays of a network: mostly short, repeatable. */
const jitter = (most: number) => (i: number) => ((i * 7919) % 97) * (most / 97);

describe('a stream without stamps of use', () => {
  it.each([
    ['none at all', () => null],
    ['RTP time that stands at 0', () => 0],
    ['25 a second invented for 5', (i: number) => i * 40],
    ['1 a second invented for 5', (i: number) => i * 1000],
  ])('%s: arrival is the time, evenly', (_, stamp) => {
    const pictures = stream(300, 200, jitter(120), stamp);
    const times = play(createStreamTime(), pictures);
    times.forEach((at, i) => {
      const { came } = pictures[i] as Picture;
      expect(at).toBeLessThanOrEqual(came);
      expect(came - at).toBeLessThan(500);
    });
    const even = steps(times.slice(25));
    expect(Math.min(...even)).toBeGreaterThan(140);
    expect(Math.max(...even)).toBeLessThan(260);
    expect((times[299] as number) - (times[0] as number)).toBeGreaterThan(59_500);
  });

  it('says where the times come from', () => {
    const invented = createStreamTime();
    play(
      invented,
      stream(100, 200, jitter(20), (i) => i * 40),
    );
    const true_ = createStreamTime();
    play(
      true_,
      stream(100, 200, jitter(20), (_, taken) => taken),
    );
    expect([invented.byStamps(), true_.byStamps()]).toEqual([false, true]);
  });

  it('follows another rate and a gap of two minutes at once', () => {
    const slow = stream(50, 200, jitter(20), () => null);
    const end = (slow.at(-1) as Picture).came;
    const fast = stream(100, 40, jitter(10), () => null).map((one) => ({ ...one, came: one.came + end + 120_000 }));
    const times = play(createStreamTime(), [...slow, ...fast]);
    const came = [...slow, ...fast].map((one) => one.came);
    expect(Math.max(...times.map((at, i) => (came[i] as number) - at))).toBeLessThanOrEqual(400);
    expect(Math.abs(steps(times.slice(60, 150)).reduce((a, b) => a + b, 0) / 89 - 40)).toBeLessThan(5);
  });
});

describe('a stream with stamps', () => {
  it('keeps the camera’s own steps, whatever the network does', () => {
    const pictures = stream(
      600,
      200,
      (i) => (i % 50 === 49 ? 1400 : jitter(80)(i)),
      (_, taken) => taken - 4321,
    );
    const times = play(createStreamTime(), pictures);
    const late = times.map((at, i) => at - (pictures[i] as Picture).taken);
    expect(spread(late.slice(60))).toBeLessThan(25);
  });

  it('a burst after connecting is never in the future and corrects itself at once', () => {
    // Ten seconds of a buffer come within 50 ms, then real time goes on.
    const burst = Array.from({ length: 50 }, (_, i) => ({ pts: i * 200, taken: 0, came: 20_000 + i }));
    const live = Array.from({ length: 100 }, (_, i) => ({ pts: 10_000 + i * 200, taken: 0, came: 20_250 + i * 200 }));
    const times = play(createStreamTime(), [...burst, ...live]);
    expect([...burst, ...live].every(({ came }, i) => (times[i] as number) <= came)).toBe(true);
    expect(steps(times.slice(51)).every((step) => Math.abs(step - 200) < 25)).toBe(true);
  });

  it('two minutes of nothing are two minutes', () => {
    const pictures = stream(100, 200, jitter(30), (i, taken) => taken + (i >= 50 ? 120_000 : 0)).map((one, i) =>
      i >= 50 ? { ...one, came: one.came + 120_000 } : one,
    );
    const times = play(createStreamTime(), pictures);
    expect(Math.abs((times[50] as number) - (times[49] as number) - 120_200)).toBeLessThan(50);
  });

  it.each([
    ['RTP time by 2³¹', 23_860_929],
    ['a wrap of 2³²', -47_721_858],
    ['back to nothing', -400_000],
    ['a little back', -700],
  ])('%s: anchored anew, one step, in order', (_, jump) => {
    const pictures = stream(400, 200, jitter(60), (i, taken) => taken + 500_000 + (i >= 200 ? jump : 0));
    const time = createStreamTime();
    const times = play(time, pictures);
    expect(time.jumps()).toBe(1);
    expect(Math.max(...steps(times))).toBeLessThan(300);
    expect(Math.min(...steps(times.slice(30)))).toBeGreaterThan(80);
    expect(Math.max(...times.map((at, i) => (pictures[i] as Picture).came - at))).toBeLessThan(400);
  });

  it.each([200, -200])('a drift of %s ppm is followed for hours', (ppm) => {
    const pictures = stream(10_800, 1000, jitter(30), (_, taken) => taken * (1 + ppm / 1e6));
    const times = play(createStreamTime(), pictures);
    const late = times.map((at, i) => at - (pictures[i] as Picture).taken).slice(300);
    expect(Math.max(...late.map(Math.abs))).toBeLessThan(60);
  });

  it('a keyframe every thirty seconds is no reason to doubt', () => {
    const time = createStreamTime();
    const times = play(
      time,
      stream(40, 30_000, jitter(200), (_, taken) => taken),
    );
    expect(time.byStamps()).toBe(true);
    expect(steps(times).every((step) => Math.abs(step - 30_000) < 250)).toBe(true);
  });

  it('a new connection has another origin', () => {
    const time = createStreamTime();
    const first = play(
      time,
      stream(100, 200, jitter(20), (_, taken) => taken),
    );
    time.reconnected();
    const again = stream(100, 200, jitter(20), (i) => i * 200).map((one) => ({ ...one, came: one.came + 60_000 }));
    const second = play(time, again);
    expect(second[0]).toBe(again[0]?.came);
    expect(Math.abs((second[0] as number) - (first[0] as number) - 60_000)).toBeLessThan(50);
    expect(time.jumps()).toBe(0);
  });
});

it('never lies in the future, and goes on by no less than half of the time that passed', () => {
  const mode = fc.constantFrom('stamps', 'none', 'zero', 'invented', 'jumping');
  const settings = fc.record({
    mode,
    period: fc.integer({ min: 20, max: 2000 }),
    delays: fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 150, maxLength: 150 }),
    origin: fc.integer({ min: 0, max: 10 ** 9 }),
    jumpAt: fc.integer({ min: 1, max: 149 }),
    jump: fc.integer({ min: -(10 ** 8), max: 10 ** 8 }),
  });
  fc.assert(
    fc.property(settings, ({ mode, period, delays, origin, jumpAt, jump }) => {
      const stamps: Record<typeof mode, (i: number, taken: number) => number | null> = {
        stamps: (_, taken) => taken + origin,
        none: () => null,
        zero: () => 0,
        invented: (i) => i * 40,
        jumping: (i, taken) => taken + origin + (i >= jumpAt ? jump : 0),
      };
      const pictures = stream(150, period, (i) => delays[i] as number, stamps[mode]);
      const times = play(createStreamTime(), pictures);
      const late = times.map((at, i) => (pictures[i] as Picture).came - at);
      expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...late)).toBeLessThanOrEqual(1500 + 500);
    }),
    { numRuns: 300 },
  );
});
