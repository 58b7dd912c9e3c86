/** Packets of a camera that are lost on the way: what is drawn from what never came is not shown to anybody. */
import { afterEach, describe, expect, test } from 'vitest';
import { type CameraOptions, type RtspCamera, startRtspCamera } from '../../test-media/cameras/rtsp-camera.ts';
import { needs } from '../needs.ts';
import { makeNumberedCamera, numberOf } from './numbered.ts';
import { watch } from './stage.ts';

const FPS = 10;
const GOP = 10;
const cameras: RtspCamera[] = [];
afterEach(async () => {
  for (const camera of cameras.splice(0)) await camera.close();
});

const x264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params'];
const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params'];
const rhythm = `keyint=${GOP}:min-keyint=${GOP}:scenecut=0:bframes=0:slices=4`;

describe.skipIf(!needs('ffmpeg'))('a camera over RTSP', () => {
  const part = (n: number, packet: number) => n === 13 && packet === 1;
  const whole = (n: number) => n === 13;
  test.each<[string, string, readonly string[], CameraOptions['drop']]>([
    ['a part of a picture, H.264', 'part.264', [...x264, rhythm], part],
    ['a part of a picture, H.265', 'part.265', [...x265, `log-level=none:${rhythm}`], part],
    ['a whole picture, H.264', 'whole.264', [...x264, rhythm], whole],
    ['a whole picture, H.265', 'whole.265', [...x265, `log-level=none:${rhythm}`], whole],
  ])('that loses %s shows nothing drawn from it until the next keyframe', async (_, name, codec, drop) => {
    const { file, timeOf } = makeNumberedCamera(name, { frames: 60, rate: FPS, codec });
    const camera = await startRtspCamera({ fps: FPS, files: { '': file }, timeOf, ...(drop ? { drop } : {}) });
    cameras.push(camera);
    const seen: number[] = [];
    const run = await watch(camera.url('cam'), { config: { cadence: FPS } }, (frame) =>
      seen.push(numberOf(frame.full)),
    );
    await run.until(() => seen.some((n) => n >= 25), 'pictures of the group after the next');
    await run.stop();
    expect(seen.filter((n) => n >= 0 && n < 13)).toHaveLength(13);
    expect(seen.filter((n) => n >= 13 && n < 20)).toEqual([]);
    expect(seen.filter((n) => n >= 20 && n < 25)).toHaveLength(5);
    expect(run.source.stats()).toMatchObject({ reconnects: 0 });
  });
});
