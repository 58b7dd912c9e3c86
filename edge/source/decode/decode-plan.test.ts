import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Packet, type Played, play } from '../../../tests/source/play-plan.ts';
import { createDecodePlan } from './decode-plan.ts';

type StreamOptions = {
  readonly seconds: number;
  readonly fps?: number;
  readonly gopMs?: (key: number) => number;
  readonly bytes?: (atMs: number) => number;
  readonly fromMs?: number;
};
function stream({ seconds, fps = 25, gopMs = () => 2000, bytes = () => 1000, fromMs = 0 }: StreamOptions): Packet[] {
  let nextKey = fromMs;
  let keys = 0;
  return Array.from({ length: Math.round(seconds * fps) }, (_, i) => {
    const atMs = fromMs + (i * 1000) / fps;
    const key = atMs >= nextKey;
    if (key) nextKey = atMs + gopMs(keys++);
    return { atMs, key, bytes: key ? 300_000 : bytes(atMs) };
  });
}

const share = (played: Played, packets: readonly Packet[], fromMs: number): number =>
  played.decoded.filter((atMs) => atMs >= fromMs).length / packets.filter(({ atMs }) => atMs >= fromMs).length;

describe('slots of a cadence', () => {
  it('takes the frames that FFmpeg’s select took: one for each slot, in order, none twice', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 30, noNaN: true }), fc.integer({ min: 1, max: 60 }), (cadence, fps) => {
        const packets = stream({ seconds: 20, fps });
        const { taken } = play(createDecodePlan({ cadence, gate: false }), packets);
        let last = Number.NaN;
        const right = packets.filter(({ atMs }) => {
          const slot = Math.floor((atMs / 1000) * cadence + 0.001);
          const takes = slot !== last;
          if (takes) last = slot;
          return takes;
        });
        expect(taken).toEqual(right.map(({ atMs }) => atMs));
      }),
    );
  });
});

describe('a number as cadence away from gates', () => {
  it('decodes everything from the first keyframe on, whatever moves or does not', () => {
    const packets = stream({ seconds: 60 });
    const { steps } = play(createDecodePlan({ cadence: 5, gate: false }), packets.slice(7));
    expect(steps.indexOf('catch-up')).toBe(43);
    expect(steps.slice(0, 43).every((step) => step === 'skip')).toBe(true);
    expect(steps.slice(44).every((step) => step === 'follow')).toBe(true);
  });

  it('decodes of an intra-only stream what it takes and nothing else', () => {
    const packets = stream({ seconds: 20, gopMs: () => 0 });
    const { steps, taken, decoded } = play(createDecodePlan({ cadence: 5, gate: true }), packets);
    expect(new Set(steps)).toEqual(new Set(['alone', 'skip']));
    expect(decoded).toEqual(taken);
    expect(taken).toHaveLength(100);
  });
});

