/** Decoding every picture: damage is told and handed on, changes of size are followed, nothing harms the process. */
import { expect, test } from 'vitest';
import type { MediaPacket } from '../../edge/domain/packet.ts';
import { createDecoder } from '../../edge/media/decoder.ts';
import { planeBytes } from '../../edge/media/full-planes.ts';
import { createKeyDecoders } from '../../edge/media/key-decoders.ts';
import { needs } from '../needs.ts';
import { byPush, make, moving, packetsOf, see, x264, x265 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));
const plain = ['-pix_fmt', 'yuv420p', ...x264('keyint=20:min-keyint=20:scenecut=0:bframes=0')];

function hurt(packet: MediaPacket): MediaPacket {
  const data = Buffer.from(packet.data);
  data.fill(0xa5, data.length >> 1, (data.length >> 1) + 40);
  return { ...packet, data };
}

it('a damaged packet damages its picture and those drawn from it, up to the next keyframe', async () => {
  const packets = await packetsOf(make('damage.mp4', moving('640x360', 3), plain));
  const seen = byPush(packets.map((packet, i) => (i === 30 ? hurt(packet) : packet)));
  expect(seen).toHaveLength(75);
  expect(seen.flatMap(({ damaged }, i) => (damaged ? [i] : []))).toEqual([30, 31, 32, 33, 34, 35, 36, 37, 38, 39]);
});

it('H.265: a cut packet is known, and no picture after it passes for a good one before the next keyframe', async () => {
  const codec = ['-pix_fmt', 'yuv420p', ...x265('keyint=20:min-keyint=20:scenecut=0:bframes=0:open-gop=0')];
  const packets = await packetsOf(make('damage-hevc.mp4', moving('640x360', 3), codec));
  const cut = (packet: MediaPacket) => ({ ...packet, data: packet.data.subarray(0, packet.data.length >> 1) });
  const seen = byPush(packets.map((packet, i) => (i === 30 ? cut(packet) : packet)));
  const good = seen.filter(({ damaged }) => !damaged).map(({ ptsUs }) => (ptsUs ?? Number.NaN) / 40_000);
  expect(good).toEqual([...Array(30).keys(), ...Array.from({ length: 35 }, (_, i) => 40 + i)]);
});

it('unwanted pictures cost nothing and the others keep their times', async () => {
  const packets = await packetsOf(make('wanted.mp4', moving('320x180', 2), plain));
  const [first] = packets;
  if (!first) throw new Error('no packets');
  const decoder = createDecoder(first.format);
  const asked: (number | null)[] = [];
  const wanted = (ptsUs: number | null) => asked.push(ptsUs) % 5 === 1;
  const seen = packets.flatMap((packet) => see(decoder.push(packet, wanted)));
  seen.push(...see(decoder.drain(wanted)));
  decoder.close();
  expect(asked).toEqual(packets.map(({ ptsUs }) => ptsUs));
  expect(seen.map(({ ptsUs }) => ptsUs)).toEqual(asked.filter((_time, i) => i % 5 === 0));
});

it('a keyframe alone between pushes starts anew', async () => {
  const packets = await packetsOf(make('mixed.mp4', moving('320x180', 2), plain));
  const [first] = packets;
  if (!first) throw new Error('no packets');
  const decoder = createDecoder(first.format);
  const seen: number[] = [];
  for (const [i, packet] of packets.entries()) {
    // Quiet for a GOP, then all of it, then quiet again.
    const pictures = i < 20 || i >= 40 ? (packet.key ? decoder.decodeKey(packet) : []) : decoder.push(packet);
    seen.push(...see(pictures).map(({ ptsUs }) => (ptsUs ?? Number.NaN) / 40_000));
  }
  decoder.close();
  expect(seen).toEqual([0, ...Array.from({ length: 20 }, (_, i) => 20 + i), 40]);
});

it.each([
  ['H.264', x264('keyint=10:repeat-headers=1'), 'h264'],
  ['H.265', x265('keyint=10:repeat-headers=1'), 'hevc'],
])('the size changes within an %s stream', async (_name, codec, kind) => {
  const small = await packetsOf(make(`small.${kind}`, moving('320x180', 1), ['-pix_fmt', 'yuv420p', ...codec]));
  const large = await packetsOf(make(`large.${kind}`, moving('640x360', 1), ['-pix_fmt', 'yuv420p', ...codec]));
  const format = small[0]?.format;
  if (!format) throw new Error('no packets');
  // One camera that was set anew: its parameter sets come in band, under one description.
  const packets = [...small, ...large].map((packet, i) => ({ ...packet, format, ptsUs: i * 40_000 }));
  const sizes = byPush(packets).map(({ size }) => size);
  expect(sizes).toEqual([...Array(25).fill('320x180'), ...Array(25).fill('640x360')]);
});

it('a new description in the middle gives all pictures of the old one first', async () => {
  const small = await packetsOf(make('first.mp4', moving('320x180', 1), ['-pix_fmt', 'yuv420p', ...x264('bframes=2')]));
  const large = await packetsOf(
    make('second.mp4', moving('640x360', 1), ['-pix_fmt', 'yuv420p', ...x264('bframes=2')]),
  );
  const sizes = byPush([...small, ...large]).map(({ size }) => size);
  expect(sizes).toEqual([...Array(25).fill('320x180'), ...Array(25).fill('640x360')]);
});

it('containers that know the order of decoding only: times rise as pictures are shown', async () => {
  for (const name of ['reordered.avi', 'reordered.264']) {
    const codec = ['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-bf', '3', '-preset', 'fast'];
    const seen = byPush(await packetsOf(make(name, moving('320x180', 2), codec)));
    expect(seen).toHaveLength(50);
    const times = seen.map(({ ptsUs }) => ptsUs ?? Number.NaN);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] as number))).toBe(true);
    // After the first group the steps are the stream's own.
    expect(times.slice(-20).map((time, i, all) => (i === 0 ? 40_000 : time - (all[i - 1] as number)))).toEqual(
      Array(20).fill(40_000),
    );
  }
});

it('300 mutated streams do no harm', async () => {
  const clips = [
    make('mutate.mp4', moving('320x180', 1), plain),
    make('mutate-hevc.mp4', moving('320x180', 1), ['-pix_fmt', 'yuv420p', ...x265('keyint=10')]),
    make('mutate.avi', moving('320x180', 1), ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']),
  ];
  // A sequence of its own, so that a failure comes again.
  let state = 12_345;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  const keys = createKeyDecoders();
  let pictures = 0;
  const input = { width: 64, height: 64, pixelFormat: 'rgb24', resize: 'letterbox', align: 'center', pad: 0 } as const;
  const pixels = new Uint8Array(64 * 64 * 3);
  for (const clip of clips) {
    const packets = await packetsOf(clip);
    for (let round = 0; round < 100; round++) {
      const decoder = createDecoder((packets[0] as MediaPacket).format);
      for (const packet of packets.slice(0, 12)) {
        const data = Buffer.from(packet.data.subarray(0, random(8) === 0 ? random(packet.data.length) : undefined));
        for (let times = random(6); times > 0 && data.length > 0; times--) data[random(data.length)] = random(256);
        const broken = { ...packet, data, key: random(2) === 0 };
        for (const picture of [...decoder.push(broken), ...(broken.key ? keys.decode(broken) : [])]) {
          picture.modelInput(input, pixels);
          expect(picture.full.i420).toHaveLength(planeBytes(picture.width, picture.height));
          picture.release();
          pictures++;
        }
      }
      see(decoder.drain());
      decoder.close();
    }
  }
  keys.close();
  expect(pictures).toBeGreaterThan(1000);
});
