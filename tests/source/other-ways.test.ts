/** Other ways in which cameras send the same pictures: every one comes, in order, and none is lost or damaged. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type CameraOptions, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { makeNumbered, makeNumberedCamera, numberOf } from './numbered.ts';
import { watch } from './stage.ts';

const FPS = 10;
const FRAMES = 40;
const endings: (() => unknown)[] = [];
// They run side by side.
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const x264 = (parameters: string) => [
  ...['-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-qp', '18'],
  ...['-x264-params', `keyint=10:min-keyint=10:scenecut=0:${parameters}`],
];
const x265 = (parameters: string) => [
  ...['-pix_fmt', 'yuv420p', '-c:v', 'libx265', '-preset', 'ultrafast', '-qp', '18'],
  ...['-x265-params', `log-level=none:keyint=10:min-keyint=10:scenecut=0:${parameters}`],
];

async function rtsp(name: string, codec: readonly string[], options: Partial<CameraOptions> = {}) {
  const { file, timeOf } = makeNumberedCamera(name, { frames: FRAMES, rate: FPS, codec });
  const camera = await startRtspCamera({ fps: FPS, files: { '': file }, timeOf, ...options });
  endings.push(camera.close);
  return camera;
}

/** Runs until so many pictures have come; each must be the one after the last. */
async function expectEach(url: string, count = 60, ms = 40_000): Promise<void> {
  const seen: number[] = [];
  const run = await watch(url, { config: { cadence: FPS } }, (frame) => seen.push(numberOf(frame.full)));
  await run.until(() => seen.length >= count, `${count} pictures`, ms);
  await run.stop();
  const first = seen[0] as number;
  expect(seen.slice(0, count)).toEqual(Array.from({ length: count }, (_, i) => (first + i) % FRAMES));
  expect(run.source.stats()).toMatchObject({ reconnects: 0, damaged: 0, drops: 0 });
}

describe.skipIf(!needs('ffmpeg'))('a camera', { timeout: 60_000 }, () => {
  test.concurrent.each<[string, string, readonly string[], Partial<CameraOptions>]>([
    ['B-pyramid', 'pyramid.264', x264('bframes=7:b-pyramid=normal:b-adapt=0:ref=4'), {}],
    ['32 slices in small packets', 'slices.264', x264('slices=32:bframes=0'), { packing: { mtu: 200 } }],
    ['two fields a picture', 'fields.264', [...x264('interlaced=1:bframes=0'), '-flags', '+ildct+ilme'], {}],
    ['temporal layers in H.265', 'layers.265', x265('temporal-layers=1:bframes=4:b-pyramid=1'), {}],
  ])('over RTSP: %s', async (_, name, codec, options) => {
    await expectEach((await rtsp(name, codec, options)).url('cam'));
  });

  test.concurrent('over RTSP and IPv6', async ({ skip }) => {
    const camera = await rtsp('six.264', x264('bframes=0'));
    const relay = createTcpServer((viewer) => {
      const server = connect(camera.port, '127.0.0.1');
      for (const socket of [viewer, server]) socket.on('error', () => {});
      viewer.pipe(server).pipe(viewer);
    });
    const listening = await new Promise<boolean>((settle) => {
      relay.once('error', () => settle(false));
      relay.listen(0, '::1', () => settle(true));
    });
    if (!listening) return skip('this machine has no IPv6');
    endings.push(() => relay.close());
    await expectEach(`rtsp://[::1]:${(relay.address() as AddressInfo).port}/cam`);
  });

  test.concurrent('as a transport stream over HTTP whose times begin anew again and again', async () => {
    const stream = readFileSync(makeNumbered('http.ts', { frames: FRAMES, rate: FPS, codec: x264('bframes=0') }));
    const step = Math.floor(stream.length / FRAMES / 188) * 188;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'video/mp2t' });
      let at = 0;
      const timer = setInterval(() => {
        response.write(stream.subarray(at, at + step));
        at = at + step >= stream.length ? 0 : at + step;
      }, 1000 / FPS);
      response.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    endings.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await expectEach(`http://127.0.0.1:${(server.address() as AddressInfo).port}/live.ts`, 90);
  });

  test('that comes back is seen again within three seconds', async () => {
    const first = await rtsp('back.264', x264('bframes=0'));
    const run = await watch(first.url('cam'), { config: { cadence: 5 } });
    await run.until(() => run.notes.length > 0, 'a picture');
    await first.close();
    await run.until(() => run.states.filter(({ state }) => state === 'lost').length >= 4, 'four tries', 20_000);
    const seen = run.notes.length;
    await rtsp('back.264', x264('bframes=0'), { port: first.port });
    const backAt = performance.now();
    await run.until(() => run.notes.length > seen, 'a picture again', 20_000);
    expect(performance.now() - backAt).toBeLessThan(3000);
    await run.stop();
  });
});
