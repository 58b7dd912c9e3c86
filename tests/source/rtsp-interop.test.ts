/** The RTSP client against a server of the field, GStreamer's, that shares one run among viewers. */
import { afterEach, describe, expect, it } from 'vitest';
import { splitNals } from '../../test-media/cameras/annex-b.ts';
import { needs } from '../needs.ts';
import { demuxing, sumsOf } from './rtsp-stage.ts';
import { makeClip, startCamera } from './stage.ts';

describe.skipIf(!needs('ffmpeg') || !needs('rtsp'))('a server of GStreamer', () => {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
  const kinds = [
    ['h264', ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25', '-bf', '2']],
    ['hevc', ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error:keyint=25']],
  ] as const;
  for (const [codec, arguments_] of kinds) {
    it(`gives ${codec} at its pace, with a keyframe a second, to one that comes later too`, async () => {
      const clip = makeClip(`interop-${codec}.mp4`, { size: '320x180', seconds: 4, codec: [...arguments_] });
      const login = ['--user', 'al ice', '--password', 'p@ss "w/ö:rd'];
      const server = await startCamera(clip, login);
      endings.push(server.kill);
      const credentials = { user: 'al ice', password: 'p@ss "w/ö:rd' };
      for (const viewer of [1, 2]) {
        const run = demuxing(server.url, { credentials });
        if (viewer === 1) endings.push(() => run.stop().catch(() => {}));
        const keys = () => run.packets.flatMap(({ key }, i) => (key ? [i] : []));
        await run.until(() => keys().length >= 4, 'four keyframes');
        const [first = 0, second = 0] = keys();
        expect(second - first).toBe(25);
        const [a, b] = [run.packets[first]?.ptsUs ?? 0, run.packets[second]?.ptsUs ?? 0];
        expect(Math.abs(b - a - 1_000_000)).toBeLessThan(2000);
        expect(run.packets[first]?.format).toMatchObject({ codec, width: 320, height: 180 });
        expect(run.streams.at(-1)?.text).toMatch(new RegExp(`^${codec} \\(.*\\), 320x180`));
        expect(run.packets.some(({ afterLoss }) => afterLoss)).toBe(false);
        // From a keyframe on, every packet is a picture.
        const whole = run.packets.slice(first, keys().at(-1));
        expect(sumsOf(whole, codec === 'h264' ? 'h264' : 'h265').length).toBe(whole.length);
        expect(splitNals(run.packets[first]?.data as Buffer).length).toBeGreaterThan(2);
        if (viewer === 2) await run.stop();
      }
    });
  }
  it('that ends takes the stream with it', async () => {
    const clip = makeClip('interop-end.mp4', { size: '320x180', seconds: 4 });
    const server = await startCamera(clip);
    const run = demuxing(server.url);
    await run.until(() => run.packets.length > 10, 'pictures');
    await server.kill();
    await run.running.catch((error: { code: string }) => expect(error.code).toBe('EDGE_SOURCE_UNREACHABLE'));
  });
});
