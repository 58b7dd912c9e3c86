/**
 * What real cameras send, from the stream to the signed event: the thing is found where it is, and the still shows the
 * display geometry with heads coarse in the right place (ffmpegcv#25, mediaforge#129, open-nvr#354, YUView#550).
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ViolationEvent } from '../../contracts/event.ts';
import type { CameraConfig } from '../../edge/config.ts';
import { evidencePath } from '../../edge/evidence/index.ts';
import { iou } from '../../edge/geometry/box.ts';
import { replayClip, replayKey } from '../../edge/replay.ts';
import { createLog } from '../../platform/log.ts';
import { packageRoot } from '../../platform/paths.ts';
import { verifyEvent } from '../../platform/signing.ts';
import { temporaryFolder } from '../e2e/stage.ts';
import { needs } from '../needs.ts';
import { expectPictureAndHeads, readStill, type ShownStill, stallDay } from './stall-stills.ts';

const NODE = 'real-node';
const START = Date.UTC(2026, 0, 1);
const FPS = 5;
const folder = temporaryFolder('real');
afterAll(folder.remove);

/** The first 24 s of the clip, in which the stall becomes an event, told in another way. */
function told(name: string, ...output: string[]): string {
  const file = join(folder.path, name);
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-t', '24', '-i', stallDay().file, '-an', ...output, file]);
  return file;
}

type Found = {
  readonly event: ViolationEvent;
  readonly still: ShownStill;
};

/** The first event, and its still of that frame. */
async function firstEvent(file: string, source: Partial<CameraConfig['source']> = {}): Promise<Found> {
  const { id, kind, zones } = stallDay().truth.camera;
  const dataDir = join(folder.path, `data-${process.hrtime.bigint()}`);
  const { events } = await replayClip({
    clip: file,
    camera: { id, kind, source: { url: file, ...source }, zones } as CameraConfig,
    node: NODE,
    modelDir: join(packageRoot(), 'models', 'kerb-s'),
    dataDir,
    log: createLog({ level: 'silent' }),
  });
  const [event] = events;
  if (!event) throw new Error('nothing was found');
  expect(verifyEvent(event, replayKey(NODE).publicKeyPem)).toBe(true);
  const shown = event.evidence.find(({ at }) => at === event.at);
  if (!shown) throw new Error('no still of its frame');
  const still = await readStill(evidencePath(join(dataDir, 'evidence'), shown.sha256, shown.mime));
  expect([shown.width, shown.height]).toEqual([still.width, still.height]);
  return { event, still };
}

function expectClip({ event, still }: Found, coded?: string): void {
  const n = Math.round(((Date.parse(event.at) - START) / 1000) * FPS);
  expectPictureAndHeads(still, n, coded === undefined ? {} : { coded });
}

const brightness = ({ still }: Found): number => still.rgb.reduce((sum, level) => sum + level, 0) / still.rgb.length;

describe.skipIf(!needs('ffmpeg'))('a stall on the pavement', { timeout: 240_000 }, () => {
  let plain: Found;
  const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '16'];
  const mjpeg = ['-c:v', 'mjpeg', '-q:v', '2'];
  beforeAll(async () => {
    plain = await firstEvent(told('plain.mp4', '-c', 'copy'));
    expectClip(plain);
  }, 120_000);

  function expectSame(found: Found, coded?: string): void {
    expect(Math.abs(Date.parse(found.event.at) - Date.parse(plain.event.at))).toBeLessThanOrEqual(1000);
    expect(found.event.score).toBeGreaterThan(plain.event.score - 0.1);
    const [box, right] = [found.event.objects[0]?.box, plain.event.objects[0]?.box];
    expect(box && right ? iou(box, right) : 0).toBeGreaterThan(0.7);
    expectClip(found, coded);
  }

  test.each([
    ['641x361 4:2:0 JPEG', 'odd420.avi', 641, 361, [...mjpeg, '-pix_fmt', 'yuvj420p']],
    ['641x361 4:2:2 JPEG', 'odd422.avi', 641, 361, [...mjpeg, '-pix_fmt', 'yuvj422p']],
    ['641x361 4:4:4 H.264', 'odd444.mp4', 641, 361, [...x264, '-pix_fmt', 'yuv444p']],
    [
      '643x359 H.265',
      'odd.mkv',
      643,
      359,
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-pix_fmt', 'yuv444p'],
    ],
  ])('in an odd size: %s', async (_, name, width, height, output) => {
    const found = await firstEvent(told(name, '-vf', `scale=${width}:${height},setsar=1`, ...output));
    expect([found.still.width, found.still.height]).toEqual([width, height]);
    expectSame(found);
  });

  test.each([
    ['384x432', 'setsar=2/1', {}, [768, 432]],
    ['384x432', 'setsar=1', { aspect: '16:9' }, [768, 432]],
    ['704x576', 'setsar=16/11', {}, [1024, 576]],
    ['704x576', 'setsar=0', { aspect: 16 / 9 }, [1024, 576]],
    ['960x1080', 'setsar=1', { aspect: '16:9' }, [1920, 1080]],
  ] as const)('in pixels that are not square: %s, %s, %o', async (size, sar, source, shown) => {
    const filter = `scale=${size.replace('x', ':')},${sar}`;
    const name = `${size}-${sar.replace(/\W/g, '-')}.mp4`;
    const found = await firstEvent(told(name, '-vf', filter, ...x264), source);
    expect([found.still.width, found.still.height]).toEqual(shown);
    expectSame(found, size.replace('x', ':'));
  });

  test.each([90, 180, 270])('by a camera that lies turned by %i degrees', async (degrees) => {
    const turns = { 90: 'transpose=cclock', 180: 'hflip,vflip', 270: 'transpose=clock' }[degrees] as string;
    const lying = told(`lying-${degrees}.mp4`, '-vf', turns, ...x264);
    const file = join(folder.path, `turned-${degrees}.mp4`);
    // FFmpeg 5 counts the other way round here.
    const rotate = ['-metadata:s:v:0', `rotate=${degrees === 180 ? 180 : 360 - degrees}`];
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', lying, '-c', 'copy', ...rotate, file]);
    const found = await firstEvent(file);
    expect([found.still.width, found.still.height]).toEqual([768, 432]);
    expectSame(found);
  });

  test.each([
    ['10 bit, all levels', ['-vf', 'scale=out_range=pc', '-pix_fmt', 'yuv420p10le', '-color_range', 'pc']],
    ['10 bit, limited', ['-pix_fmt', 'yuv420p10le']],
    ['8 bit, all levels', ['-vf', 'scale=out_range=pc,format=yuvj420p']],
  ])('in any range is as bright as it is: %s', async (name, output) => {
    const found = await firstEvent(told(`${name.replace(/\W/g, '')}.mp4`, ...output, ...x264));
    expect(Math.abs(brightness(found) - brightness(plain))).toBeLessThan(3);
    expectSame(found);
  });
});
