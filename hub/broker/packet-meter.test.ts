import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacketMeter } from './packet-meter.ts';
import { mayPublish, maySubscribe } from './topic-rules.ts';

function packet(length: number): number[] {
  const bytes = [0x32];
  let left = length;
  do {
    bytes.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return [...bytes, ...Array<number>(length).fill(0xff)];
}

test('packets up to the limit pass however they are cut; a longer one is seen by its head', () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 6 });
  fc.assert(
    fc.property(lengths, fc.integer({ min: 1, max: 50 }), (sizes, cut) => {
      const bytes = Uint8Array.from([...sizes.flatMap(packet), ...packet(301).slice(0, 3)]);
      const meter = createPacketMeter(() => 300);
      const found: (number | null)[] = [];
      for (let i = 0; i < bytes.length; i += cut) found.push(meter.inspect(bytes.subarray(i, i + cut)));
      expect(found.filter((length) => length !== null).length).toBe(1);
      expect(found.at(-1)).toBe(301);
    }),
  );
});

test('a node has its own topics in its own direction', () => {
  expect(mayPublish('a', 'kerbwatch/v1/a/events').allowed).toBe(true);
  for (const topic of [
    'kerbwatch/v1/b/events',
    'kerbwatch/v1/a/acks',
    'kerbwatch/v1/a/x',
    '$SYS/x',
    'kerbwatch/v1/a',
  ]) {
    expect(mayPublish('a', topic).allowed).toBe(false);
  }
  expect(maySubscribe('a', 'kerbwatch/v1/a/acks')).toBe(true);
  for (const filter of [
    '#',
    'kerbwatch/v1/+/acks',
    'kerbwatch/v1/b/acks',
    'kerbwatch/v1/a/events',
    'kerbwatch/v1/a/#',
  ]) {
    expect(maySubscribe('a', filter)).toBe(false);
  }
});
