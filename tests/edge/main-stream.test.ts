/**
 * A camera analysed on its sub-stream, from two RTSP streams to the event: boxes are right, stills are the main stream's
 * of the moment that they say, heads are coarse in them, and without a main stream the sub-stream's stand for them.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { CameraConfig, SourceConfig } from '../../edge/config.ts';
import { evidencePath } from '../../edge/evidence/index.ts';
import { iou } from '../../edge/geometry/box.ts';
import { replayClip } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { type RtspCamera, readFile, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { until } from '../processes.ts';
import { openStage } from './hosts-stage.ts';
import { expectPictureAndHeads, readStill, type ShownStill, stallDay } from './stall-stills.ts';

const FPS = 5;
const FRAMES = 260;
const ROUND_MS = (FRAMES / FPS) * 1000;
const [WIDTH, HEIGHT] = [1920, 1080];
/** A strip at the bottom of the main stream's pictures shows their number: a bar for each bit. */
const [STRIP, BITS] = [24, 9];
const folder = temporaryFolder('main-stream');
afterAll(folder.remove);

const x264 = (gop: number) => [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '18', '-bf', '0'],
  ...['-g', `${gop}`, '-keyint_min', `${gop}`, '-sc_threshold', '0'],
];

function subStream(name: string, size: string): string {
  const path = join(folder.path, name);
  const picture = ['-i', stallDay().file, '-vf', `scale=${size},setsar=0`];
  execFileSync('ffmpeg', ['-v', 'error', ...picture, ...x264(5), path]);
  return path;
}

function mainStream(): string {
  const path = join(folder.path, 'main.264');
  const strip = Buffer.alloc(WIDTH * STRIP * FRAMES);
  for (let n = 0; n < FRAMES; n++) {
    for (let i = 0; i < WIDTH * STRIP; i++) {
      strip[n * WIDTH * STRIP + i] = (n >> Math.floor(((i % WIDTH) * BITS) / WIDTH)) & 1 ? 255 : 0;
    }
  }
  const numbers = ['-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${WIDTH}x${STRIP}`, '-r', `${FPS}`, '-i', 'pipe:0'];
  const filter = `[0]scale=${WIDTH}:${HEIGHT}[a];[a][1]overlay=0:${HEIGHT - STRIP},format=yuv420p`;
  const all = ['-v', 'error', '-i', stallDay().file, ...numbers, '-filter_complex', filter, ...x264(10), path];
  execFileSync('ffmpeg', all, { input: strip });
  return path;
}

function numberOf({ rgb, width, height }: ShownStill): number {
  let n = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = Math.floor(((bit + 0.5) * width) / BITS);
    if ((rgb[3 * ((height - STRIP / 2) * width + x)] as number) > 128) n |= 1 << bit;
  }
  return n;
}

describe.skipIf(!needs('ffmpeg'))('a camera with a main and a sub-stream', () => {
  const { zones, ...about } = stallDay().truth.camera;
  // The streams run before anybody looks: the stall of the first look comes back each round, and looks as it did.
  const truth = { ...about, zones: zones.map((zone) => ({ ...zone, arrival: 'off' as const })) };
  /** As the recording shows it. */
  let right: ViolationEvent;
  let camera: RtspCamera;
  let stage: Awaited<ReturnType<typeof openStage>>;
  const dataDir = join(folder.path, 'data');

  const sources: Record<string, () => SourceConfig> = {
    'on-demand': () => ({ url: camera.url('main-a'), main: 'on-demand', analyse: { url: camera.url('sub-a') } }),
    always: () => ({
      url: camera.url('main-b'),
      main: 'always',
      analyse: { url: camera.url('narrow-b'), aspect: '16:9' },
    }),
    away: () => ({ url: camera.url('nothing'), main: 'always', analyse: { url: camera.url('sub-c') } }),
  };

  beforeAll(async () => {
    const { events } = await replayClip({
      clip: stallDay().file,
      camera: { ...truth, source: { url: 'x', cadence: FPS }, gate: { enabled: false } } as CameraConfig,
      node: 'n',
      modelDir: join(packageRoot(), 'models', 'kerb-s'),
      log: createLog({ level: 'silent' }),
    });
    right = events[0] as ViolationEvent;
    const files = {
      sub: subStream('sub.264', '640:360'),
      narrow: subStream('narrow.264', '704:576'),
      main: mainStream(),
    };
    const open = Object.entries(files).map(([name, path]) => [name, readFile(path)] as const);
    camera = await startRtspCamera({ fps: FPS, running: true, files: Object.fromEntries(open) });
    const cameras = Object.entries(sources).map(
      ([id, source]) => ({ ...truth, id, source: { ...source(), cadence: FPS } }) as CameraConfig,
    );
    stage = await openStage(dataDir, cameras, { hosts: 1 });
    await stage.begin();
  }, 180_000);
  afterAll(async () => {
    await stage?.close();
    await camera?.close();
  });

  async function found(id: string) {
    const event = await until(
      `an event of ${id}`,
      () => stage.events().find((one) => one.camera === id) ?? null,
      90_000,
    );
    const [box, expected] = [event.objects[0]?.box, right.objects[0]?.box];
    expect(box && expected ? iou(box, expected) : 0).toBeGreaterThan(0.7);
    expect(event.zone).toBe(right.zone);
    const at = Date.parse(event.at) + (event.clock.stillsOffsetMs ?? 0);
    const ref = event.evidence.find((one) => Date.parse(one.at) === at);
    if (!ref) throw new Error(`no still of ${new Date(at).toISOString()} among ${JSON.stringify(event.evidence)}`);
    const still = await readStill(evidencePath(join(dataDir, 'evidence'), ref.sha256, ref.mime));
    expect([ref.width, ref.height]).toEqual([still.width, still.height]);
    return { event, still, at };
  }

  test.each([
    ['on-demand', 2500],
    ['always', 60],
  ])('%s: stills are the main stream’s, of the moment that they say', { timeout: 120_000 }, async (id, mostOffset) => {
    const { event, still, at } = await found(id);
    expect([still.width, still.height]).toEqual([WIDTH, HEIGHT]);
    const n = numberOf(still);
    // The camera plays its pictures again and again; a slow machine finds the stall in a later round.
    const first = camera.beganAt + (n * 1000) / FPS;
    const sentAt = first + Math.round((at - first) / ROUND_MS) * ROUND_MS;
    expect(Math.abs(at - sentAt)).toBeLessThan(200);
    expect(Math.abs(event.clock.stillsOffsetMs ?? Number.NaN)).toBeLessThanOrEqual(mostOffset);
    expectPictureAndHeads(still, n, { above: 1 - (STRIP + 16) / HEIGHT });
  });

  test('without a main stream: the sub-stream’s still, and the event goes out', { timeout: 120_000 }, async () => {
    const { event, still, at } = await found('away');
    expect([still.width, still.height]).toEqual([640, 360]);
    expect(event.clock.stillsOffsetMs).toBeUndefined();
    const n = Math.round(((at - camera.beganAt) / 1000) * FPS) % FRAMES;
    expectPictureAndHeads(still, n);
  });
});
