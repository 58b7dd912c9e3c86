import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine, type Machine, START } from '../../../tests/edge/machine.ts';
import { type CameraTime, createLiveTime, createReplayTime } from './camera-time.ts';
import { EARLIEST } from './clock-watch.ts';

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

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/** A camera at five frames a second with stamps of its own; `each` is told of every frame. */
function run(machine: Machine, time: CameraTime, ms: number, each: (at: number) => void = () => {}): number {
  let at = 0;
  for (let passed = 0; passed < ms; passed += 200) {
    machine.pass(200);
    at = time.map((machine.elapsed() + 777) * 1000, machine.elapsed());
    each(at);
  }
  return at;
}

describe('live time', () => {
  it('is the node’s time, and says what is known of it', () => {
    const machine = createMachine();
    const time = createLiveTime({ watch: machine.watch });
    expect(run(machine, time, MINUTE)).toBe(machine.clock.now());
    expect([time.source(), time.offsetMs(), time.timeline()]).toEqual(['pts', expect.closeTo(0, 0), 0]);
    const synced = createMachine(START, true);
    const known = createLiveTime({ watch: synced.watch });
    run(synced, known, MINUTE);
    expect(known.source()).toBe('ntp');
  });

  it('plays a file at another day, whatever happens to the clock', () => {
    const machine = createMachine();
    const time = createLiveTime({ watch: machine.watch, startAt: 5_000_000, recorded: true });
    const first = time.map(0, machine.elapsed());
    machine.pass(SECOND);
    machine.set(-HOUR);
    expect([first, time.map(s, machine.elapsed())]).toEqual([5_000_000, 5_001_000]);
    expect([time.source(), time.offsetMs()]).toEqual(['pts', 0]);
  });

  it.each([SECOND, -SECOND, 4 * SECOND, -4 * SECOND])('a small step of %s ms is taken in slowly', (step) => {
    const machine = createMachine();
    const time = createLiveTime({ watch: machine.watch, mayMove: () => false });
    let last = run(machine, time, MINUTE);
    machine.set(step);
    run(machine, time, 8 * MINUTE, (at) => {
      expect(Math.abs(at - last - 200)).toBeLessThanOrEqual(3);
      last = at;
    });
    expect(Math.abs(time.offsetMs())).toBeLessThan(5);
    expect([machine.steps.length, time.timeline(), time.source()]).toEqual([1, 0, 'pts']);
  });

  it.each([HOUR, -HOUR, -8 * HOUR, 24 * HOUR, -24 * HOUR, 6 * SECOND, -6 * SECOND])(
    'after a step of %s ms the line goes on by the camera’s own steps, and moves when it is at rest',
    (step) => {
      const machine = createMachine();
      let idle = false;
      const time = createLiveTime({ watch: machine.watch, mayMove: () => idle });
      let last = run(machine, time, MINUTE);
      machine.set(step);
      run(machine, time, 5 * MINUTE, (at) => {
        expect(Math.abs(at - last - 200)).toBeLessThanOrEqual(1);
        expect(time.source()).toBe('unknown');
        expect(time.offsetMs()).toBeCloseTo(-step, -1);
        last = at;
      });
      idle = true;
      expect(run(machine, time, 200)).toBe(machine.clock.now());
      expect([time.timeline(), time.source(), machine.steps.length]).toEqual([1, 'pts', 1]);
      expect(time.offsetMs()).toBeCloseTo(0, -1);
    },
  );

  it('a line that never rests is moved after a quarter of an hour; one at rest when the clock is sure', () => {
    const machine = createMachine();
    const busy = createLiveTime({ watch: machine.watch, mayMove: () => false });
    const idle = createLiveTime({ watch: machine.watch });
    const both = { map: (pts: number | null, came: number) => busy.map(pts, came) + 0 * idle.map(pts, came) };
    const go = (ms: number) => run(machine, { ...busy, ...both }, ms);
    go(MINUTE);
    machine.set(-HOUR);
    go(MINUTE - 400);
    expect([idle.timeline(), busy.timeline()]).toEqual([0, 0]);
    go(SECOND);
    expect([idle.timeline(), busy.timeline()]).toEqual([1, 0]);
    go(14 * MINUTE - SECOND);
    expect(busy.timeline()).toBe(0);
    go(2 * SECOND);
    expect([idle.timeline(), busy.timeline()]).toEqual([1, 1]);
  });

  it('a clock that is put right again within the minute leaves no trace', () => {
    const machine = createMachine();
    const time = createLiveTime({ watch: machine.watch });
    run(machine, time, MINUTE);
    machine.set(HOUR);
    run(machine, time, 11 * SECOND);
    machine.set(-HOUR);
    expect(run(machine, time, 30 * SECOND)).toBe(machine.clock.now());
    expect([time.timeline(), machine.steps.length, time.source()]).toEqual([0, 2, 'unknown']);
    run(machine, time, 31 * SECOND);
    expect(time.source()).toBe('pts');
  });

  it('a camera that connects after the step begins on the old line', () => {
    const machine = createMachine();
    machine.pass(MINUTE);
    machine.watch.check();
    machine.set(HOUR);
    machine.pass(SECOND);
    const time = createLiveTime({ watch: machine.watch });
    expect(time.map(null, machine.elapsed())).toBeCloseTo(START + MINUTE + SECOND, -1);
  });

  it('goes on after what was saved, however far the clock is behind it, and moves when it is sure', () => {
    const machine = createMachine();
    const notBefore = START + 8 * HOUR;
    const time = createLiveTime({ watch: machine.watch, notBefore });
    expect(time.map(null, machine.elapsed())).toBe(notBefore + 1);
    expect([time.source(), time.offsetMs()]).toEqual(['unknown', expect.closeTo(8 * HOUR, -1)]);
    run(machine, time, MINUTE + SECOND);
    expect([time.timeline(), time.source()]).toEqual([1, 'pts']);
  });

  it('a board without a battery wakes in 1970: frames are of no time that is known until it is', () => {
    const machine = createMachine(12_345);
    const time = createLiveTime({ watch: machine.watch });
    expect(time.map(null, machine.elapsed())).toBe(EARLIEST);
    run(machine, time, 20 * MINUTE);
    expect([time.timeline(), time.source()]).toEqual([0, 'unknown']);
    machine.set(START);
    run(machine, time, MINUTE + SECOND);
    expect(run(machine, time, 200)).toBe(machine.clock.now());
    expect([time.timeline(), time.source(), machine.steps.length]).toEqual([1, 'pts', 1]);
  });
});

