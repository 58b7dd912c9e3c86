/** Cameras that send pictures and no times: when a picture came is its time, and the rate is theirs (frigate#1725, go2rtc#1509). */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { folder, watch } from './stage.ts';

const FPS = 5;
const SECONDS = 12;

/** A multipart JPEG camera: each part as soon as it is due, with no word about time. */
async function startMjpegCamera(pictures: readonly Buffer[]): Promise<{ url: string; close: () => Promise<void> }> {
  const viewers = new Set<ServerResponse>();
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    viewers.add(response);
    response.on('close', () => viewers.delete(response));
  });
  let count = 0;
  const timer = setInterval(() => {
    const picture = pictures[count++ % pictures.length] as Buffer;
    for (const viewer of viewers) {
      viewer.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`);
      viewer.write(picture);
      viewer.write('\r\n');
    }
  }, 1000 / FPS);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      clearInterval(timer);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe.skipIf(!needs('ffmpeg'))('a camera that sends JPEG over HTTP', () => {
  let camera: Awaited<ReturnType<typeof startMjpegCamera>>;
  beforeAll(async () => {
    const picture = `testsrc2=size=320x240:rate=${FPS}:duration=4`;
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, join(folder, 'jpeg-%02d.jpg')]);
    const names = readdirSync(folder).filter((name) => name.startsWith('jpeg-'));
    camera = await startMjpegCamera(names.sort().map((name) => readFileSync(join(folder, name))));
  });
  afterAll(() => camera.close());

  test('five a second, evenly, within half a second of their arrival', { timeout: 120_000 }, async () => {
    const came: number[] = [];
    const run = await watch(camera.url, { clock: { now: () => Date.now() }, config: { cadence: FPS } });
    await run.until(
      () => {
        if (run.notes.length > came.length) came.push(Date.now());
        return run.notes.length >= FPS * SECONDS;
      },
      'frames',
      60_000,
    );
    await run.stop();
    const at = run.notes.map((note) => note.at);
    expect(came).toHaveLength(at.length);
    for (const [i, time] of at.entries()) expect(Math.abs((came[i] as number) - time)).toBeLessThan(500);
    const seconds = ((at.at(-1) as number) - (at[0] as number)) / 1000;
    expect(Math.abs(seconds - (at.length - 1) / FPS)).toBeLessThan(1);
    const steps = at.slice(1).map((time, i) => time - (at[i] as number));
    const uneven = steps.filter((step) => Math.abs(step - 1000 / FPS) > 80);
    expect(uneven.length).toBeLessThan(0.1 * steps.length);
    expect(run.source.stats().jumps).toBe(0);
  });
});
