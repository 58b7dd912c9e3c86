/** Cameras that send no times, or such as jump: when a picture came is its time, and the rate is theirs (frigate#1725, go2rtc#1509). */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { type MjpegCamera, startMjpegCamera } from './mjpeg-camera.ts';
import { folder, watch } from './stage.ts';

const FPS = 5;
const SECONDS = 12;

/** Frame times of some seconds, each within half a second of when the frame was seen. */
async function arrivals(url: string): Promise<{ at: number[]; jumps: number }> {
  const came: number[] = [];
  const run = await watch(url, { config: { cadence: FPS } });
  await run.until(
    () => {
      while (came.length < run.notes.length) came.push(Date.now());
      return came.length >= FPS * SECONDS;
    },
    'frames',
    60_000,
  );
  await run.stop();
  const at = run.notes.slice(0, came.length).map((note) => note.at);
  for (const [i, time] of at.entries()) expect(Math.abs((came[i] as number) - time)).toBeLessThan(500);
  return { at, jumps: run.source.stats().jumps };
}

function expectEven(at: readonly number[]): void {
  const seconds = ((at.at(-1) as number) - (at[0] as number)) / 1000;
  expect(Math.abs(seconds - (at.length - 1) / FPS)).toBeLessThan(1);
  const steps = at.slice(1).map((time, i) => time - (at[i] as number));
  const uneven = steps.filter((step) => Math.abs(step - 1000 / FPS) > 80);
  expect(uneven.length).toBeLessThan(0.1 * steps.length);
}

describe.skipIf(!needs('ffmpeg'))('a camera that sends JPEG over HTTP', () => {
  let camera: MjpegCamera;
  beforeAll(async () => {
    const picture = `testsrc2=size=320x240:rate=${FPS}:duration=4`;
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, join(folder, 'jpeg-%02d.jpg')]);
    const names = readdirSync(folder).filter((name) => name.startsWith('jpeg-'));
    camera = await startMjpegCamera(
      names.sort().map((name) => readFileSync(join(folder, name))),
      FPS,
    );
  });
  afterAll(() => camera.close());

  test('five a second, evenly, within half a second of their arrival', { timeout: 120_000 }, async () => {
    const { at, jumps } = await arrivals(camera.url);
    expectEven(at);
    expect(jumps).toBe(0);
  });
});

describe.skipIf(!needs('ffmpeg'))('a camera over RTSP whose RTP time', () => {
  test.each([
    ['stands at 0', () => 0, 0],
    // Both when the times are believed (frigate#7298).
    ['jumps by 2³¹', (n: number) => ((n < 40 ? 0 : 2 ** 31) + n * 18_000) % 2 ** 32, 1],
    ['begins anew', (n: number) => (n < 40 ? 900_000_000 + n * 18_000 : n * 18_000), 1],
  ] as const)('%s: five a second all the same', { timeout: 120_000 }, async (_, timeOf, jumps) => {
    const file = join(folder, 'times.264');
    const picture = `testsrc2=size=320x180:rate=${FPS}:duration=4`;
    const encode = ['-c:v', 'libx264', '-bf', '0', '-g', '10', '-pix_fmt', 'yuv420p', '-y', file];
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, ...encode]);
    const camera = await startRtspCamera({ fps: FPS, files: { '': readFile(file) }, timeOf });
    try {
      const seen = await arrivals(camera.url('cam'));
      expectEven(seen.at);
      expect(seen.jumps).toBe(jumps);
    } finally {
      await camera.close();
    }
  });
});
