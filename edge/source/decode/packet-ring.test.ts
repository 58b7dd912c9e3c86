import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MediaPacket, StreamFormat } from '../../domain/packet.ts';
import { createPacketRing } from './packet-ring.ts';

const format: StreamFormat = {
  codec: 'h264',
  extradata: null,
  width: 640,
  height: 360,
  pixelAspect: null,
  rotation: 0,
};
const packet = (key: boolean, size: number, atMs = 0): MediaPacket => ({
  data: Buffer.alloc(size),
  ptsUs: atMs * 1000,
  key,
  arrivedAt: atMs,
  format,
});

type Arrival = { readonly key: boolean; readonly size: number; readonly stepMs: number };
const arrival: fc.Arbitrary<Arrival> = fc.record({
  key: fc.oneof({ arbitrary: fc.constant(false), weight: 6 }, { arbitrary: fc.constant(true), weight: 1 }),
  size: fc.integer({ min: 0, max: 3000 }),
  stepMs: fc.integer({ min: 1, max: 2000 }),
});
const arrivals = fc.array(arrival, { maxLength: 200 });

/** Feeds a ring; tells after each packet what has come so far. */
function feed(
  ring: ReturnType<typeof createPacketRing>,
  list: readonly Arrival[],
  then: (all: readonly MediaPacket[], atMs: number) => void,
): void {
  const all: MediaPacket[] = [];
  let atMs = 0;
  for (const { key, size, stepMs } of list) {
    atMs += stepMs;
    const one = packet(key, size, atMs);
    all.push(one);
    ring.push(one, atMs);
    then(all, atMs);
  }
}

const everything = (ring: ReturnType<typeof createPacketRing>) => ring.since(Number.NEGATIVE_INFINITY);

describe('the packet ring', () => {
  it('holds an unbroken run that ends with the newest packet and begins with a key, or nothing', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 500, max: 20_000 }), (list, maxBytes) => {
        const ring = createPacketRing({ keepMs: 5000, maxBytes });
        feed(ring, list, (all) => {
          const held = everything(ring);
          expect(held).toEqual(held.length === 0 ? [] : all.slice(-held.length));
          expect(held[0]?.key ?? true).toBe(true);
        });
      }),
    );
  });

  it('never holds more bytes than its bound, and says what it holds', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 500, max: 20_000 }), (list, maxBytes) => {
        const ring = createPacketRing({ keepMs: 5000, maxBytes });
        feed(ring, list, () => {
          const payload = everything(ring).reduce((sum, { data }) => sum + data.byteLength, 0);
          expect(ring.bytes()).toBeLessThanOrEqual(maxBytes);
          expect(ring.bytes()).toBeGreaterThanOrEqual(payload);
        });
        ring.clear();
        expect([ring.bytes(), everything(ring)]).toEqual([0, []]);
      }),
    );
  });

  it('reaches back as far as it should, by no more than one group further', () => {
    fc.assert(
      fc.property(arrivals, (list) => {
        const keepMs = 5000;
        const ring = createPacketRing({ keepMs, maxBytes: 1e9 });
        feed(ring, list, (all, atMs) => {
          const held = everything(ring);
          const firstKey = all.find(({ key }) => key);
          const reach = held[0] ? atMs - held[0].arrivedAt : 0;
          // All there ever was, or long enough.
          if (held[0] !== firstKey) expect(reach).toBeGreaterThanOrEqual(keepMs);
          const second = held.filter(({ key }) => key)[1];
          if (second) expect(atMs - second.arrivedAt).toBeLessThan(keepMs);
        });
      }),
    );
  });

  it('gives what a moment needs: from the last key at or before it', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: -1000, max: 200_000 }), (list, moment) => {
        const ring = createPacketRing({ keepMs: 20_000, maxBytes: 1e9 });
        feed(ring, list, () => {});
        const held = everything(ring);
        const given = ring.since(moment);
        expect(given).toEqual(given.length === 0 ? [] : held.slice(-given.length));
        const before = held.filter(({ key, arrivedAt }) => key && arrivedAt <= moment);
        expect(given[0]).toBe(before.at(-1) ?? held[0]);
        const gop = ring.lastGop();
        expect(gop).toEqual(held.slice(held.length - gop.length));
        expect(gop.filter(({ key }) => key)).toHaveLength(held.length > 0 ? 1 : 0);
      }),
    );
  });

  it('drops a group without end whole, and begins again with the next key', () => {
    const ring = createPacketRing({ maxBytes: 10_000 });
    ring.push(packet(true, 4000), 0);
    ring.push(packet(false, 4000), 40);
    expect([ring.lastGop().length, ring.overlong()]).toEqual([2, 0]);
    ring.push(packet(false, 4000), 80);
    ring.push(packet(false, 10), 120);
    expect([ring.lastGop().length, ring.bytes(), ring.overlong()]).toEqual([0, 0, 1]);
    ring.push(packet(true, 4000), 160);
    ring.push(packet(false, 10), 200);
    expect(ring.lastGop().map(({ key }) => key)).toEqual([true, false]);
  });

  it('gives lists of its own: what comes later does not grow them', () => {
    const ring = createPacketRing();
    ring.push(packet(true, 10), 0);
    const [gop, all] = [ring.lastGop(), ring.since(0)];
    ring.push(packet(false, 10), 40);
    expect([gop.length, all.length, ring.lastGop().length]).toEqual([1, 1, 2]);
  });
});
