/**
 * Cameras whose keyframes are far apart, open or missing altogether, through the whole source: the right picture at its
 * own time within one group of pictures, and no word of a stall (crumbvms#114, ZLMediaKit#1665, frigate#11041, mediamtx#1238).
 */
import { afterEach, describe, expect, test } from 'vitest';
import { createLog } from '../../platform/log.ts';
import { type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { makeNumbered, makeNumberedCamera, numberOf } from './numbered.ts';
import { sourceOf, watch } from './stage.ts';

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-qp', '18'];
const x264 = (parameters: string) => [...X264, '-x264-params', `scenecut=0:${parameters}`];
const x265 = (parameters: string) => [
  ...['-c:v', 'libx265', '-preset', 'ultrafast', '-qp', '18'],
  ...['-x265-params', `log-level=none:scenecut=0:${parameters}`],
];
const openGop = (distance: number) => `keyint=${distance}:min-keyint=${distance}:open-gop=1:bframes=3:b-adapt=0`;
/** By which distances a decoder that is fed keyframes alone can be fooled: 25, 30, 50, 60 and 125. */
const DISTANCES = [12, 25, 30, 40, 48, 50, 60, 75, 100, 125] as const;
const KEYFRAMES = { config: { cadence: 'keyframes' } } as const;

const cameras: RtspCamera[] = [];
afterEach(async () => {
  for (const camera of cameras.splice(0)) await camera.close();
});

async function cameraOn(name: string, options: Parameters<typeof makeNumberedCamera>[1]): Promise<string> {
  const { file, timeOf } = makeNumberedCamera(name, options);
  const { rate: fps, startAt = 0 } = options;
  const camera = await startRtspCamera({ fps, files: { '': file }, startAt, timeOf });
  cameras.push(camera);
  return camera.url('cam');
}

/** `lateMs`: when the frame was here, less its time. */
type Seen = { readonly n: number; readonly at: number; readonly lateMs: number };

/** A live run that notes which picture each frame is, when it came, and what was logged. */
async function seeing(url: string, cadence: number | 'keyframes' = 'keyframes') {
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const seen: Seen[] = [];
  const run = await watch(url, { config: { cadence }, log }, (frame) => {
    seen.push({ n: numberOf(frame.full), at: frame.at, lateMs: Date.now() - frame.at });
  });
  return { ...run, seen, lines };
}

/** Between two frames as much time passed as lies between their pictures. */
function expectOwnTimes(seen: readonly Seen[], fps: number): void {
  // Not held back until the next keyframe comes.
  for (const { lateMs } of seen) expect(lateMs).toBeLessThan(1000);
  for (const [i, { n, at }] of seen.slice(1).entries()) {
    const before = seen[i] as Seen;
    expect(n, 'a later picture').toBeGreaterThan(before.n);
    expect(Math.abs(at - before.at - ((n - before.n) * 1000) / fps)).toBeLessThan(250);
  }
}

describe.skipIf(!needs('ffmpeg'))('a camera over RTSP', () => {
  test('with a keyframe each 10, 30 and 60 s shows something within one group, goes on, and is not stalled', async () => {
    const fps = 5;
    const runs = [10, 30, 60].map(async (seconds) => {
      const gop = seconds * fps;
      const coding = x264(`keyint=${gop}:min-keyint=${gop}:bframes=0`);
      // Met two seconds after a keyframe.
      const stream = { frames: 3 * gop, rate: fps, codec: coding, startAt: 2 * fps };
      const run = await seeing(await cameraOn(`gop-${seconds}.264`, stream));
      await run.until(() => run.seen.length > 0, 'a picture', (seconds + 3) * 1000);
      const first = run.seen[0] as Seen;
      expect(first.n, 'the keyframe').toBe(gop);
      const wanted = seconds === 10 ? 2 : 4;
      await run.until(() => run.seen.length >= wanted, `${wanted} pictures`, 30_000);
      await run.stop();
      expectOwnTimes(run.seen, fps);
      if (seconds === 10) expect(run.seen.map(({ n }) => n)).toEqual([gop, 2 * gop]);
      expect(run.states.map(({ state }) => state)).toEqual(['connecting', 'streaming']);
      const said = run.lines.filter((line) => line.includes('no keyframes come'));
      expect(said).toHaveLength(seconds === 10 ? 0 : 1);
    });
    for (const result of await Promise.allSettled(runs)) if (result.status === 'rejected') throw result.reason;
  }, 150_000);

  test('with open groups of any length shows each keyframe, in order, at its own time', async () => {
    const fps = 25;
    const runs = DISTANCES.map(async (distance) => {
      const frames = 4 * distance + 5;
      const stream = { frames, rate: fps, codec: x264(openGop(distance)) };
      const run = await seeing(await cameraOn(`live-${distance}.264`, stream));
      await run.until(() => run.seen.length >= 3, `open groups of ${distance}`, 40_000);
      await run.stop();
      const seen = run.seen.slice(0, 3);
      // Where keyframes come more often than looked at, some are left out.
      if (distance >= 25) expect(seen.map(({ n }) => n)).toEqual([0, distance, 2 * distance]);
      else expect(seen.every(({ n }) => n % distance === 0)).toBe(true);
      expectOwnTimes(seen, fps);
      expect(run.source.stats()).toMatchObject({ damaged: 0, reconnects: 0 });
    });
    for (const result of await Promise.allSettled(runs)) if (result.status === 'rejected') throw result.reason;
  }, 120_000);

  test('in H.265 with leading pictures shows keyframes, and every picture where all are looked at', async () => {
    const fps = 10;
    const stream = { frames: 60, rate: fps, codec: x265(openGop(15)) };
    const run = await seeing(await cameraOn('rasl.265', stream));
    await run.until(() => run.seen.length >= 4, 'keyframes', 40_000);
    await run.stop();
    expect(run.seen.slice(0, 4).map(({ n }) => n)).toEqual([0, 15, 30, 45]);
    expectOwnTimes(run.seen.slice(0, 4), fps);
    // Met in the middle of a group: pictures that lead the first keyframe are drawn from what never came.
    const all = await seeing(await cameraOn('rasl-all.265', { ...stream, startAt: 7 }), fps);
    await all.until(() => all.seen.length >= 100, 'every picture', 60_000);
    await all.stop();
    const right = Array.from({ length: 100 }, (_, i) => (15 + i) % 60);
    expect(all.seen.slice(0, 100).map(({ n }) => n)).toEqual(right);
    // Believed by now, the stream's own steps, though pictures come in another order than they are shown in.
    const steps = all.seen.slice(80, 100).map(({ at }, i) => at - (all.seen[79 + i] as Seen).at);
    for (const step of steps) expect(Math.abs(step - 1000 / fps)).toBeLessThan(5);
    expect(all.source.stats().reconnects).toBe(0);
  }, 90_000);

  test('of intra refresh, met in the middle, is decoded in full by itself, which is said once', async () => {
    const fps = 10;
    const codec = x264('intra-refresh=1:keyint=20:bframes=0');
    const run = await seeing(await cameraOn('refresh.264', { frames: 600, rate: fps, codec, startAt: 31 }));
    await run.until(() => run.seen.length >= 5, 'pictures', 60_000);
    await run.stop();
    expect(run.seen.every(({ n }) => Number.isInteger(n))).toBe(true);
    expectOwnTimes(run.seen, fps);
    expect(run.states.map(({ state }) => state)).toEqual(['connecting', 'streaming']);
    expect(run.lines.filter((line) => line.includes('no keyframes come'))).toHaveLength(1);
    expect(run.lines).toHaveLength(1);
  }, 90_000);
});

describe.skipIf(!needs('ffmpeg'))('a recording', () => {
  test.each(['mp4', 'ts', '264'])(
    'with open groups of any length gives each keyframe at its own time: %s',
    async (kind) => {
      for (const distance of DISTANCES) {
        const frames = 4 * distance + 5;
        const codec = x264(openGop(distance));
        const path = makeNumbered(`open-${distance}.${kind}`, { frames, rate: 25, codec });
        const source = await sourceOf(path, KEYFRAMES);
        const seen: { n: number; at: number }[] = [];
        const onFrame = (frame: Parameters<Parameters<typeof source.run>[0]['onFrame']>[0]) =>
          void seen.push({ n: numberOf(frame.full), at: frame.at - Date.UTC(2026, 0, 1) });
        await source.run({ onFrame }, new AbortController().signal);
        const right = [0, 1, 2, 3, 4].map((i) => i * distance);
        if (distance >= 25) expect(seen.map(({ n }) => n)).toEqual(right);
        // A bare stream knows the order of sending only, in which a keyframe goes before those that are shown before it.
        const first = seen[0]?.at ?? 0;
        const exact = kind === '264' ? 4 * 40 : 2;
        for (const { n, at } of seen) expect(Math.abs(at - first - n * 40), `picture ${n}`).toBeLessThan(exact);
      }
    },
  );
});