it('rises strictly within a timeline, whatever the stream and the clocks do', () => {
  const stamp = fc.option(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), { nil: null });
  const frame = fc.record({
    pts: stamp,
    pass: fc.integer({ min: 0, max: 10 ** 5 }),
    step: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -(10 ** 8), max: 10 ** 8 })),
    again: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 200 }), fc.boolean(), fc.boolean(), (frames, live, mayMove) => {
      const machine = createMachine();
      const time = live ? createLiveTime({ watch: machine.watch, mayMove: () => mayMove }) : createReplayTime(0);
      let last = Number.NEGATIVE_INFINITY;
      let timeline = 0;
      for (const { pts, pass, step, again } of frames) {
        machine.pass(pass);
        machine.set(step);
        if (again) time.reconnected();
        const at = time.map(pts, machine.elapsed());
        if (!Number.isInteger(at) || (time.timeline() === timeline && !(at > last))) return false;
        last = at;
        timeline = time.timeline();
      }
      return true;
    }),
  );
});

it('steps of the clock never change the steps of a line that is not at rest, beyond one per cent', () => {
  const sets = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: -(10 ** 8), max: 10 ** 8 })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(sets, (steps) => {
      const machine = createMachine();
      const time = createLiveTime({ watch: machine.watch, mayMove: () => false });
      let last = run(machine, time, MINUTE);
      for (const [seconds, step] of steps) {
        machine.set(step);
        const before = time.timeline();
        run(machine, time, seconds * SECOND, (at) => {
          if (time.timeline() === before) expect(Math.abs(at - last - 200)).toBeLessThanOrEqual(3);
          last = at;
        });
      }
    }),
    { numRuns: 30 },
  );
});
