/** A demuxer that is told to leave does so at once, whatever it is waiting for. */
import { createServer as createTcpServer } from 'node:net';
import { expect, test } from 'vitest';
import type { MediaPacket } from '../../edge/domain/packet.ts';
import { demuxMedia } from '../../edge/media/demux.ts';
import { needs } from '../needs.ts';
import { listen, multipart, serve } from './network.ts';
import { make, moving, orderOf, packetsOf, x264 } from './stage.ts';

const it = test.skipIf(!needs('ffmpeg'));
const plain = ['-pix_fmt', 'yuv420p', ...x264('keyint=5:scenecut=0:bframes=0')];

/** Runs until `fact`, aborts, and gives the ms until it has settled. */
async function leaving(url: string, fact: (packets: readonly MediaPacket[]) => boolean): Promise<number> {
  const stop = new AbortController();
  const packets: MediaPacket[] = [];
  let reached: () => void = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const running = demuxMedia(
    orderOf(url),
    (packet) => {
      packets.push(packet);
      if (fact(packets)) reached();
    },
    stop.signal,
  );
  if (fact(packets)) reached();
  await there;
  const from = performance.now();
  stop.abort();
  await running;
  return performance.now() - from;
}

it('leaves within 150 ms: while it connects, waits for an answer, waits for a picture, or reads a file', async () => {
  let connected: () => void = () => {};
  const silent = await listen(createTcpServer(() => connected()));
  for (const scheme of ['http', 'rtsp']) {
    const asked = new Promise<void>((resolve) => {
      connected = resolve;
    });
    const stop = new AbortController();
    const running = demuxMedia(orderOf(`${scheme}://127.0.0.1:${silent}/cam`), () => {}, stop.signal);
    await asked;
    const from = performance.now();
    stop.abort();
    await running;
    expect(performance.now() - from).toBeLessThan(150);
  }
  const clip = make('short.avi', moving('320x180', 2, 10), ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']);
  const jpegs = (await packetsOf(clip)).map(({ data }) => data);
  const open = [...jpegs, ...Array<Buffer>(1000).fill(jpegs[0] as Buffer)];
  const live = await serve(multipart(open, () => {}, 40));
  expect(await leaving(`http://127.0.0.1:${live}/cam`, (packets) => packets.length > 3)).toBeLessThan(150);
  const stuck = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    for (const jpeg of jpegs) {
      response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(Buffer.concat([jpeg, Buffer.from('\r\n')]));
    }
  });
  expect(await leaving(`http://127.0.0.1:${stuck}/cam`, (packets) => packets.length >= 18)).toBeLessThan(150);
  const long = make('long.mp4', moving('160x90', 40), plain);
  expect(await leaving(long, (packets) => packets.length > 20)).toBeLessThan(150);
  expect(await leaving(long, () => true)).toBeLessThan(150);
});

it('leaves although the consumer never comes back', async () => {
  const clip = make('held.mp4', moving('160x90', 1), plain);
  const stop = new AbortController();
  let taken = 0;
  const running = demuxMedia(
    orderOf(clip),
    () => {
      taken++;
      queueMicrotask(() => stop.abort());
      return new Promise(() => {});
    },
    stop.signal,
  );
  await running;
  expect(taken).toBe(1);
});