describe('keyframes as cadence', () => {
  it.each([[1000], [2000], [5000], [10_000], [12_000]])(
    'takes each keyframe %i ms apart, and decodes no other',
    (gop) => {
      const packets = stream({ seconds: 100, gopMs: () => gop });
      const { taken, decoded, notes } = play(createDecodePlan({ cadence: 'keyframes', gate: true }), packets);
      expect(decoded).toEqual(packets.filter(({ key }) => key).map(({ atMs }) => atMs));
      expect(taken).toEqual(decoded);
      expect(notes).toEqual([]);
    },
  );

  it('decodes everything, slowly looked at, once no second keyframe comes, and says so once', () => {
    const packets = stream({ seconds: 120, gopMs: () => 1e9 });
    const { steps, taken, notes } = play(createDecodePlan({ cadence: 'keyframes', gate: false }), packets);
    expect(notes).toEqual([{ atMs: 15_040, note: 'no-keyframes' }]);
    expect(steps.filter((step) => step === 'catch-up')).toHaveLength(1);
    // From then on a frame every 2 s, the first of them no older than that.
    expect(taken[0]).toBe(0);
    expect(taken[1]).toBeGreaterThan(13_000);
    const gaps = taken.slice(2).map((atMs, i) => atMs - (taken[i + 1] as number));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2000);
    expect(taken.length).toBeGreaterThan(50);
  });

  it('does so where keyframes are 13 s apart or there never was one', () => {
    const seldom = stream({ seconds: 60, gopMs: () => 13_000 });
    const { notes } = play(createDecodePlan({ cadence: 'keyframes', gate: false }), seldom);
    expect(notes).toEqual([{ atMs: 13_000, note: 'no-keyframes' }]);
    const never = stream({ seconds: 60, gopMs: () => 1e9 }).slice(1);
    const played = play(createDecodePlan({ cadence: 'keyframes', gate: false }), never);
    expect(played.notes).toHaveLength(1);
    expect(played.taken.length).toBeGreaterThan(20);
  });

  it('goes back to keyframes when they come again', () => {
    const packets = stream({ seconds: 160, gopMs: (key) => (key === 0 ? 60_000 : 2000) });
    const { notes, decoded } = play(createDecodePlan({ cadence: 'keyframes', gate: false }), packets);
    expect(notes).toEqual([
      { atMs: 15_040, note: 'no-keyframes' },
      { atMs: 64_000, note: 'keyframes' },
    ]);
    const after = packets.filter(({ key, atMs }) => key && atMs > 66_000).map(({ atMs }) => atMs);
    expect(decoded.filter((atMs) => atMs > 66_000)).toEqual(after);
  });

  it('takes a gap of the stream for a gap, not for missing keyframes', () => {
    const packets = stream({ seconds: 60 }).map((packet) => ({
      ...packet,
      atMs: packet.atMs > 21_000 ? packet.atMs + 120_000 : packet.atMs,
    }));
    expect(play(createDecodePlan({ cadence: 'keyframes', gate: false }), packets).notes).toEqual([]);
  });

  it('begins with a keyframe after another connection', () => {
    const plan = createDecodePlan({ cadence: 5, gate: false });
    play(plan, stream({ seconds: 5 }));
    plan.reconnected();
    const { steps } = play(plan, stream({ seconds: 5, fromMs: 10_000 }).slice(20));
    expect(steps.slice(0, 30).every((step) => step === 'skip')).toBe(true);
    expect(steps[31]).toBe('follow');
  });
});

