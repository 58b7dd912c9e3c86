/** A gate that wakes up while its consumer is slow: what was missed is caught up with, and then the camera is live again. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MediaPacket } from '../../edge/domain/packet.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { createReader } from '../../edge/source/decode/reader.ts';

const run = promisify(execFile);
const [MOVES_FROM, MOVES_TO, FPS, CADENCE] = [41, 60, 10, 5];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-behind-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A still scene in which something begins to move a second after a keyframe. */
async function packetsOf(): Promise<MediaPacket[]> {
  const file = join(folder, 'gate.mp4');
  const scene = `testsrc=size=320x180:rate=${FPS}:duration=1,trim=end_frame=1,loop=-1:1`;
  const thing = `testsrc2=size=160x90:rate=${FPS}`;
  await run('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-t', `${MOVES_TO}`, '-i', scene, '-f', 'lavfi', '-i', thing],
    ...['-filter_complex', `[0][1]overlay=x='mod(t*90,160)':enable='gte(t,${MOVES_FROM})':shortest=1`],
    ...['-t', `${MOVES_TO}`, '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '24'],
    ...['-bf', '0', '-g', `${4 * FPS}`, '-keyint_min', `${4 * FPS}`, '-sc_threshold', '0', file],
  ]);
  const packets: MediaPacket[] = [];
  await demuxMedia(
    { camera: 'gate', url: file, credentials: null, transport: 'tcp' },
    (packet) => {
      packets.push(packet);
    },
    new AbortController().signal,
  );
  return packets;
}

it('takes what was missed, and of what came meanwhile the newest alone', async () => {
  // The encoder finds its pace in the first group of pictures. They come as a camera sends them, not as a burst.
  const packets = (await packetsOf())
    .slice(4 * FPS)
    .map((packet) => ({ ...packet, arrivedAt: (packet.ptsUs ?? 0) / 1000 }));
  const reader = createReader({
    config: { url: 'rtsp://camera', cadence: CADENCE },
    kind: 'gate',
    lossless: false,
    aspect: null,
    risk: { enter: () => {}, leave: () => {} },
    onNote: () => {},
  });
  const taken: number[] = [];
  const consuming = (async () => {
    for (let sight = await reader.take(); sight; sight = await reader.take()) {
      taken.push(sight.streamMs);
      sight.drop();
      reader.analysed(sight.streamMs, { changed: sight.streamMs >= MOVES_FROM * 1000, active: false });
      if (sight.streamMs > MOVES_FROM * 1000) await turn();
    }
  })();
  const rested: boolean[] = [];
  for (const packet of packets) {
    // While nothing moves the consumer keeps up; then packets come quicker than it looks.
    if ((packet.ptsUs ?? 0) / 1e6 < MOVES_FROM) await turn();
    void reader.packet(packet);
    rested.push(reader.resting());
  }
  await reader.end();
  reader.finish();
  await consuming;
  reader.close();

  expect(rested[30 * FPS]).toBe(true);
  expect(rested.at(-1)).toBe(false);
  const moving = taken.filter((ms) => ms > 40_000);
  // The second before it moved and the moment it began, at the cadence, then the end: nineteen seconds are not caught up with.
  expect(moving.slice(0, 5)).toEqual([40_200, 40_400, 40_600, 40_800, 41_000]);
  expect(moving.length).toBeLessThan(2 * CADENCE);
  expect(moving.at(-1)).toBeGreaterThan((MOVES_TO - 1) * 1000);
});
