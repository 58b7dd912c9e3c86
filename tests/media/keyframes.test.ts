/** Keyframes alone: each one, at once, in order, at its own time, whatever the structure of the stream. */
import { expect, test } from 'vitest';
import { createKeyDecoders } from '../../edge/media/key-decoders.ts';
import { needs } from '../needs.ts';
import { byKey, byPush, make, moving, packetsOf, see, x264, x265 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));

function rising(times: readonly (number | null)[]): boolean {
  return times.every((time, i) => time !== null && (i === 0 || time > (times[i - 1] ?? Number.NaN)));
}

/** NAL unit types of an access unit in a container's form. */
function unitTypes(data: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at + 4 < data.length; at += 4 + data.readUInt32BE(at)) types.push((data[at + 4] as number) & 31);
  return types;
}

// With a picture order count of six bits, the ones that are no multiple of 4·16 lose the thread where a decoder
// remembers the keyframe before.
it.each([12, 25, 30, 40, 48, 50, 60, 75, 100, 125])(
  'open GOP of H.264, a keyframe each %d frames',
  async (distance) => {
    const clip = make(`open-${distance}.mp4`, moving('160x90', (distance * 7 + 2) / 25), [
      ...['-pix_fmt', 'yuv420p'],
      ...x264(`keyint=${distance}:min-keyint=${distance}:scenecut=0:open-gop=1:bframes=3:b-adapt=0`),
    ]);
    const packets = await packetsOf(clip);
    const keys = packets.filter(({ key }) => key);
    const seen = byKey(packets);
    expect(keys.length).toBeGreaterThanOrEqual(7);
    // Else the GOPs are closed, and nothing is tried here.
    expect(keys.slice(1).some(({ data }) => unitTypes(data).includes(5))).toBe(false);
    expect(seen.map(({ ptsUs }) => ptsUs)).toEqual(keys.map(({ ptsUs }) => ptsUs));
    expect(rising(seen.map(({ ptsUs }) => ptsUs))).toBe(true);
    expect(seen.every(({ damaged }) => !damaged)).toBe(true);
  },
);

it('H.265 with leading pictures (CRA, RASL): keyframes, every picture, and joining in the middle', async () => {
  const clip = make('open-hevc.mp4', moving('320x180', 6), [
    ...['-pix_fmt', 'yuv420p'],
    ...x265('keyint=25:min-keyint=25:scenecut=0:open-gop=1:bframes=3:b-adapt=0'),
  ]);
  const packets = await packetsOf(clip);
  const keys = packets.filter(({ key }) => key);
  expect(keys).toHaveLength(6);
  expect(byKey(packets).map(({ ptsUs }) => ptsUs)).toEqual(keys.map(({ ptsUs }) => ptsUs));
  expect(byPush(packets)).toHaveLength(150);
  const second = packets.indexOf(keys[1] as (typeof keys)[number]);
  const joined = byPush(packets.slice(second));
  // Leading pictures are drawn from the GOP before, which nobody has.
  expect(joined[0]?.ptsUs).toBe(keys[1]?.ptsUs);
  expect(rising(joined.map(({ ptsUs }) => ptsUs))).toBe(true);
  expect(joined.every(({ damaged }) => !damaged)).toBe(true);
});

it('intra refresh: the first picture as a keyframe, all of them one after another', async () => {
  const clip = make('refresh.mp4', moving('320x180', 4), [
    '-pix_fmt',
    'yuv420p',
    ...x264('keyint=25:intra-refresh=1:bframes=0'),
  ]);
  const packets = await packetsOf(clip);
  expect(byKey(packets).map(({ ptsUs }) => ptsUs)).toEqual([0]);
  const seen = byPush(packets);
  expect(seen).toHaveLength(100);
  expect(rising(seen.map(({ ptsUs }) => ptsUs))).toBe(true);
});

it('keyframes come out of a stream whose other packets were left out, and two streams share one decoder', async () => {
  const codec = ['-pix_fmt', 'yuv420p', ...x264('keyint=10:min-keyint=10:scenecut=0')];
  const one = await packetsOf(make('twin-1.mp4', moving('320x180', 2), codec));
  const other = await packetsOf(make('twin-2.mp4', `${moving('320x180', 2)},negate`, codec));
  const third = await packetsOf(make('third.mp4', moving('256x144', 2), codec));
  const decoders = createKeyDecoders(2);
  for (const [at, packet] of one.entries()) {
    const twin = other[at];
    if (!packet.key || !twin) continue;
    expect(see(decoders.decode(packet)).map(({ ptsUs }) => ptsUs)).toEqual([packet.ptsUs]);
    expect(see(decoders.decode(twin)).map(({ ptsUs }) => ptsUs)).toEqual([twin.ptsUs]);
  }
  expect(decoders.size()).toBe(1);
  const [first] = third;
  if (!first) throw new Error('no packets');
  expect(see(decoders.decode(first))[0]?.size).toBe('256x144');
  expect(decoders.size()).toBe(2);
  decoders.close();
  expect(decoders.size()).toBe(0);
});

it('a broken keyframe costs its decoder, and the next camera with such a stream is right', async () => {
  const packets = await packetsOf(
    make('hurt.mp4', moving('320x180', 1), ['-pix_fmt', 'yuv420p', ...x264('keyint=5:scenecut=0')]),
  );
  const [first] = packets;
  if (!first) throw new Error('no packets');
  const data = Buffer.from(first.data);
  data.fill(0x5a, data.length >> 1, (data.length >> 1) + 60);
  const decoders = createKeyDecoders();
  expect(see(decoders.decode({ ...first, data })).every(({ damaged }) => damaged)).toBe(true);
  expect(decoders.size()).toBe(0);
  expect(see(decoders.decode(first))).toEqual([{ ptsUs: 0, size: '320x180', damaged: false }]);
  decoders.close();
});