describe('a gate with a number as cadence', () => {
  const gate = () => createDecodePlan({ cadence: 5, gate: true });
  /** Sizes of a quiet scene: noise of a third around a level that rate control moves slowly. */
  const quietBytes = (seed: number) => (atMs: number) => {
    const noise = Math.sin((atMs + 1) * (seed + 1) * 12.9898) * 43_758.5453;
    return Math.round(1000 * (1 + 0.33 * (2 * (noise - Math.floor(noise)) - 1)) * (1.5 + Math.sin(atMs / 60_000)));
  };

  it('rests on keyframes while nothing moves', () => {
    const packets = stream({ seconds: 120, bytes: quietBytes(1) });
    const played = play(gate(), packets);
    expect(share(played, packets, 20_000)).toBeLessThan(0.03);
    expect(share(played, packets, 0)).toBeLessThan(0.2);
  });

  it('does not rest where sizes tell nothing: packets as large as motion is when nothing moves', () => {
    const packets = stream({ seconds: 120, bytes: (atMs) => 15 * quietBytes(1)(atMs) });
    expect(share(play(gate(), packets), packets, 0)).toBeGreaterThanOrEqual(1);
  });

  it('rests neither where keyframes are far apart nor where there are none', () => {
    for (const gopMs of [4100, 10_000, 1e9]) {
      const packets = stream({ seconds: 60, gopMs: () => gopMs });
      const played = play(gate(), packets);
      expect(share(played, packets, 0)).toBeGreaterThanOrEqual(1);
      expect(played.notes).toEqual([]);
    }
  });

  it('hides no arrival: of any burst of motion between two keyframes frames are taken, at the cadence', () => {
    const burst = fc.record({
      seed: fc.integer({ min: 0, max: 1000 }),
      gopMs: fc.integer({ min: 500, max: 4000 }),
      fps: fc.constantFrom(10, 12, 15, 25, 30),
      startMs: fc.integer({ min: 40_000, max: 44_000 }),
      lastsMs: fc.integer({ min: 300, max: 5000 }),
      times: fc.double({ min: 4, max: 30, noNaN: true }),
    });
    fc.assert(
      fc.property(burst, ({ seed, gopMs, fps, startMs, lastsMs, times }) => {
        const during = (atMs: number) => atMs >= startMs && atMs < startMs + lastsMs;
        const quiet = quietBytes(seed);
        const packets = stream({
          seconds: 60,
          fps,
          gopMs: () => gopMs,
          bytes: (atMs) => quiet(atMs) * (during(atMs) ? times : 1),
        });
        const { taken } = play(gate(), packets, (atMs) => (during(atMs) ? Math.floor(atMs) : 0));
        const slots = new Set(
          packets.filter(({ atMs }) => during(atMs)).map(({ atMs }) => Math.floor(atMs / 200 + 0.001)),
        );
        const seen = new Set(taken.filter(during).map((atMs) => Math.floor(atMs / 200 + 0.001)));
        // A slot that began before the burst may be taken by a frame from before it.
        expect(seen.size).toBeGreaterThanOrEqual(slots.size - 1);
        expect(seen.size).toBeGreaterThan(0);
        expect(taken).toEqual([...taken].sort((a, b) => a - b));
      }),
    );
  });

  it('is told by a keyframe what packets did not tell: from there on everything, back when it is quiet again', () => {
    const packets = stream({ seconds: 120, bytes: quietBytes(3) });
    const { taken } = play(gate(), packets, (atMs) => (atMs > 60_500 && atMs < 70_000 ? Math.floor(atMs / 500) : 0));
    const between = taken.filter((atMs) => atMs >= 62_000 && atMs < 80_000);
    expect(between).toHaveLength(18 * 5);
    expect(taken.filter((atMs) => atMs >= 84_000 && atMs < 120_000)).toHaveLength(18);
  });

  it('stays with what is active, however still it stands', () => {
    const plan = gate();
    const packets = stream({ seconds: 120 });
    const taken: number[] = [];
    for (const { key, bytes, atMs } of packets) {
      if (plan.packet(key, bytes, atMs) === 'skip' || !plan.wanted(atMs)) continue;
      taken.push(atMs);
      plan.analysed(atMs, { changed: false, active: atMs > 60_000 && atMs < 90_000 });
    }
    expect(taken.filter((atMs) => atMs >= 64_000 && atMs < 98_000)).toHaveLength(34 * 5);
    expect(taken.filter((atMs) => atMs >= 104_000)).toHaveLength(8);
  });

  it('learns that large packets are usual where looks at them see nothing: B-frames, periodic refresh', () => {
    for (const every of [3, 10, 25]) {
      const quiet = quietBytes(every);
      const packets = stream({
        seconds: 300,
        bytes: (atMs) => quiet(atMs) * (Math.round(atMs / 40) % every === 0 ? 6 : 1),
      });
      const played = play(gate(), packets);
      expect(share(played, packets, 60_000)).toBeLessThan(0.1);
    }
  });

  it('does not stay busy for hours because the stream’s time fell back', () => {
    const before = stream({ seconds: 40, fromMs: 3_600_000 });
    const after = stream({ seconds: 60 });
    const { decoded, taken } = play(gate(), [...before, ...after], (atMs) => (atMs > 1e6 ? atMs : 0));
    expect(decoded.filter((atMs) => atMs >= 30_000 && atMs < 60_000).length).toBeLessThan(30);
    expect(taken.filter((atMs) => atMs < 60_000).length).toBeGreaterThan(60);
  });

  it('does the same with the same packets', () => {
    const packets = stream({ seconds: 90, bytes: quietBytes(9) });
    const scene = (atMs: number) => (atMs > 50_000 && atMs < 55_000 ? Math.floor(atMs / 300) : 0);
    expect(play(gate(), packets, scene)).toEqual(play(gate(), packets, scene));
  });
});
